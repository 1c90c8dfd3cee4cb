"""
Packages every example by `understudy models package` and writes the table of docs/packaging.md.

Run it by `make examples`. Costs are measured on the machine that runs it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.frames import instances_of
from understudy.cli.models.training_code import run_training
from understudy.packaging.edge_cases import extreme_edges, plain_edges
from understudy.packaging.given import as_frame
from understudy.packaging.proof import score_each, unequal_rows
from understudy.serving.engines import load_engine
from understudy.serving.engines.fitted import FittedModel
from understudy.serving.engines.scores import Scores

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "packaging.md"
UNDERSTUDY = Path(sys.executable).parent / "understudy"
EDGE_ROWS = 60
EXAMPLES_HEAD = (
    "example", "model", "engine", "why not a faster one", "equal within",
    "CPU ms per row at 1 / 32 / 1000", "size", "gates",
)  # fmt: skip
REFUSALS_HEAD = ("example", "model", "refused because")


@dataclass(frozen=True)
class Example:
    """A file with a function `train`, in words, and what else the command is given."""

    file: str
    about: str
    options: tuple[str, ...] = ()
    is_refused: bool = False


EXAMPLES = (
    Example("ames_linear", "Ames: one-hot levels, ridge on the log price"),
    Example("ames_boosting", "Ames: histogram boosting on the log price"),
    Example("diabetes", "scaled ridge", ("--schema", "schema.yaml")),
    Example("breast_cancer", "scaled logistic regression"),
    Example("wine", "forest of 60 trees"),
    Example("digits", "NumPy array of 64 pixels, logistic regression"),
    Example("text", "TF-IDF, sparse, logistic regression"),
    Example("custom_transformer", "a transformer of an installed distribution"),
    Example("no_probabilities", "linear support vectors: labels only"),
    Example("xgboost_regression", "XGBoost, 60 trees"),
    Example("lightgbm_binary", "LightGBM, 60 trees"),
    Example("onnx_file", "an ONNX file"),
    Example("lambda_transformer", "a lambda in a FunctionTransformer", is_refused=True),
)
# What `against` names is packaged before.
REFUSED = (
    Example("refused/worse", "worse than the live version", ("--against", "{out}/diabetes-1.0.0")),
    Example("refused/leaking", "test rows that were trained on"),
    Example("refused/unstable", "overflows far outside the range of training"),
    Example("refused/slow", "a row costs more than its budget"),
)


def main() -> int:
    """Package all examples, write the tables and say so."""
    with tempfile.TemporaryDirectory(prefix="understudy-examples-") as scratch:
        out = Path(scratch)
        examples = [examples_row(example, package(example, out)) for example in EXAMPLES]
        refusals = [refusals_row(example, package(example, out)) for example in REFUSED]
    write_between("examples", EXAMPLES_HEAD, examples)
    write_between("refusals", REFUSALS_HEAD, refusals)
    click.echo(
        f"{len(examples) + len(refusals)} examples tried; the tables are in docs/{PAGE.name}."
    )
    return 0


def package(example: Example, out: Path) -> dict[str, Any]:
    """Run the command on one example and return the document that it prints."""
    options = [option.format(out=out) for option in example.options]
    source = f"{example.file}.py:train"
    shown = [option.format(out="packaged") for option in example.options]
    click.echo(" ".join(["understudy models package", f"examples/{source}", *shown]))
    command = [UNDERSTUDY, "models", "package", source, "--out", out, "--json", *options]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise SystemExit(f"{example.file} ended with status {done.returncode}:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def examples_row(example: Example, told: dict[str, Any]) -> list[str]:
    """Return the cells of an example in the table of examples."""
    link, about = f"[{example.file}](../examples/{example.file}.py)", in_words(example)
    if not told["packaged"] and not example.is_refused:
        raise SystemExit(f"{example.file} should be packaged, but: {told['reasons']}")
    if not told["packaged"]:
        # The last engine that was tried says what would help.
        return [link, about, "**refused**", told["reasons"][-1]["summary"], *[""] * 4]
    costs = told["cpu_ms_per_row"]
    return [
        link,
        f"{told['task']}: {about}",
        told["engine"],
        "; ".join(f"{name}: {reason}" for name, reason in told["engine_reasons"].items()),
        equality(example, open_artefact(told["folder"])),
        " / ".join(f"{costs[rows]:.2g}" for rows in ("1", "32", "1000")),
        f"{told['bytes'] / 1000:.0f} kB",
        gates_in_short(told["gates"]),
    ]


def refusals_row(example: Example, told: dict[str, Any]) -> list[str]:
    """Return the cells of an example in the table of refusals."""
    if told["packaged"]:
        raise SystemExit(f"{example.file} should be refused, but it was packaged.")
    reasons = [f"**{reason['gate']}**: {reason['summary']}" for reason in told["reasons"]]
    link = f"[{example.file}](../examples/{example.file}.py)"
    return [link, in_words(example), "; ".join(reasons)]


def in_words(example: Example) -> str:
    """Say what an example is, and the options that it was given."""
    options = " ".join(option.format(out="packaged") for option in example.options)
    return f"{example.about} (`{options}`)" if options else example.about


def gates_in_short(gates: list[dict[str, Any]]) -> str:
    """Say how many gates found what, and which of them did not pass."""
    by_status: dict[str, list[str]] = {}
    for gate in gates:
        by_status.setdefault(gate["status"], []).append(gate["gate"])
    parts = [f"{len(by_status.pop('passed', []))} passed"]
    skipped = by_status.pop("skipped", [])
    parts += [f"{status}: {', '.join(names)}" for status, names in by_status.items()]
    return "; ".join([*parts, f"{len(skipped)} skipped"] if skipped else parts)


def equality(example: Example, artefact: Artefact) -> str:
    """
    Return the largest relative difference between the engine and the fitted estimator.

    Both are asked about the training rows and about generated edge cases, as packaging does.
    """
    given: Any = run_training(f"{HERE / example.file}.py:train")
    manifest = artefact.manifest
    if isinstance(given["estimator"], bytes):
        return "is the model itself"
    features = manifest.input_schema.features
    fitted = FittedModel(given["estimator"], features, manifest.input_form, manifest.output)
    rows = instances_of(as_frame(given["X_train"]), features)
    edges = [edge for _, edge in plain_edges(rows[:EDGE_ROWS], features)]
    instances = [*rows, *edges, *extreme_edges(rows[:EDGE_ROWS], features, seed=0)]
    engine = load_engine(artefact)
    truth, found = score_each(fitted.score, instances), score_each(engine.score, instances)
    if unequal_rows(truth, found).any():
        raise SystemExit(f"{example.file}: the engine differs from the model that was packaged.")
    if truth.values is None and truth.probabilities is None:
        return f"{len(instances):,} identical labels"
    gap = largest_gap(truth, found)
    return f"{gap:.0e}" if gap else "identical"


def largest_gap(truth: Scores, found: Scores) -> float:
    """Return the largest relative difference of two scores; below 1e-12 of the scale it is none."""
    valid = truth.is_valid()
    numbers = [
        (expected[valid], answered[valid])
        for expected, answered in (
            (truth.values, found.values),
            (truth.probabilities, found.probabilities),
        )
        if expected is not None and answered is not None
    ]
    return max(
        float((np.abs(b - a) / np.maximum(np.abs(a), 1e-12 * np.abs(a).max())).max())
        for a, b in numbers
    )


def write_between(name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Replace what stands between the two markers of a table in the documentation."""
    cells = [head, ["---"] * len(head), *rows]
    table = "\n".join(f"| {' | '.join(in_a_cell(cell) for cell in row)} |" for row in cells)
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(start)
    _, _, after = rest.partition(end)
    text = f"{before}{start}\n{table}\n{end}{after}"
    PAGE.write_text(text, encoding="utf-8")


def in_a_cell(text: str) -> str:
    """Return a text that does not break out of a cell of Markdown."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
