"""Pairs: how the shadow's answers differ from live's on the same instances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .blocks import Block, Count, blocks_of, difference, grouped, merged
from .columns import Codes
from .description import describe, kappa
from .finding import Finding
from .guards import QUARTERS, Criterion, Guard, Limits, judge_mean, judge_share
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
from .sums import UnitSums
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
    judged = judge_pairs(blocks_of(rows, policy), rows.task, policy, level)
    return replace(judged, **show_pairs(rows, policy))


def judge_pairs(blocks: Sequence[Block], task: str, policy: Policy, level: float) -> PairsResult:
    """Judges pairs that are summed up in blocks, in order of arrival; nothing is shown beside."""
    whole = merged(blocks)
    quarters = grouped(blocks, QUARTERS)
    criteria = pair_criteria(whole, task, policy, level)
    guards = tuple(_judge(criterion, whole, quarters) for criterion in criteria)
    return PairsResult(
        pairs=whole.pairs,
        units=whole.compared,
        is_identical=bool(whole.pairs) and whole.is_identical,
        guards=guards,
        findings=(),
        description={},
        quarters=tuple(_told(number, quarters, guards) for number in range(QUARTERS)),
    )


def show_pairs(rows: Rows, policy: Policy) -> dict[str, Any]:
    """Gives the findings and the description, which inform and decide nothing."""
    one_each = rows.units.one_each(rows.compared)
    return {
        "findings": tuple(_shown(rows, one_each, policy)),
        "description": _description(rows, np.flatnonzero(rows.compared), one_each),
    }


def pair_criteria(block: Block, task: str, policy: Policy, level: float) -> tuple[Criterion, ...]:
    """Lists what is asked of the pairs, as far as the models give what it takes."""
    found = [
        Criterion(
            "failures",
            "share of requests on which the shadow failed",
            Limits(None, policy.failure_limit),
            level,
        )
    ]
    margin, is_signed = policy.difference_margin, task != "multiclass"
    if block.difference is not None and margin is not None:
        what = "mean of shadow − live" if is_signed else "mean total variation between the two"
        limits = Limits(-margin if is_signed else None, margin)
        shape = policy.planned_units, policy.beyond_tolerance_limit
        found.append(Criterion("difference", what, limits, level, *shape))
    if block.beyond is not None and policy.tolerance is not None:
        what = f"share of pairs further apart than {figure(policy.tolerance)}"
        found.append(
            Criterion("tolerance", what, Limits(None, policy.beyond_tolerance_limit), level)
        )
    if block.differing is not None:
        what = "share of pairs with different labels"
        found.append(Criterion("labels", what, Limits(None, policy.disagreement_limit), level))
    return tuple(found)


def _judge(criterion: Criterion, whole: Block, quarters: Sequence[Block]) -> Guard:
    estimates = tuple(estimate(criterion.name, quarter) for quarter in quarters)
    if criterion.name == "difference":
        return judge_mean(criterion, (whole.difference or UnitSums()).moments, estimates)
    count = counted(criterion.name, whole)
    return judge_share(criterion, count.events, count.units, estimates)


def counted(name: str, block: Block) -> Count:
    """Gives the count behind a guard that judges a share."""
    found = {"failures": block.failures, "tolerance": block.beyond, "labels": block.differing}[name]
    return found or Count()


def estimate(name: str, block: Block) -> float | None:
    """Gives what a guard estimates in one block, None without a unit."""
    if name != "difference":
        return counted(name, block).share
    moments = (block.difference or UnitSums()).moments
    return moments.mean if moments.units else None


def _told(
    number: int, quarters: Sequence[Block], guards: Sequence[Guard]
) -> Mapping[str, float | None]:
    estimates = {guard.name: guard.quarters[number] for guard in guards}
    return {"quarter": number + 1.0, "until": quarters[number].until, **estimates}


def _shown(rows: Rows, one_each: Ints, policy: Policy) -> list[Finding]:
    found: list[Finding] = []
    if rows.live is not None and rows.shadow is not None and len(one_each):
        live, shadow = rows.live[one_each], rows.shadow[one_each]
        d = shadow - live
        found += [paired_t(d, policy.alpha), wilcoxon(d)]
        if policy.difference_margin is not None and rows.task != "multiclass":
            found.append(equivalence(live, shadow, policy.difference_margin, policy.alpha))
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


def _description(rows: Rows, compared: Ints, one_each: Ints) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    if rows.task == "multiclass":
        d = difference(rows)
        if d is not None:
            figures = {
                "mean_total_variation": float(d[compared].mean()) if len(compared) else None,
                "max_total_variation": float(d[compared].max()) if len(compared) else None,
            }
    elif rows.live is not None and rows.shadow is not None:
        figures = describe(rows.live[compared], rows.shadow[compared])
    table = _label_table(rows, one_each)
    return figures if table is None else figures | {"kappa": kappa(table[2])}


def deciding(guards: tuple[Guard, ...], names: tuple[str, ...]) -> tuple[Guard, ...]:
    """Marks the guards that the verdict rests on."""
    return tuple(replace(guard, decides=guard.name in names) for guard in guards)
