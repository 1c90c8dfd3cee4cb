"""From a fitted estimator to an artefact, or to a refusal that says why."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.artefact import (
    CARD_FILE,
    PROVENANCE_FILE,
    QUIZ_FILE,
    QUIZ_TABLE_FILE,
    REFERENCE_FILE,
    Artefact,
    open_artefact,
)
from understudy.artefacts.canonical import canonical_json, file_sha256
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import Manifest, Metric, OutputDescription, Task, write_manifest
from understudy.errors import ArtefactImmutable, ModelError
from understudy.packaging.card import write_card
from understudy.packaging.costs import measure_costs
from understudy.packaging.engine_choice import Choice, choose_engine, gather_evidence
from understudy.packaging.given import Given, Refusals, check_title, examine
from understudy.packaging.inference import Overrides
from understudy.packaging.metrics import classification_metrics, regression_metrics
from understudy.packaging.provenance import library_versions, provenance
from understudy.packaging.quiz import Quiz, make_quiz
from understudy.packaging.reference import prediction_columns, write_quiz, write_reference
from understudy.packaging.summary import QUANTILES, describe_training, summarise
from understudy.serving.engines.fitted import label_text
from understudy.serving.engines.scores import Scores


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
    schema_overrides: Overrides | str | Path | None = None,
) -> Artefact:
    """
    Package a fitted estimator as `out/NAME-VERSION`.

    X_train and X_test are frames or arrays; the features are what the estimator was fitted with,
    `carried` names further known columns. `schema_overrides` maps a field to what a person knows
    better (see `Field`), or is a YAML file of that form. `quiz` holds instances with
    `__expected__` and, for numbers, `__tolerance__`. Packaging the same training again gives the
    same digest.

    Raises ArtefactRefused with every reason found, and ArtefactImmutable if `out` already holds
    another model under this name and version.
    """
    check_title(name, version)
    refusals = Refusals(name, version)
    output = OutputDescription(target or getattr(y_train, "name", None) or "target", unit)
    given = examine(
        estimator,
        refusals,
        {"X_train": X_train, "y_train": y_train, "X_test": X_test, "y_test": y_test},
        carried,
        schema_overrides,
        replace(output, positive=positive),
        task,
    )
    times = [field.name for field in given.schema.fields]
    refusals.add_if(time_column not in [None, *times], f"there is no time column {time_column!r}")
    refusals.stop_if_any()
    label = Label(name, version, description, seed, time_column)
    with tempfile.TemporaryDirectory(prefix="understudy-package-") as scratch:
        _write(given, label, quiz, Path(scratch), refusals)
        return _settle(Path(scratch), Path(out) / f"{name}-{version}")


@dataclass(frozen=True)
class Label:
    """What a person says about a model version."""

    name: str
    version: str
    description: str
    seed: int | None
    time_column: str | None


def _write(given: Given, label: Label, quiz: Quiz | None, folder: Path, refusals: Refusals) -> None:
    """Write all files of an artefact into an empty folder, or refuse."""
    train_scores = _scores(given, "training", given.train, refusals)
    test_scores = _scores(given, "test", given.test, refusals)
    refusals.stop_if_any()
    evidence = gather_evidence(given, train_scores, refusals)
    refusals.stop_if_any()
    choice = choose_engine(given, evidence, folder, refusals)
    items = make_quiz(given, choice.engine, quiz, refusals)
    refusals.stop_if_any()
    write_quiz(folder, items, given.schema.fields)
    held_out = (given.test, given.test_target, test_scores)
    output = _with_quantiles(given.model.output, test_scores)
    seed = label.seed or 0
    write_reference(folder, (given.train, given.train_target), held_out, output, seed)
    manifest = _manifest(given, label, choice, output, _metrics(given, test_scores, seed))
    (folder / CARD_FILE).write_text(write_card(manifest, tuple(items)), encoding="utf-8")
    names = [*choice.files, QUIZ_FILE, QUIZ_TABLE_FILE, REFERENCE_FILE, CARD_FILE]
    files = {file: file_sha256(folder / file) for file in names}
    write_manifest(replace(manifest, files=files), folder)
    costs = measure_costs(choice.engine, instances_of(given.test.head(1000), given.model.fields))
    (folder / PROVENANCE_FILE).write_bytes(canonical_json(provenance(costs)))


def _scores(given: Given, title: str, frame: pd.DataFrame, refusals: Refusals) -> Scores:
    """Score a frame with the fitted estimator, noting what makes it unfit to be served."""
    try:
        scores = given.model.score_frame(frame)
    except ModelError as error:
        refusals.add_if(True, f"on the {title} rows: {error}")
        return Scores(values=np.empty(0))
    invalid = int((~scores.is_valid()).sum())
    refusals.add_if(
        invalid > 0, f"{invalid} of {len(frame)} outputs for the {title} rows are not finite"
    )
    return scores


def _metrics(given: Given, scores: Scores, seed: int) -> dict[str, Metric]:
    if scores.values is not None:
        truth = given.test_target.astype(np.float64)
        return regression_metrics(truth, scores.values, seed)
    classes = given.model.output.classes or ()
    positive = given.model.output.positive
    labels: NDArray[np.int64] = scores.labels  # type: ignore[assignment]
    return classification_metrics(
        _class_numbers(given.test_target, classes),
        labels,
        scores.probabilities,
        None if positive is None else classes.index(positive),
        seed,
    )


def _class_numbers(target: NDArray[Any], classes: Sequence[str]) -> NDArray[np.int64]:
    numbers: Mapping[str, int] = {name: number for number, name in enumerate(classes)}
    return np.array([numbers.get(label_text(label), -1) for label in target], dtype=np.int64)


def _with_quantiles(output: OutputDescription, scores: Scores) -> OutputDescription:
    values = prediction_columns(scores, output).get("__prediction__")
    if values is None:
        return output
    quantiles = tuple(np.quantile(values, QUANTILES).tolist())
    return replace(output, minimum=quantiles[0], maximum=quantiles[-1], quantiles=quantiles)


def _manifest(
    given: Given,
    label: Label,
    choice: Choice,
    output: OutputDescription,
    metrics: dict[str, Metric],
) -> Manifest:
    fields = given.schema.fields
    return Manifest(
        name=label.name,
        version=label.version,
        task=given.task,
        engine=choice.name,
        engine_reasons=choice.reasons,
        input_schema=given.schema,
        input_form=given.model.form,
        output=output,
        training=describe_training(given.train, given.train_target, fields, label.time_column),
        features=summarise(given.train, fields),
        metrics=metrics,
        libraries=library_versions(),
        files={},
        description=label.description,
        seed=label.seed,
        distributions=choice.distributions,
    )


def _settle(made: Path, folder: Path) -> Artefact:
    """Move a finished artefact to its place in one step; the same again is fine."""
    artefact = open_artefact(made)
    if folder.exists():
        there = open_artefact(folder)
        if there.digest != artefact.digest:
            raise ArtefactImmutable(
                f"{folder} already holds {there.digest[:12]}…, and this is {artefact.digest[:12]}…."
                " Give the new model a new version, or remove the old folder."
            )
        return there
    folder.parent.mkdir(parents=True, exist_ok=True)
    arriving = folder.with_name(f".{folder.name}.{artefact.digest[:12]}")
    shutil.rmtree(arriving, ignore_errors=True)
    shutil.copytree(made, arriving)
    arriving.rename(folder)
    return open_artefact(folder)
