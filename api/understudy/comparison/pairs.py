"""Pairs: how the shadow's answers differ from live's on the same instances."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Codes
from .description import describe, kappa
from .finding import Finding
from .guards import Criterion, Guard, Limits, mean_guard, share_guard
from .jsonable import as_json
from .one_look import (
    agreement,
    equivalence,
    label_marginals,
    marginals,
    paired_t,
    wilcoxon,
)
from .policy import Policy
from .rows import Names, Rows
from .wording import figure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class PairsResult:
    """
    What the pairs say: guards decide, findings and description inform.

    `is_identical` is true if no pair differs so far. `quarters` gives, per quarter of the units in
    order of arrival, when it ended and what each guard's estimate was.
    """

    pairs: int
    units: int
    is_identical: bool
    guards: tuple[Guard, ...]
    findings: tuple[Finding, ...]
    description: Mapping[str, float | None]
    quarters: tuple[Mapping[str, float | None], ...]

    def to_json(self) -> dict[str, Any]:
        """Gives the result as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return result


@np.errstate(over="ignore", invalid="ignore")
def compare_pairs(rows: Rows, policy: Policy, level: float) -> PairsResult:
    """
    Judges shadow − live by the always-valid sequences at this level, and shows the rest.

    `policy` must have its defaults filled. Means go over all compared rows of each unit; shares
    and textbook tests take one row per unit.
    """
    compared = np.flatnonzero(rows.compared)
    one_each = rows.units.one_each(rows.compared)
    d = difference(rows)
    differing = labels_differ(rows)
    guards = [failure_guard(rows, policy, level)]
    if d is not None:
        guards += _difference_guards(rows, d, one_each, policy, level)
    if differing is not None:
        guards.append(_label_guard(rows, differing, one_each, policy, level))
    return PairsResult(
        pairs=len(compared),
        units=len(one_each),
        is_identical=bool(len(compared)) and _is_identical(d, differing, compared),
        guards=tuple(guards),
        findings=tuple(_shown(rows, one_each, policy)),
        description=_description(rows, d, compared, one_each),
        quarters=_quarters(rows, guards),
    )


def difference(rows: Rows) -> Floats | None:
    """
    Gives each row's difference as a number, NaN where not compared, or None without numbers.

    Regression: shadow − live. Binary: the same of P(positive). Multiclass: total variation
    ½Σ|p − q| over the union of the classes, which has no sign.
    """
    if rows.task == "multiclass":
        if rows.live_shares is None or rows.shadow_shares is None:
            return None
        return np.asarray(np.abs(rows.live_shares - rows.shadow_shares).sum(axis=1) / 2)
    if rows.live is None or rows.shadow is None:
        return None
    with np.errstate(invalid="ignore"):
        return rows.shadow - rows.live


def labels_differ(rows: Rows) -> NDArray[np.bool_] | None:
    """Tells for each row whether the two labels differ, or gives None without labels."""
    if rows.live_labels is None or rows.shadow_labels is None:
        return None
    return np.asarray(rows.live_labels != rows.shadow_labels, dtype=bool)


def failure_guard(rows: Rows, policy: Policy, level: float) -> Guard:
    """Judges the share of units whose shadow failed or gave an invalid output."""
    due = rows.units.one_each(rows.compared | rows.failed)
    criterion = Criterion(
        "failures",
        "share of requests on which the shadow failed",
        Limits(None, policy.failure_limit),
        level,
    )
    events = rows.failed[due].astype(np.float64)
    return share_guard(criterion, events, rows.codes[due], rows.units.count)


