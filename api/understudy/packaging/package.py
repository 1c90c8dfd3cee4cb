"""From a fitted estimator to an artefact, or to a refusal that says why."""

import logging
import shutil
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import OutputDescription, Task
from understudy.artefacts.signature import read_private_key, sign
from understudy.artefacts.vetting import GateResult
from understudy.errors import (
    ArgumentRefused,
    ArtefactImmutable,
    ArtefactRefused,
    ModelError,
    UnderstudyError,
)
from understudy.packaging.costs import measure_costs
from understudy.packaging.engine_choice import choose_engine, gather_evidence
from understudy.packaging.files import Label, Vetted, write_files
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.limits import Limits, read_limits
from understudy.packaging.gates.live_version import LiveVersion, NotComparable, meet_live
from understudy.packaging.gates.rows import refuse_rows
from understudy.packaging.gates.run import Overrides, ask_gates, check_overrides
from understudy.packaging.given import Given, Refusals, check_title, examine
from understudy.packaging.provenance import calling_code, who
from understudy.packaging.quiz import Quiz, make_quiz
from understudy.packaging.schema_overrides import SchemaOverrides
from understudy.packaging.times import check_times
from understudy.serving.engines import load_engine
from understudy.serving.engines.quiz import check_quiz
from understudy.serving.engines.scores import Scores

logger = logging.getLogger(__name__)

# Rows on which costs are measured.
COST_ROWS = 1000

Progress = Callable[[str], None]


def package_model(  # noqa: PLR0913 - the whole interface for a data scientist is this one call
    estimator: Any,
    *,
    name: str,
    version: str,
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
    out: Path | str,
    task: Task | None = None,
    carried: pd.DataFrame | Sequence[str] | None = None,
    time_column: str | None = None,
    unit: str = "",
    target: str | None = None,
    positive: str | None = None,
    seed: int | None = None,
    quiz: Quiz | None = None,
    description: str = "",
    intended_use: str = "",
    limitations: str = "",
    schema_overrides: SchemaOverrides | str | Path | None = None,
    live: Artefact | Path | str | None = None,
    gates: Limits | Mapping[str, object] | Path | str | None = None,
    overrides: Overrides | None = None,
    key: Path | str | None = None,
    code: Path | str | None = None,
    progress: Progress | None = None,
) -> Artefact:
    """
    Package a fitted estimator as `out/NAME-VERSION`, once every gate lets it pass.

    X_train and X_test are frames or arrays; the features are what the estimator was fitted with,
    `carried` names further known columns. `schema_overrides` maps a field to what a person knows
    better (see `Field`), or is a YAML file of that form. `quiz` holds instances with
    `__expected__` and, for numbers, `__tolerance__`. `live` is the artefact of the version that
    serves now, or its folder: the new one must not be worse. `gates` sets limits (a mapping or
    `gates.yaml`), and `overrides` maps a gate that may refuse to the reason why it is overruled.
    `key` is a private key to sign with. `code` is the file or folder of the training code, whose
    revision is recorded; the caller's file unless said. `progress` hears what is being done;
    without it a warning of a gate is logged. Packaging the same training again gives the same
    digest.

    Raises ArtefactRefused with every reason found, GatesInvalid for limits or overrides that
    cannot be, and ArtefactImmutable if `out` already holds another model under this name and
    version.
    """
    check_title(name, version)
    limits, overrides = read_limits(gates), overrides or {}
    check_overrides(overrides)
    if key is not None:
        read_private_key(key)
    refusals = Refusals(name, version)
    output = OutputDescription(target or getattr(y_train, "name", None) or "target", unit)
    given = examine(
        estimator,
        refusals,
        {
            "X_train": X_train,
            "y_train": y_train,
            "X_test": X_test,
            "y_test": y_test,
            "time_column": time_column,
        },
        carried,
        schema_overrides,
        replace(output, positive=positive),
        task,
    )
    check_times(given, time_column, refusals)
    code = calling_code() if code is None else Path(code)
    label = Label(name, version, description, intended_use, limitations, seed, time_column, code)
    trial = Trial(given, label, quiz, _opened(live), limits, overrides, progress or _silent)
    # Over several threads sums end in another last digit now and then.
    with (
        threadpool_limits(limits=1),
        tempfile.TemporaryDirectory(prefix="understudy-package-") as scratch,
    ):
        trial.write(Path(scratch), refusals)
        return _settle(Path(scratch), Path(out) / f"{name}-{version}", key)


