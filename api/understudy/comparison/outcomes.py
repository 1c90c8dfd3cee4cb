"""Outcomes: which model is nearer to the truth, once it is known."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .finding import Interval
from .guards import Criterion, Guard, Limits, mean_guard
from .jsonable import as_json
from .losses import losses, unknown_classes
from .policy import Policy
from .rows import Rows
from .sequences import LEAST_UNITS, half_width, mean_sequence, spread, unit_moments, unit_residuals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY = 86_400.0


@dataclass(frozen=True)
class ErrorFigure:
    """One error measure of both models, with intervals that hold at every number of units."""

    name: str
    live: float
    live_interval: Interval | None
    shadow: float
    shadow_interval: Interval | None


@dataclass(frozen=True)
class OutcomesResult:
    """
    What the outcomes say of the two models.

    `ratio` is the shadow's mean loss over live's, less 1; its interval comes from inverting the
    sequence (Fieller). The criterion `not_worse` is about shadow − (1 + margin)·live, `better`
    about shadow − live. Delays are in days.
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

    def to_json(self) -> dict[str, Any]:
        """Gives the result as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return result


@np.errstate(over="ignore", invalid="ignore")
def compare_outcomes(rows: Rows, policy: Policy, level: float) -> OutcomesResult | None:
    """Judges both models by their losses; None without outcomes if the aim needs none."""
    if policy.loss is None or policy.loss_margin is None:
        return None
    if not policy.needs_outcomes and not rows.known.any():
        return None
    picked = np.flatnonzero(rows.compared & rows.known)
    live, shadow = losses(rows, picked, policy.loss)
    codes = rows.codes[picked]
    raw_live, raw_shadow = live, shadow
    if policy.loss_cap is not None:
        live, shadow = np.minimum(live, policy.loss_cap), np.minimum(shadow, policy.loss_cap)
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
        errors=_errors(rows, picked, policy),
        live_loss=float(live.mean()) if len(live) else None,
        shadow_loss=float(shadow.mean()) if len(shadow) else None,
        ratio=ratio,
        ratio_interval=ratio_interval,
        difference=plain.mean if plain.units else None,
        difference_interval=mean_sequence(plain, level, policy.planned_units),
        not_worse=_criterion(rows, (live, shadow), codes, policy, level, policy.loss_margin),
        better=_criterion(rows, (live, shadow), codes, policy, level, 0.0),
        unknown_classes=unknown_classes(rows, picked),
        capped=int(np.sum((raw_live > live) | (raw_shadow > shadow))),
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
    loss = (policy.loss or "").replace("_", " ").replace("zero one", "0/1")
    if margin == 0:
        return f"mean {loss} loss of the shadow less live's"
    if policy.loss == "zero_one":
        return f"error rate of the shadow less live's, less the margin of {margin:.2%}"
    return f"mean {loss} loss of the shadow less live's, less the margin of {margin:.3g} × live's"


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


_SHOWN_LOSSES = {
    "regression": (("mae", "absolute"), ("rmse", "squared")),
    "binary": (("error_rate", "zero_one"), ("log_loss", "log_loss"), ("brier", "brier")),
    "multiclass": (("error_rate", "zero_one"), ("log_loss", "log_loss"), ("brier", "brier")),
}


def _errors(rows: Rows, picked: Ints, policy: Policy) -> tuple[ErrorFigure, ...]:
    """Both models' error measures, uncapped, at the policy's own level."""
    has_shares = rows.live_shares is not None or (
        rows.task == "binary" and rows.positive is not None and rows.live is not None
    )
    figures = []
    for name, loss in _SHOWN_LOSSES[rows.task] if len(picked) else ():
        if rows.task == "regression" or loss == "zero_one" or has_shares:
            sides = losses(rows, picked, loss)
            figures.append(_figure(name, sides, rows.codes[picked], policy))
    return tuple(figures)


def _figure(name: str, sides: tuple[Floats, Floats], codes: Ints, policy: Policy) -> ErrorFigure:
    values: list[float] = []
    intervals: list[Interval | None] = []
    for side in sides:
        moments = unit_moments(side, codes)
        ends = mean_sequence(moments, policy.alpha, policy.planned_units)
        if ends is not None:
            ends = max(0.0, ends[0]), ends[1]
        if name == "rmse":
            values.append(math.sqrt(moments.mean))
            intervals.append(None if ends is None else (math.sqrt(ends[0]), math.sqrt(ends[1])))
        else:
            values.append(moments.mean)
            intervals.append(ends)
    return ErrorFigure(name, values[0], intervals[0], values[1], intervals[1])


def _delays(rows: Rows, picked: Ints) -> tuple[float | None, float | None, float | None]:
    if rows.outcome_at is None or rows.served_at is None:
        return None, None, None
    days = (rows.outcome_at[picked] - rows.served_at[picked]) / DAY
    days = days[np.isfinite(days)]
    if not len(days):
        return None, None, None
    middle, late = np.quantile(days, (0.5, 0.9))
    return float(middle), float(late), float(days.max())
