"""A verdict in lines for a terminal, and in JSON."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from differential_tests.differences import Difference
from differential_tests.pointers import Leaf
from differential_tests.verdict import Verdict

MOST_ROWS = 30
ROWS_PER_KIND = 6
WIDEST_FIELD = 60
WIDEST_VALUE = 32
HEADER = ("payload", "model", "instance", "field", "baseline", "candidate", "relative")

_PREDICTION = re.compile(r"/body/predictions/(\d+)(?:/(.*))?")


def describe(verdict: Verdict) -> Iterator[str]:
    """Yield the lines of the report, the verdict last."""
    if verdict.no_baseline is None:
        yield f"{verdict.baseline}  against  {verdict.candidate}"
    else:
        yield f"NO BASELINE: {verdict.no_baseline}. The candidate was compared with itself."
    yield (
        f"{verdict.answers} answers, {verdict.comparison.compared:,} outputs compared,"
        f" {verdict.comparison.ignored:,} ignored by rule"
    )
    yield from _noise(verdict)
    yield from _declarations(verdict)
    if verdict.unexplained:
        yield ""
        yield from table(verdict.unexplained)
    yield ""
    yield _conclusion(verdict)


def table(differences: Sequence[Difference]) -> Iterator[str]:
    """Yield the largest differences as a table, and how many there are of each kind."""
    rows = [_row(difference) for difference in _chosen(differences)]
    widths = [max(map(len, column)) for column in zip(HEADER, *rows, strict=True)]
    for row in (HEADER, tuple("-" * width for width in widths), *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
    if len(differences) > MOST_ROWS:
        yield f"… and {len(differences) - MOST_ROWS:,} more (--json has all)"
    yield ""
    yield "Differences by file of payloads, model and output:"
    for kind, count in Counter(map(_kind, differences)).most_common():
        yield f"  {count:6,}  {kind}"


def to_json(verdict: Verdict) -> dict[str, Any]:
    """Return everything that was found."""
    return {
        "baseline": None if verdict.no_baseline is not None else verdict.baseline,
        "candidate": verdict.candidate,
        "no_baseline": verdict.no_baseline,
        "equal": verdict.is_equal,
        "answers": verdict.answers,
        "compared": verdict.comparison.compared,
        "ignored": verdict.comparison.ignored,
        "noise_floor": [
            {"rule": noise.rule.title, "limit": noise.rule.limit, "floor": _finite(noise.floor),
             "too_loud": noise.is_too_loud}
            for noise in verdict.noise
        ],
        "differences": [_difference_json(found) for found in verdict.unexplained],
        "intended": [
            {**declaration.to_json(), "differences": len(found)}
            for declaration, found in verdict.declared.items()
        ],
        "unused_declarations": [declaration.to_json() for declaration in verdict.unused],
    }  # fmt: skip


def _noise(verdict: Verdict) -> Iterator[str]:
    if not verdict.noise:
        return
    yield ""
    yield "Noise floor, from two runs of the baseline:"
    for noise in verdict.noise:
        yield f"  {noise.rule.title}: {noise.floor:.3g}"
    for noise in verdict.too_loud:
        yield (
            f"TOO LOUD: two runs of the same baseline lie {noise.floor:.3g} apart in"
            f" {noise.rule.output}, and its tolerance is {noise.rule.limit:g}. Find out what makes"
            " the build answer differently, or state a tolerance that it can keep."
        )


def _declarations(verdict: Verdict) -> Iterator[str]:
    used = {item: found for item, found in verdict.declared.items() if found}
    if used and verdict.no_baseline is None:
        yield ""
        yield "Intended differences:"
        for item, found in used.items():
            yield f"  {item.title}: {len(found)}; {item.what}, because {item.reason} ({item.since})"
    if verdict.declared and verdict.no_baseline is not None:
        yield f"{len(verdict.declared)} declared differences cannot be judged without a baseline"
    for item in verdict.unused:
        yield (
            f"UNUSED: no difference is covered by the declaration {item.title} ({item.what})."
            " Remove it from intended.yaml: the baseline has it already, or it never came."
        )


def _conclusion(verdict: Verdict) -> str:
    if verdict.is_equal:
        intended = sum(map(len, verdict.declared.values()))
        with_intended = f" but for {intended:,} intended differences" if intended else ""
        return f"EQUAL{with_intended}"
    parts = [
        (len(verdict.unexplained), "differences beyond their tolerance"),
        (len(verdict.too_loud), "tolerances below the noise floor"),
        (len(verdict.unused), "unused declarations"),
    ]
    return "DIFFERENT: " + ", ".join(f"{count:,} {what}" for count, what in parts if count)


def _chosen(differences: Sequence[Difference]) -> list[Difference]:
    """Choose the rows, largest first, so that one kind with many cannot hide the others."""
    seen: Counter[str] = Counter()
    first: list[int] = []
    rest: list[int] = []
    for place, found in enumerate(differences):
        seen[_kind(found)] += 1
        (first if seen[_kind(found)] <= ROWS_PER_KIND else rest).append(place)
    return [differences[place] for place in sorted([*first, *rest][:MOST_ROWS])]


def _kind(found: Difference) -> str:
    return f"{found.payload.split('/')[0]}  {found.model}  {found.rule.title}"


def _row(found: Difference) -> tuple[str, ...]:
    instance, field = _place(found.pointer)
    relative = "–" if math.isinf(found.relative) else f"{found.relative:.3g}"
    values = (_shown(found.baseline), _shown(found.candidate))
    return (found.payload, found.model, instance, _ending(field), *values, relative)


def _place(pointer: str) -> tuple[str, str]:
    """Part the place of an output into the instance it is about and the field."""
    match = _PREDICTION.fullmatch(pointer)
    return (match[1], match[2] or "prediction") if match else ("–", pointer)


def _shown(value: Leaf) -> str:
    text = f"{value!r}" if isinstance(value, int | float) else str(value)
    return text if len(text) <= WIDEST_VALUE else text[: WIDEST_VALUE - 1] + "…"


def _ending(field: str) -> str:
    """Cut a long pointer at its beginning: its end says what it is."""
    return field if len(field) <= WIDEST_FIELD else "…" + field[1 - WIDEST_FIELD :]


def _difference_json(found: Difference) -> dict[str, Any]:
    instance, field = _place(found.pointer)
    return {
        "payload": found.payload,
        "model": found.model,
        "pointer": found.pointer,
        "instance": int(instance) if instance.isdigit() else None,
        "field": field,
        "baseline": found.baseline,
        "candidate": found.candidate,
        "relative": _finite(found.relative),
        "rule": found.rule.title,
    }


def _finite(value: float) -> float | None:
    """JSON knows no infinity: what has no distance has null."""
    return value if math.isfinite(value) else None
