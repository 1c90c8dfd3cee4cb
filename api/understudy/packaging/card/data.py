"""Which rows the model learnt from, and which it was measured on."""

from understudy.artefacts.manifest import Manifest
from understudy.packaging.card.facts import Facts
from understudy.packaging.reference import SAMPLE_ROWS
from understudy.presentation.markdown import bullets, code, plain
from understudy.presentation.numbers import count


def data(manifest: Manifest, facts: Facts) -> str:
    """Return the section on training and held-out rows."""
    training = manifest.training
    lines = [f"**Training**: {count(training.rows)} rows, digest {code(training.digest[:12])}."]
    if training.time_column is not None:
        lines[0] += (
            f" {code(training.time_column)} runs from {plain(str(training.start))}"
            f" to {plain(str(training.end))}."
        )
    else:
        lines[0] += " Nobody has named a column that says when they are from."
    if manifest.seed is not None:
        lines[0] += f" The seed was {manifest.seed}."
    lines.append(f"**Held out** for the figures below: {count(facts.test_rows)} rows.")
    sampled = [count(min(rows, SAMPLE_ROWS)) for rows in (training.rows, facts.test_rows)]
    lines.append(
        f"**Reference** in {code('reference.parquet')}: {sampled[0]} training rows, with which"
        f" live inputs are compared, and {sampled[1]} held-out rows with the model's own answers."
    )
    return f"## Data\n\n{bullets(lines)}"
