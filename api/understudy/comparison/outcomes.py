"""Outcomes: which model is nearer to the truth, once it is known."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .finding import Finding, Interval
from .guards import Criterion, Guard, Limits, mean_guard
from .jsonable import as_json
from .losses import judged_losses, unknown_classes
from .measures import ErrorFigure, Reliability, error_figures, quality_findings, reliabilities
from .policy import Policy
from .rows import Rows
from .sequences import LEAST_UNITS, half_width, mean_sequence, spread, unit_moments, unit_residuals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY = 86_400.0


@dataclass(frozen=True)
class OutcomesResult:
    """
    What the outcomes say of the two models.

    `ratio` is the shadow's mean loss over live's, less 1; its interval comes from inverting the
    sequence (Fieller). The criterion `not_worse` is about shadow − (1 + margin)·live, `better`
    about shadow − live. Delays are in days. `capped` counts the pairs with a loss above `loss_cap`.
    `findings` (R², F1, AUC) and `reliability` are valid for one look and guard nothing.
    """

    outcomes: int
    units: int
    waiting: int
    share: float
    delay_median: float | None
    delay_q90: float | None
    delay_max: float | None
    loss: str
    margin: float
    errors: tuple[ErrorFigure, ...]
    live_loss: float | None
    shadow_loss: float | None
    ratio: float | None
    ratio_interval: Interval | None
    difference: float | None
    difference_interval: Interval | None
    not_worse: Guard
    better: Guard
    unknown_classes: int
    capped: int
    loss_cap: float | None = None
    loss_quantile: float | None = None
    findings: tuple[Finding, ...] = ()
    reliability: Reliability = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Gives the result as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return result


@np.errstate(over="ignore", invalid="ignore")
def compare_outcomes(
    rows: Rows, policy: Policy, level: float, *, with_quality: bool = True
) -> OutcomesResult | None:
    """
    Judges both models by their losses; None without outcomes if the aim needs none.

    `with_quality=False` leaves out what is shown only and takes longest: bootstraps and bins.
    """
    if policy.loss is None or policy.loss_margin is None:
        return None
    if not policy.needs_outcomes and not rows.known.any():
        return None
    picked = np.flatnonzero(rows.compared & rows.known)
    findings = quality_findings(rows, picked, policy) if with_quality else ()
    errors = error_figures(rows, picked, policy)
    live, shadow, capped = judged_losses(rows, picked, policy)
    codes = rows.codes[picked]
    delays = _delays(rows, picked)
    ratio, ratio_interval = loss_ratio((live, shadow), codes, policy, level)
    plain = unit_moments(shadow - live, codes)
    compared = int(rows.compared.sum())
    return OutcomesResult(
        outcomes=len(picked),
        units=plain.units,
        waiting=compared - len(picked),
        share=len(picked) / max(1, compared),
        delay_median=delays[0],
        delay_q90=delays[1],
        delay_max=delays[2],
        loss=policy.loss,
        margin=policy.loss_margin,
        errors=errors,
        live_loss=float(live.mean()) if len(live) else None,
        shadow_loss=float(shadow.mean()) if len(shadow) else None,
        ratio=ratio,
        ratio_interval=ratio_interval,
        difference=plain.mean if plain.units else None,
        difference_interval=mean_sequence(plain, level, policy.planned_units),
        not_worse=_criterion(rows, (live, shadow), codes, policy, level, policy.loss_margin),
        better=_criterion(rows, (live, shadow), codes, policy, level, 0.0),
        unknown_classes=unknown_classes(rows, picked),
        capped=capped,
        loss_cap=policy.loss_cap,
        loss_quantile=policy.loss_quantile if policy.loss == "pinball" else None,
        findings=findings,
        reliability=reliabilities(rows, picked, policy) if with_quality else {},
    )


def _criterion(
    rows: Rows,
    sides: tuple[Floats, Floats],
    codes: Ints,
    policy: Policy,
    level: float,
    margin: float,
) -> Guard:
    """
    Judges z = shadow − (1 + margin)·live, or shadow − live − margin for the 0/1 loss.

    When no pair of 0/1 losses differs, z could still rise to margin below 1 on the units that may
    yet differ; so their share has to be below the margin itself.
    """
    live, shadow = sides
    if policy.loss == "zero_one":
        z, alike_limit = shadow - live - margin, margin
    else:
        factor = (1 + margin) ** 2 if policy.loss == "rmse" else 1 + margin
        z, alike_limit = shadow - factor * live, policy.beyond_tolerance_limit
    criterion = Criterion(
        "better" if margin == 0 else "not_worse",
        _wording(policy, margin),
        Limits(None, 0.0),
        level,
        policy.planned_units,
        alike_limit,
    )
    return mean_guard(criterion, z, codes, rows.units.count)


def _wording(policy: Policy, margin: float) -> str:
    if margin == 0:
        return f"mean {_loss_words(policy)} of the shadow less live's"
    if policy.loss == "zero_one":
        return f"error rate of the shadow less live's, less the margin of {margin:.2%}"
    words = f"mean {_loss_words(policy)} of the shadow less live's"
    return f"{words}, less the margin of {margin:.3g} × live's"


def _loss_words(policy: Policy) -> str:
    """Names the loss with what belongs to it: the quantile it is about, and a cap."""
    words = (policy.loss or "").removesuffix("_loss").replace("_", " ")
    words = words.replace("zero one", "0/1") + " loss"
    if policy.loss == "pinball":
        words += f" at the quantile {policy.loss_quantile:g}"
    return words if policy.loss_cap is None else f"{words} (capped at {policy.loss_cap:.4g})"


def loss_ratio(
    sides: tuple[Floats, Floats], codes: Ints, policy: Policy, level: float
) -> tuple[float | None, Interval | None]:
    """Gives by how much the shadow's loss exceeds live's, as a share of it, with its interval."""
    ratio, interval = _ratio(*sides, codes, level, policy.planned_units)
    if policy.loss == "rmse":
        return _rooted(ratio), _rooted_interval(interval)
    return ratio, interval


def _ratio(
    live: Floats, shadow: Floats, codes: Ints, level: float, planned: int
) -> tuple[float | None, Interval | None]:
    """
    Gives shadow's mean loss over live's less 1, with all values the sequence does not exclude.

    (A − λB)² ≤ c²·Var(λ) is quadratic in λ; if its set of solutions has no ends, there is no
    interval.
    """
    if not len(live) or live.mean() <= 0:
        return None, None
    a, b = float(shadow.mean()), float(live.mean())
    units = int(codes.max()) + 1
    up, down = unit_residuals(shadow, codes, units), unit_residuals(live, codes, units)
    z = up - a / b * down
    sd, skewness = spread(z)
    if sd <= 1e-12 * b or len(up) < max(LEAST_UNITS, 100 * skewness**2):
        return a / b - 1, None
    c2 = half_width(len(up), level, planned) ** 2
    quadratic = b * b - c2 * float(np.mean(down**2))
    linear = a * b - c2 * float(np.mean(up * down))
    constant = a * a - c2 * float(np.mean(up**2))
    inside = linear * linear - quadratic * constant
    if quadratic <= 0 or inside < 0:
        return a / b - 1, None
    root = math.sqrt(inside)
    return a / b - 1, ((linear - root) / quadratic - 1, (linear + root) / quadratic - 1)


def _rooted(ratio: float | None) -> float | None:
    """Takes a ratio of mean squares to that of their roots."""
    return None if ratio is None else math.sqrt(max(0.0, 1 + ratio)) - 1


def _rooted_interval(ends: Interval | None) -> Interval | None:
    if ends is None:
        return None
    low, high = (math.sqrt(max(0.0, 1 + end)) - 1 for end in ends)
    return low, high


def _delays(rows: Rows, picked: Ints) -> tuple[float | None, float | None, float | None]:
    if rows.outcome_at is None or rows.served_at is None:
        return None, None, None
    days = (rows.outcome_at[picked] - rows.served_at[picked]) / DAY
    days = days[np.isfinite(days)]
    if not len(days):
        return None, None, None
    middle, late = np.quantile(days, (0.5, 0.9))
    return float(middle), float(late), float(days.max())