@dataclass(frozen=True)
class Trial:
    """A model with all that is asked of it."""

    given: Given
    label: Label
    quiz: Quiz | None
    live: Artefact | None
    limits: Limits
    overrides: Overrides
    progress: Progress = field(repr=False)

    def write(self, folder: Path, refusals: Refusals) -> None:
        """Write all files of an artefact into an empty folder, or refuse."""
        given = self.given
        self.progress("holding the rows against the schema")
        refuse_rows(given, refusals)
        refusals.stop_if_any()
        self.progress("scoring the training and test rows")
        train_scores = _scores(given, "training", given.train, refusals)
        test_scores = _scores(given, "test", given.test, refusals)
        refusals.stop_if_any()
        self.progress("generating edge cases")
        evidence = gather_evidence(given, train_scores, test_scores)
        self.progress("proving an engine equal to the fitted model")
        choice = choose_engine(given, evidence, folder, refusals)
        self.progress(choice.sentence)
        questions = make_quiz(given, choice.engine, self.quiz, refusals)
        malformed = len(refusals.reasons)
        self.progress("measuring the cost of a row")
        rows = instances_of(given.test.head(COST_ROWS), given.model.fields)
        live, problem = _met(self.live, given)
        case = Case(
            given=given,
            train_scores=train_scores,
            test_scores=test_scores,
            engine=choice.engine,
            evidence=evidence,
            questions=questions,
            live=live,
            limits=self.limits,
            time_column=self.label.time_column,
            today=datetime.now(UTC).date(),
            costs=measure_costs(choice.engine, rows),
            seed=self.label.seed or 0,
            live_problem=problem,
        )
        vetting = ask_gates(case, self.overrides, who(), refusals, self.progress)
        refusals.gates = vetting.results
        is_questions_alone = len(refusals.reasons) == malformed
        refusals.stop_if_any(ArgumentRefused if is_questions_alone else ArtefactRefused)
        if self.progress is _silent:
            _tell_warnings(self.label, vetting.results)
        self.progress("writing the artefact")
        write_files(folder, Vetted(case, choice, vetting, self.label))
        _read_back(folder, refusals)
        refusals.stop_if_any()


def _read_back(folder: Path, refusals: Refusals) -> None:
    """Open, load and quiz what was written as a service will: it must be what was proven."""
    try:
        artefact = open_artefact(folder)
        check_quiz(load_engine(artefact), artefact)
    except UnderstudyError as error:
        refusals.add_if(True, f"digest: what was written is not what was proven: {error}")


def _tell_warnings(label: Label, results: Sequence[GateResult]) -> None:
    """Log what the gates warn of: nobody else tells it to the caller of a function."""
    for result in results:
        if result.status == "warned":
            title = f"{label.name}:{label.version}"
            logger.warning("%s: the gate %s warns: %s", title, result.gate, result.summary)


def _silent(_: str) -> None:
    """Tell nobody."""


def _opened(live: Artefact | Path | str | None) -> Artefact | None:
    return open_artefact(Path(live)) if isinstance(live, Path | str) else live


def _met(live: Artefact | None, given: Given) -> tuple[LiveVersion | None, str | None]:
    """Return the live version with its answers, or why it has none, which the gate judges."""
    try:
        return None if live is None else meet_live(live, given), None
    except NotComparable as error:
        return None, str(error)


def _scores(given: Given, title: str, frame: pd.DataFrame, refusals: Refusals) -> Scores:
    """Score a frame with the fitted estimator, noting what makes it unfit to be served."""
    try:
        scores = given.model.score_frame(frame)
    except ModelError as error:
        refusals.add_if(True, f"stable: on the {title} rows: {error}")
        return Scores(values=np.empty(0))
    invalid = int((~scores.is_valid()).sum())
    refusals.add_if(
        invalid > 0,
        f"stable: {invalid} of {len(frame)} outputs for the {title} rows are not finite",
    )
    return scores


def _settle(made: Path, folder: Path, key: Path | str | None) -> Artefact:
    """Sign a finished artefact and move it to its place in one step; the same again is fine."""
    artefact = open_artefact(made)
    if folder.exists():
        there = open_artefact(folder)
        if there.digest != artefact.digest:
            raise ArtefactImmutable(
                f"{folder} already holds {there.digest[:12]}…, and this is {artefact.digest[:12]}…."
                " Give the new model a new version, or remove the old folder."
            )
        _sign(folder, key)
        return there
    _sign(made, key)
    folder.parent.mkdir(parents=True, exist_ok=True)
    arriving = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    try:
        arriving.mkdir()
        for file in made.iterdir():
            shutil.copyfile(file, arriving / file.name)
        arriving.rename(folder)
    except OSError:
        if not folder.exists():
            raise
        # Another packaging was faster.
        return _settle(made, folder, key)
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
    return open_artefact(folder)


def _sign(folder: Path, key: Path | str | None) -> None:
    if key is not None:
        sign(folder, key)