def _difference_guards(
    rows: Rows, d: Floats, one_each: Ints, policy: Policy, level: float
) -> list[Guard]:
    guards = []
    compared = rows.compared
    if policy.difference_margin is not None:
        margin = policy.difference_margin
        signed = rows.task != "multiclass"
        criterion = Criterion(
            "difference",
            "mean of shadow − live" if signed else "mean total variation between the two",
            Limits(-margin if signed else None, margin),
            level,
            policy.planned_units,
            policy.beyond_tolerance_limit,
        )
        guards.append(mean_guard(criterion, d[compared], rows.codes[compared], rows.units.count))
    if policy.tolerance is not None:
        criterion = Criterion(
            "tolerance",
            f"share of pairs further apart than {figure(policy.tolerance)}",
            Limits(None, policy.beyond_tolerance_limit),
            level,
        )
        beyond = (np.abs(d[one_each]) > policy.tolerance).astype(np.float64)
        guards.append(share_guard(criterion, beyond, rows.codes[one_each], rows.units.count))
    return guards


def _label_guard(
    rows: Rows, differing: NDArray[np.bool_], one_each: Ints, policy: Policy, level: float
) -> Guard:
    criterion = Criterion(
        "labels",
        "share of pairs with different labels",
        Limits(None, policy.disagreement_limit),
        level,
    )
    events = differing[one_each].astype(np.float64)
    return share_guard(criterion, events, rows.codes[one_each], rows.units.count)


def _is_identical(d: Floats | None, differing: NDArray[np.bool_] | None, compared: Ints) -> bool:
    same_numbers = d is None or not np.any(d[compared])
    return same_numbers and (differing is None or not np.any(differing[compared]))


def _shown(rows: Rows, one_each: Ints, policy: Policy) -> list[Finding]:
    found: list[Finding] = []
    if rows.live is not None and rows.shadow is not None and len(one_each):
        live, shadow = rows.live[one_each], rows.shadow[one_each]
        d = shadow - live
        found += [paired_t(d, policy.alpha), wilcoxon(d)]
        if policy.difference_margin is not None and rows.task != "multiclass":
            found.append(equivalence(live, shadow, policy.difference_margin))
        found += marginals(live, shadow, policy.alpha)
    table = _label_table(rows, one_each)
    if table is not None:
        live_codes, shadow_codes, square = table
        found += agreement(square)
        found.append(label_marginals(live_codes, shadow_codes, len(square), policy.alpha))
    return found


def _label_table(rows: Rows, one_each: Ints) -> tuple[Codes, Codes, Codes] | None:
    if rows.live_labels is None or rows.shadow_labels is None or not len(one_each):
        return None
    live: Names = rows.live_labels[one_each]
    shadow: Names = rows.shadow_labels[one_each]
    names, codes = np.unique(np.concatenate([live, shadow]).astype(str), return_inverse=True)
    left, right = codes[: len(live)], codes[len(live) :]
    size = max(2, len(names))
    square = np.bincount(left * size + right, minlength=size * size).reshape(size, size)
    return left, right, square


def _description(
    rows: Rows, d: Floats | None, compared: Ints, one_each: Ints
) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    if d is not None and rows.task == "multiclass":
        figures = {
            "mean_total_variation": float(d[compared].mean()) if len(compared) else None,
            "max_total_variation": float(d[compared].max()) if len(compared) else None,
        }
    elif rows.live is not None and rows.shadow is not None:
        figures = describe(rows.live[compared], rows.shadow[compared])
    table = _label_table(rows, one_each)
    return figures if table is None else figures | {"kappa": kappa(table[2])}


def _quarters(rows: Rows, guards: list[Guard]) -> tuple[Mapping[str, float | None], ...]:
    count = rows.units.count
    quarters = []
    for number in range(4):
        last = (count * (number + 1) + 3) // 4 - 1
        has_time = rows.served_at is not None and 0 <= last < count
        until = float(rows.units.served_at[last]) if has_time else None
        estimates = {guard.name: guard.quarters[number] for guard in guards}
        quarters.append({"quarter": number + 1.0, "until": until, **estimates})
    return tuple(quarters)


def deciding(guards: tuple[Guard, ...], names: tuple[str, ...]) -> tuple[Guard, ...]:
    """Marks the guards that the verdict rests on."""
    return tuple(replace(guard, decides=guard.name in names) for guard in guards)
