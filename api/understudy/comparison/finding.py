"""One statistic with everything needed to judge it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .jsonable import as_json

Interval = tuple[float, float]

MATERIAL = "MATERIAL"
NEGLIGIBLE = "NEGLIGIBLE"
UNSETTLED = "UNSETTLED"
STABLE = "STABLE"
NEED_MORE_DATA = "NEED_MORE_DATA"
SCHEMA = "SCHEMA"
SHOWN = "SHOWN"

INDEPENDENT = "the two samples are independent"


@dataclass(frozen=True)
class Finding:
    """
    What one test found about one column.

    `p_value` is the test's own, `p_adjusted` the one to act on (looks and family accounted for).
    `interval` belongs to `effect`. `status` is one of the words above; `SHOWN` marks a statistic
    that informs but decides nothing. `details` are further figures without a status.
    """

    column: str
    kind: str
    finding: str
    test: str
    statistic: float | None
    p_value: float | None
    p_adjusted: float | None
    effect: float | None
    effect_name: str
    interval: Interval | None
    status: str
    n_reference: int
    n_current: int
    assumption: str
    note: str = ""
    alarm: bool = False
    details: Mapping[str, float | None] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Gives the finding as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return result

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Finding":
        """Reads what `to_json` gave."""
        interval = found["interval"]
        ends = None if interval is None else (float(interval[0]), float(interval[1]))
        return cls(**{**found, "interval": ends})


def magnitude(interval: Interval) -> Interval:
    """Turns the interval of a signed effect into the interval of its size."""
    low, high = interval
    if low <= 0.0 <= high:
        return 0.0, max(-low, high)
    return min(abs(low), abs(high)), max(abs(low), abs(high))


def not_computed(test: str, effect_name: str, n: int, m: int) -> Finding:
    """Stands in for a test that has too little to work on; it counts with p = 1."""
    return Finding(
        column="",
        kind="",
        finding="",
        test=test,
        statistic=None,
        p_value=None,
        p_adjusted=None,
        effect=None,
        effect_name=effect_name,
        interval=None,
        status=NEED_MORE_DATA,
        n_reference=n,
        n_current=m,
        assumption=INDEPENDENT,
    )
