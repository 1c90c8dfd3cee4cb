"""A family of checks, judged together over all looks."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .checks import Check
from .finding import (
    MATERIAL,
    NEED_MORE_DATA,
    NEGLIGIBLE,
    STABLE,
    UNSETTLED,
    Finding,
    magnitude,
)

FIRST_LOOK = 100

Floats = NDArray[np.float64]


def look_sizes(units: int) -> list[int]:
    """Gives the sizes 100, 200, 400, … at which looks are due among this many units."""
    sizes = []
    size = FIRST_LOOK
    while size <= units:
        sizes.append(size)
        size *= 2
    return sizes


def judge(
    checks: list[Check], rows: list[int], units: int, looks: bool, alpha: float
) -> list[Finding]:
    """Takes every look again and keeps the smallest adjusted p: what once alarmed, alarms."""
    if not rows:
        return [_too_early(check.at(units, alpha)) for check in checks]
    spent = np.full(len(checks), np.inf)
    since = np.zeros(len(checks), dtype=np.int64)
    for number, size in enumerate(rows, start=1):
        weight = number * (number + 1) if looks else 1
        found = [check.at(size, alpha / (len(checks) * weight)) for check in checks]
        own = [1.0 if f.p_value is None else f.p_value for f in found]
        spent = np.minimum(spent, np.array(own) * weight)
        adjusted = holm(spent)
        matters = [abs(f.effect or 0.0) >= c.size / 2 for f, c in zip(found, checks, strict=True)]
        alarming = (adjusted <= alpha) & np.array(matters, dtype=bool)
        since[alarming & (since == 0)] = size
    judged = [
        _with_status(f, c.size, float(p), alpha)
        for f, c, p in zip(found, checks, adjusted, strict=True)
    ]
    return [
        replace(f, alarm=True, note=f.note or _since(int(first), rows[-1])) if first else f
        for f, first in zip(judged, since, strict=True)
    ]


def _since(first: int, now: int) -> str:
    return "" if first == now else f"the alarm was raised at {first} units"


def holm(p_values: Floats) -> Floats:
    """
    Adjusts p-values so that acting on those up to alpha errs anywhere with at most alpha.

    Holm (1979). By hand, because statsmodels' multipletests runs a full garbage collection on each
    call: 65 ms where this takes 0.02.
    """
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def _too_early(finding: Finding) -> Finding:
    return replace(
        finding,
        p_value=None,
        interval=None,
        status=NEED_MORE_DATA,
        note="the first look is not due",
    )


def _with_status(finding: Finding, size: float, adjusted: float, alpha: float) -> Finding:
    status, note = NEED_MORE_DATA, ""
    if finding.interval is not None:
        low, high = magnitude(finding.interval)
        significant = adjusted <= alpha
        status = _status(low, high, size, significant)
        if status == NEED_MORE_DATA and (finding.details.get("floor") or 0.0) > size:
            note = "reference too small: no amount of traffic can show that this is stable"
    elif finding.n_current == 0:
        note = "no present value"
    details = {key: value for key, value in finding.details.items() if key != "floor"}
    return replace(finding, p_adjusted=adjusted, status=status, note=note, details=details)


def _status(low: float, high: float, size: float, significant: bool) -> str:
    if low > size:
        return MATERIAL
    if significant:
        return NEGLIGIBLE if high <= size else UNSETTLED
    return STABLE if high <= size else NEED_MORE_DATA
