"""A plan in words and columns, for a terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from understudy.presentation.numbers import number, percent

if TYPE_CHECKING:
    from understudy.comparison.plan import Need, Outlook, Plan
    from understudy.review.plan import Costs, Planned

HORIZONS = 10
HEADER = ("before PROMOTE", "as offline", "between", "days", "if equal", "days")


def describe(found: "Planned") -> Iterator[str]:
    """Yield the lines of a plan: the answer first, then what it is made of."""
    plan = found.plan
    yield _first(found)
    yield f"If it is exactly as good as live: {_outlook(plan, plan.equal)}"
    yield ""
    yield from _columns([HEADER, *(_row(need) for need in plan.needs)])
    yield ""
    yield from _traffic(found)
    yield from _costs(found.costs)
    yield f"  power          {percent(plan.power)} at these numbers"
    yield from (f"  assumed        {text}" for text in found.assumptions)


def _first(found: "Planned") -> str:
    change = found.plan.change
    offline = "" if change is None else f" (its loss {percent(change, signed=True)} on these rows)"
    is_absolute = found.plan.policy.loss == "zero_one"
    if change is not None and is_absolute:
        offline = f" (its error rate {100 * change:+.2f} points on these rows)"
    return (
        f"If {found.candidate} is as good against {found.live} as on the held-out rows{offline}:"
        f" {_outlook(found.plan, found.plan.offline)}"
    )


def _outlook(plan: "Plan", outlook: "Outlook") -> str:
    if outlook.units is None:
        return f"no amount of traffic would do; decided by {outlook.decided_by}."
    unit = "requests" if plan.policy.unit == "request" else f"units of {plan.policy.unit}"
    days = "" if outlook.days is None else f", {duration(outlook.days)}"
    rows = f" ({outlook.instances:,} instances)" if outlook.instances != outlook.units else ""
    text = f"{outlook.units:,} compared {unit}{rows}{days}; decided by {outlook.decided_by}."
    if outlook.units > HORIZONS * plan.policy.horizon_units:
        text += (
            f" That is more than {HORIZONS} times the horizon of {plan.policy.horizon_units:,}:"
            " while so many are missing the verdict is HOLD."
        )
    return text


def _row(need: "Need") -> tuple[str, ...]:
    few, likely, many = need.offline
    if need.counted == "days":
        return need.what, "", "", _days(need.days), "", _days(need.days_if_equal)
    between = "" if few == many else f"{_units(few)} to {_units(many)}"
    return (
        need.what, _units(likely), between, _days(need.days),
        _units(need.equal), _days(need.days_if_equal),
    )  # fmt: skip


def _units(units: int | None) -> str:
    return "never" if units is None else f"{units:,}"


def _days(days: float | None) -> str:
    return "" if days is None else f"{days:.3g}" if days < 100 else f"{days:,.0f}"


def duration(days: float) -> str:
    """Return a time in the unit that a person would take."""
    for size, unit in ((1.0, "days"), (1 / 24, "hours"), (1 / 1440, "minutes")):
        if days >= size:
            return f"{number(days / size)} {unit}"
    return "less than a minute"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        first, *rest = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join([first, *rest])}".rstrip()


def _traffic(found: "Planned") -> Iterator[str]:
    expected = found.plan.expected
    if expected.units_per_day is None:
        return
    source = (
        "as said" if found.traffic_days is None else f"measured over {duration(found.traffic_days)}"
    )
    unit = "requests" if found.plan.policy.unit == "request" else found.plan.policy.unit
    yield (
        f"  traffic        {number(expected.units_per_day)} {unit} a day of"
        f" {number(expected.instances_per_unit)} instances, {percent(expected.share)} of them"
        f" compared; {source}"
    )
    if expected.outcome_delay_days:
        yield f"  outcomes       come {duration(expected.outcome_delay_days)} later"


def _costs(costs: "Costs") -> Iterator[str]:
    if costs.prediction_mb is not None and costs.shadow_mb is not None:
        source = "measured" if costs.is_size_measured else "assumed: 900 and 400 bytes a row"
        yield (
            f"  storage        {number(costs.shadow_mb, 'MB')} for the shadow,"
            f" {number(costs.prediction_mb, 'MB')} for the log itself meanwhile ({source})"
        )
    if costs.shadow_cpu_s_per_day is not None:
        yield (
            f"  CPU            {number(costs.shadow_cpu_s_per_day, 's')} a day for the shadow"
            f" ({number(costs.cpu_ms_per_row, 'ms')} a row)"
        )
