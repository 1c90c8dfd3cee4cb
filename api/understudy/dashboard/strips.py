"""Strips: the coverage as one bar, and an interval against its limits."""

from markupsafe import Markup

from understudy.comparison.coverage import Coverage
from understudy.comparison.guards import Guard
from understudy.dashboard.scale import Scale, widened
from understudy.dashboard.svg import decoration, element, image
from understudy.presentation.numbers import count, percent

PARTS = ("compared", "waiting", "sampled_out", "excluded", "skipped", "failed")
HEIGHT = 20.0
WIDTH, THIN = 150.0, 22.0


def coverage_bar(found: Coverage) -> Markup:
    """Draw the parts of what was recorded as one bar of full length."""
    shares = found.shares
    start, drawn = 0.0, []
    for part in PARTS:
        if shares[part]:
            drawn.append(
                element(
                    "rect",
                    {
                        "class": part, "x": f"{100 * start:.3f}%", "y": 0,
                        "width": f"{100 * shares[part]:.3f}%", "height": HEIGHT,
                    },
                )
            )  # fmt: skip
        start += shares[part]
    return image(told(found), {"class": "coverage", "width": "100%", "height": HEIGHT}, *drawn)


def told(found: Coverage) -> str:
    """Say the parts of the coverage in one sentence."""
    if not found.recorded:
        return "Nothing has been recorded yet"
    parts = [
        f"{count(getattr(found, part))} {part.replace('_', ' ')} ({percent(found.shares[part])})"
        for part in PARTS
        if getattr(found, part)
    ]
    return f"Of {count(found.recorded)} recorded instances: {', '.join(parts)}"


def guard_strip(guard: Guard) -> Markup:
    """Draw an interval over what is allowed; the words are in the cells beside it."""
    if guard.estimate is None:
        return Markup("")
    low, high = _reach(guard)
    across = Scale(low, high, 3.0, WIDTH - 3.0)
    allowed = [across(low if guard.limits.low is None else guard.limits.low),
               across(high if guard.limits.high is None else guard.limits.high)]  # fmt: skip
    middle = THIN / 2
    drawn = [
        element(
            "rect",
            {"class": "allowed", "x": allowed[0], "y": 2, "width": allowed[1] - allowed[0],
             "height": THIN - 4},
        )
    ]  # fmt: skip
    if guard.interval is not None:
        ends = [across(end) for end in guard.interval]
        drawn.append(
            element(
                "line", {"class": "reach", "x1": ends[0], "x2": ends[1], "y1": middle, "y2": middle}
            )
        )
    drawn.append(
        element(
            "circle", {"class": "estimate", "cx": across(guard.estimate), "cy": middle, "r": 3.5}
        )
    )
    size: dict[str, str | float] = {
        "class": f"strip {guard.state.lower()}", "width": WIDTH, "height": THIN,
        "viewBox": f"0 0 {WIDTH:g} {THIN:g}",
    }  # fmt: skip
    return decoration(size, *drawn)


def _reach(guard: Guard) -> tuple[float, float]:
    """Return the ends of a strip: the limits and as much of the interval as fits beside them."""
    limits = [limit for limit in (guard.limits.low, guard.limits.high) if limit is not None]
    size = max((abs(limit) for limit in limits), default=0.0) or 1.0
    seen = [*limits, 0.0, *([guard.estimate] if guard.estimate is not None else [])]
    seen += [min(max(end, -6 * size), 6 * size) for end in guard.interval or ()]
    low, high = widened(min(seen), max(seen))
    return (max(low, 0.0) if guard.measure == "share" else low), high
