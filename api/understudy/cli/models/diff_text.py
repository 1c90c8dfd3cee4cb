"""The contrast of two versions in words and tables, for a terminal."""

from collections.abc import Sequence

import click

from understudy.artefacts.manifest import Metric
from understudy.artefacts.vetting import GateResult, Waiver
from understudy.cli.models.answers_text import print_answers
from understudy.cli.models.columns import print_columns, say
from understudy.packaging.contrast import Contrast
from understudy.packaging.contrast.schemas import SchemaContrast
from understudy.packaging.contrast.training import Shift
from understudy.packaging.contrast.vetting import GatePair, MetricPair
from understudy.presentation.numbers import NONE, Written, count, number, percent, short

MOST_FIELDS = 15
# A level may be a whole text.
LONGEST_LEVEL = 24


def print_contrast(found: Contrast) -> None:
    """Print a contrast section by section; one line suffices for one and the same artefact."""
    if found.is_identical:
        titles = " and ".join(found.titles)
        click.echo(f"{titles} are the same artefact, digest {found.digests[0]}.")
        return
    facts = [("digest", *(digest[:12] for digest in found.digests))]
    facts += [(pair.name, pair.before or NONE, pair.after or NONE) for pair in found.facts]
    print_columns(("", *found.labels), facts)
    _schema(found.schema)
    _training(found)
    _features(found.features)
    _metrics(found)
    _gates(found)
    _libraries(found)
    print_answers(found)


def title(text: str) -> None:
    """Print the title of a section."""
    click.echo(f"\n{text.upper()}")


def _schema(schema: SchemaContrast) -> None:
    title("schema")
    if not (schema.added or schema.removed or schema.changed):
        click.echo("The same fields, of the same types, under the same rules.")
    for what, names in (("added", schema.added), ("removed", schema.removed)):
        if names:
            say(f"{what}: {', '.join(names)}")
    if schema.changed:
        print_columns(("field", "what", "before", "after"), _changes(schema))
    for reason in schema.breaking:
        say(f"breaking: {reason}")
    if not schema.breaking:
        click.echo("Every instance that the first accepts is accepted by the second.")


def _changes(schema: SchemaContrast) -> list[tuple[str, str, str, str]]:
    """Return the changes of fields, and what changed alike in several of them as one."""
    fields: dict[tuple[str, str, str], list[str]] = {}
    for one in schema.changed:
        change = one.aspect, _said(one.before), _said(one.after)
        fields.setdefault(change, []).append(one.field)
    return [(", ".join(names), *change) for change, names in fields.items()]


def _training(found: Contrast) -> None:
    title("training data")
    training = found.training
    sides = training.first, training.second
    rows = [
        ("rows", *(count(side.rows) for side in sides)),
        ("digest", *(side.digest[:12] for side in sides)),
        ("from", *(side.start or NONE for side in sides)),
        ("to", *(side.end or NONE for side in sides)),
    ]
    told = [row for row in rows if set(row[1:]) != {NONE}]
    print_columns(("", *found.labels), told)
    if training.problem is not None:
        say(f"The rows cannot be compared: {training.problem}.")
        return
    say(
        f"{count(training.common)} different rows were in the training of both:"
        f" {percent(training.share_of_first)} of those of {found.labels[0]},"
        f" {percent(training.share_of_second)} of those of {found.labels[1]}."
    )


def _features(shifts: Sequence[Shift]) -> None:
    title("distributions in training, the largest shifts first")
    if not shifts:
        click.echo("No common field is distributed otherwise.")
        return
    rows = [
        (shift.field, _arrow(shift.missing, percent), _arrow(shift.minimum, _short),
         _arrow(shift.mean, _short), _arrow(shift.maximum, _short), _levels(shift))
        for shift in shifts[:MOST_FIELDS]
    ]  # fmt: skip
    print_columns(("field", "missing", "minimum", "mean", "maximum", "levels"), rows)
    if len(shifts) > MOST_FIELDS:
        click.echo(f"{len(shifts) - MOST_FIELDS} more moved less (--json tells all).")


def _metrics(found: Contrast) -> None:
    same = "the same" if found.same_held_out else "not the same"
    title(f"metrics, each on its own held-out rows, which are {same} in both")
    rows = [(p.name, _metric(p.before), _metric(p.after), _change(p)) for p in found.metrics]
    print_columns(("metric", *found.labels, "change"), rows, right=(3,))


def _gates(found: Contrast) -> None:
    title("gates")
    changed = [pair for pair in found.gates if pair.is_changed]
    if changed:
        rows = [(p.gate, _gate(p, 0), _gate(p, 1)) for p in changed]
        print_columns(("gate", *found.labels), rows)
    alike = [f"{p.gate} {p.before.status}" for p in found.gates if p.before and not p.is_changed]
    if alike:
        say(f"The same in both: {', '.join(alike)}.")


def _libraries(found: Contrast) -> None:
    title("libraries")
    if not found.libraries:
        click.echo("The same releases.")
        return
    rows = [(pair.name, pair.before or NONE, pair.after or NONE) for pair in found.libraries]
    print_columns(("library", *found.labels), rows)


def _metric(metric: Metric | None) -> str:
    if metric is None:
        return NONE
    return f"{number(metric.value)} ({number(metric.low)} to {number(metric.high)})"


def _change(pair: MetricPair) -> str:
    if pair.before is None or pair.after is None:
        return NONE
    return number(pair.after.value - pair.before.value, signed=True)


def _gate(pair: GatePair, side: int) -> str:
    result: GateResult | None = (pair.before, pair.after)[side]
    waiver: Waiver | None = pair.waivers[side]
    if result is None:
        return "not asked"
    by = f" [waived by {waiver.by}: {waiver.reason}]" if waiver else ""
    return f"{result.status}: {result.summary}{by}"


def _levels(shift: Shift) -> str:
    return ", ".join(
        f"{_shortened(one.level)} {percent(one.before)} → {percent(one.after)}"
        for one in shift.levels
    )


def _shortened(level: str) -> str:
    return level if len(level) <= LONGEST_LEVEL else f"{level[: LONGEST_LEVEL - 1]}…"


def _arrow(pair: tuple[float | None, float | None], write: Written) -> str:
    before, after = (write(value) for value in pair)
    return before if before == after else f"{before} → {after}"


def _short(value: float | None) -> str:
    return NONE if value is None else short(value)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return NONE if value is None or value == "" else str(value)
