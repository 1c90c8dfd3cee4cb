"""How much more traffic settles a drift finding, by inverting the intervals of later looks."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from .drift import DriftReport
from .finding import NEED_MORE_DATA, UNSETTLED, Finding, Interval, magnitude
from .independent import gap_interval
from .jsonable import as_json
from .looks import FIRST_LOOK
from .needed import MOST_UNITS, duration, smallest
from .shares import share_interval
from .sizes import Sizes, material_size

Goal = Literal["stable", "material"]
Units = tuple[int | None, int | None, int | None]
# From a number of current values and a level to the ends of the effect's size, and its error.
Reach = Callable[[int, float], tuple[Interval, float]]


@dataclass(frozen=True)
class DriftNeeded:
    """
    What a finding still lacks before it is settled, if its present effect is true.

    `goal` is where it would settle: its effect lies within the material size (`stable`) or beyond
    it (`material`). `units` is (few, likely, many), more than there are, for the gap to the
    material size plus, as it is, and less one standard error; None where no number would do.
    `look` is the number of the look that would do, None in a single look.
    """

    column: str
    finding: str
    goal: Goal
    units: Units
    look: int | None
    rows: int | None
    days: float | None
    is_reachable: bool
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """Gives what is needed as a JSON object."""
        result: dict[str, Any] = as_json(self)
        return result


def more_for_drift(
    report: DriftReport,
    *,
    days: float | None = None,
    power: float = 0.8,
    sizes: Sizes | None = None,
) -> tuple[DriftNeeded, ...]:
    """
    Tells for each finding that is not settled how much more traffic it needs, the least first.

    The smallest look n_j at which half-width + z·standard error is at most the gap between effect
    and material size, at the level alpha/(M·j(j + 1)) that this look has to spend; in a single
    look the smallest number of units at alpha/M. `days` is how long the present units took,
    `sizes` and alpha are those of the report. A level's share change has its interval scaled from
    the present one, all others are computed anew. A finding without any present value has no
    entry: it says nothing of the next.
    """
    wanted = [
        _needed(found, report, material_size(found, sizes), days, power)
        for found in report.findings
        if found.status in (NEED_MORE_DATA, UNSETTLED) and found.effect is not None
    ]
    found = [one for one in wanted if one is not None]
    return tuple(sorted(found, key=lambda one: (_order(one.units), one.column, one.finding)))


def _order(units: Units) -> float:
    return math.inf if units[1] is None else units[1]


def _needed(
    found: Finding, report: DriftReport, size: float, days: float | None, power: float
) -> DriftNeeded | None:
    effect = abs(found.effect or 0.0)
    goal: Goal = "stable" if effect < size else "material"
    if not report.n_current:
        missing = max(1, FIRST_LOOK - report.units)
        return _told(found, report, goal, days, (missing, missing, None), 1)
    reach = _reach(found, report)
    if reach is None or not found.n_current:
        return None
    per_unit = found.n_current / report.n_current
    z = float(stats.norm.ppf(power))

    def width(units: int, level: float) -> float:
        (low, high), error = reach(max(1, round(units * per_unit)), level)
        return (high - effect if goal == "stable" else effect - low) + z * error

    gap, error = abs(size - effect), reach(found.n_current, 0.5)[1]
    totals = [_total(report, width, one) for one in (gap + error, gap, gap - error)]
    few, likely, many = (None if t is None else max(1, t[0] - report.units) for t in totals)
    look = None if totals[1] is None else totals[1][1]
    return _told(found, report, goal, days, (few, likely, many), look)


def _total(
    report: DriftReport, width: Callable[[int, float], float], gap: float
) -> tuple[int, int | None] | None:
    """The units there have to be in all for this gap, and the look that has as many."""
    if gap <= 0:
        return None
    level = report.alpha / max(1, report.family)
    if not report.look:
        count = smallest(lambda units: width(units, level) <= gap, max(1, report.units))
        return None if count is None else (count, None)
    number, count = report.look + 1, FIRST_LOOK * 2**report.look
    while count <= MOST_UNITS:
        if width(count, level / (number * (number + 1))) <= gap:
            return count, number
        number, count = number + 1, count * 2
    return None


def _reach(found: Finding, report: DriftReport) -> Reach | None:
    """Gives the interval of the effect's size and its standard error for other numbers of rows."""
    n, effect = found.n_reference, found.effect or 0.0
    if found.effect_name == "D":
        return lambda m, level: (
            gap_interval(effect, n, m, level), math.sqrt(1 / n + 1 / m) / 2
        )  # fmt: skip
    if found.effect_name == "share beyond the range":
        return lambda m, level: (_clopper(effect, m, level), _share_error(effect, m))
    if found.effect_name == "share difference":
        return _of_shares(found)
    return _scaled(found, report)


def _clopper(share: float, m: int, level: float) -> Interval:
    low, high = proportion_confint(round(share * m), m, alpha=level / 2, method="beta")
    return float(low), float(high)


def _share_error(share: float, rows: int) -> float:
    return math.sqrt(share * (1 - share) / rows)


def _of_shares(found: Finding) -> Reach:
    n = found.n_reference
    before = found.details.get("reference_share") or 0.0
    after = found.details.get("current_share") or 0.0

    def reach(m: int, level: float) -> tuple[Interval, float]:
        ends = share_interval(round(before * n), n, round(after * m), m, level)
        error = math.hypot(_share_error(before, n), _share_error(after, m))
        return magnitude(ends), error

    return reach


def _scaled(found: Finding, report: DriftReport) -> Reach | None:
    """Scales the present interval of the largest share change with rows and level."""
    if found.interval is None:
        return None
    n, now, effect = found.n_reference, found.n_current, found.effect or 0.0
    spent = report.look * (report.look + 1) if report.look else 1
    cells = max(2.0, found.details.get("cells") or 2.0)
    level_now = report.alpha / max(1, report.family) / spent
    below, above = effect - found.interval[0], found.interval[1] - effect

    def reach(m: int, level: float) -> tuple[Interval, float]:
        rows = math.sqrt((1 / n + 1 / m) / (1 / n + 1 / now))
        z_now = float(stats.norm.ppf(1 - level_now / cells / 2))
        factor = rows * float(stats.norm.ppf(1 - level / cells / 2)) / z_now
        error = rows * (above + below) / 2 / z_now
        return (max(0.0, effect - factor * below), min(1.0, effect + factor * above)), error

    return reach


def _told(
    found: Finding,
    report: DriftReport,
    goal: Goal,
    days: float | None,
    units: Units,
    look: int | None,
) -> DriftNeeded:
    likely, there = units[1], max(1, report.units)
    time = None if likely is None or not days else likely * days / there
    return DriftNeeded(
        column=found.column,
        finding=found.finding,
        goal=goal,
        units=units,
        look=look,
        rows=None if likely is None else math.ceil(likely * report.rows / there),
        days=time,
        is_reachable=likely is not None,
        sentence=f"{found.column} ({found.finding}): {_words(goal, units, time)}",
    )


def _words(goal: Goal, units: Units, days: float | None) -> str:
    few, likely, many = units
    if likely is None:
        return "no amount of traffic would settle it if the present effect is true."
    ends = f"{few:,} and {'no end' if many is None else f'{many:,}'}"
    amount = f"{likely:,}" if few == many else f"{likely:,} (between {ends})"
    at_rate = "" if days is None else f", {duration(days)} at the present rate"
    return f"about {amount} more units until it is shown to be {goal}{at_rate}."
