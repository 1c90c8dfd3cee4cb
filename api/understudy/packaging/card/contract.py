"""What the model takes, and where it should not be trusted."""

from understudy.artefacts.manifest import FeatureSummary, Manifest
from understudy.artefacts.schema import Field
from understudy.presentation.markdown import bullets, code, plain, table
from understudy.presentation.numbers import NONE, count, number, percent

MOST_LEVELS = 8
MOST_NAMES = 12
# A level may be a whole text.
LONGEST_LEVEL = 40

_DOUBTS = {
    "warned": "Warned by the gate",
    "waived": "Refused by the gate, and overruled,",
    "skipped": "Not examined by the gate",
}


def limits(manifest: Manifest) -> str:
    """Return what is refused, what is served without proof, and what the gates doubt."""
    lines = [_refused(manifest), _unseen(), *_answers(manifest), *_time(manifest)]
    lines += [
        f"{_DOUBTS[result.status]} {code(result.gate)}: {plain(result.summary)}."
        for result in manifest.gates
        if result.status in _DOUBTS
    ]
    return f"## Limits\n\n{bullets(lines)}"


def features(manifest: Manifest) -> str:
    """Return the table of what the model looks at, and the names of what it lets pass."""
    rows = [_row(field, manifest.features[field.name]) for field in manifest.input_schema.features]
    head = ["feature", "type", "required", "null", "missing in training", "seen in training",
            "beyond that"]  # fmt: skip
    carried = [field.name for field in manifest.input_schema.carried]
    tail = f"\n\nAccepted and not looked at: {_names(carried)}." if carried else ""
    return f"## Features\n\n{table(head, rows, (4,))}{tail}"


def _refused(manifest: Manifest) -> str:
    required = [field.name for field in manifest.input_schema.fields if field.required]
    lacks = f" that lacks {_names(required)}," if required else ""
    return (
        f"Refused before the model sees it: an instance{lacks} with a value of another type, with"
        " null where the table of features does not allow it, or with a name that is unknown here."
    )


def _unseen() -> str:
    return (
        "A number outside the range of training and a level that training never saw are answered"
        f" and counted, unless the table of features says refused or the service runs with"
        f" {code('UNDERSTUDY_EXPECTATIONS=refuse')}. No figure of this card speaks for such"
        " answers."
    )


def _answers(manifest: Manifest) -> list[str]:
    output = manifest.output
    if output.minimum is None or output.maximum is None:
        return []
    what = "answers" if output.classes is None else "probabilities"
    ends = f"{number(output.minimum)} to {number(output.maximum, plain(output.unit))}"
    return [f"The {what} to held-out rows ran from {ends}."]


def _time(manifest: Manifest) -> list[str]:
    if manifest.training.time_column is None:
        return []
    return [f"Nothing after {plain(str(manifest.training.end))} was known in training."]


def _row(field: Field, summary: FeatureSummary) -> list[str]:
    unit = f" ({plain(field.unit)})" if field.unit.strip() else ""
    about = f": {plain(field.description)}" if field.description.strip() else ""
    return [
        f"{code(field.name)}{unit}{about}",
        field.type,
        "yes" if field.required else "no",
        "allowed" if field.nullable else "refused",
        percent(summary.missing_share),
        _seen(field, summary),
        "refused" if field.outside == "refuse" else "served",
    ]


def _seen(field: Field, summary: FeatureSummary) -> str:
    if summary.minimum is not None and summary.maximum is not None:
        return f"{summary.minimum:g} to {summary.maximum:g}"
    # Texts that people wrote are no levels: a card goes to many readers and quotes none of them.
    is_free_text = field.type == "string" and field.categories is None
    if summary.levels is None or is_free_text:
        return f"{count(summary.distinct)} different" if summary.distinct else NONE
    ordered = sorted(summary.levels.items(), key=lambda item: (-item[1], item[0]))
    seen = ", ".join(
        f"{code(_shortened(name))} ({count(rows)})" for name, rows in ordered[:MOST_LEVELS]
    )
    more = len(ordered) - MOST_LEVELS
    return f"{seen}, {count(more)} more" if more > 0 else seen


def _shortened(level: str) -> str:
    return level if len(level) <= LONGEST_LEVEL else f"{level[: LONGEST_LEVEL - 1]}…"


def _names(names: list[str]) -> str:
    listed = ", ".join(code(name) for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{listed} and {count(more)} more" if more > 0 else listed
