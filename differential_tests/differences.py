"""Two recordings of answers, output by output."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from differential_tests.pointers import Leaf, Outputs
from differential_tests.tolerances import Rule, Tolerances

Recording = Mapping[tuple[str, str], Outputs]
"""What a build answered: the outputs by model and payload."""

ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """
    One output that is not what the baseline gave, beyond its tolerance.

    `relative` is the distance over the larger magnitude; it is infinite where there is no number,
    and where a rule wants the very same: a status of 500 is not three fifths away from 200.
    """

    payload: str
    model: str
    pointer: str
    baseline: Leaf
    candidate: Leaf
    relative: float
    rule: Rule


@dataclass(frozen=True)
class Comparison:
    """What came of comparing; `widest` is the largest distance met per rule, in its measure."""

    compared: int
    ignored: int
    differences: tuple[Difference, ...]
    widest: Mapping[Rule, float]


def compare(baseline: Recording, candidate: Recording, tolerances: Tolerances) -> Comparison:
    """Compare every output that either side gave; what only one side gave differs."""
    counts = {"compared": 0, "ignored": 0}
    differences: list[Difference] = []
    widest: dict[Rule, float] = {}
    for model, payload in sorted(baseline.keys() | candidate.keys()):
        before, after = baseline.get((model, payload), {}), candidate.get((model, payload), {})
        for pointer in dict.fromkeys([*before, *after]):
            rule = tolerances.rule_for(payload, pointer)
            if rule.kind == "ignore":
                counts["ignored"] += 1
                continue
            counts["compared"] += 1
            old, new = before.get(pointer, ABSENT), after.get(pointer, ABSENT)
            gap = distance(rule, old, new)
            widest[rule] = max(widest.get(rule, 0.0), gap)
            if gap > rule.limit:
                relative = math.inf if rule.kind == "exact" else relative_difference(old, new)
                differences.append(Difference(payload, model, pointer, old, new, relative, rule))
    return Comparison(counts["compared"], counts["ignored"], _largest_first(differences), widest)


def distance(rule: Rule, old: Leaf, new: Leaf) -> float:
    """Return how far two values lie apart in the measure of their rule."""
    if rule.kind == "exact":
        return 0.0 if _is_same(old, new) else math.inf
    if rule.kind == "absolute" and _is_number(old) and _is_number(new):
        if _is_same(old, new):
            return 0.0
        gap = abs(float(old) - float(new))  # type: ignore[arg-type]
        return math.inf if math.isnan(gap) else gap
    return relative_difference(old, new)


def relative_difference(old: Leaf, new: Leaf) -> float:
    """Return |old − new| over the larger magnitude; infinite for anything but finite numbers."""
    if _is_same(old, new):
        return 0.0
    if not (_is_number(old) and _is_number(new)):
        return math.inf
    before, after = float(old), float(new)  # type: ignore[arg-type]
    if not (math.isfinite(before) and math.isfinite(after)):
        return math.inf
    largest = max(abs(before), abs(after))
    # Halves, so that the distance of two huge numbers does not overflow.
    return 2 * abs(before / 2 - after / 2) / largest if largest else 0.0


def _is_same(old: Leaf, new: Leaf) -> bool:
    """Say whether two leaves are the same JSON value: 1 and 1.0 are, 1 and true are not."""
    if _is_number(old) and _is_number(new):
        return old == new or (old != old and new != new)  # noqa: PLR0124 - NaN is itself here
    return type(old) is type(new) and old == new


def _is_number(value: Leaf) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _largest_first(differences: list[Difference]) -> tuple[Difference, ...]:
    return tuple(sorted(differences, key=lambda found: -found.relative))
