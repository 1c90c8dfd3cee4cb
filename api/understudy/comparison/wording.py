"""Guards in words, with their figures."""

from .guards import Guard
from .outcomes import OutcomesResult
from .policy import Policy
from .slice_shapes import Slice

ON_OUTCOMES = ("not_worse", "better")


def tell(outcomes: OutcomesResult | None, guard: Guard) -> str:
    """Says a guard's figures in words, those of the losses as a person would ask for them."""
    if guard.name not in ON_OUTCOMES or outcomes is None:
        return describe(guard)
    if outcomes.shadow_loss is None or outcomes.live_loss is None:
        return describe(guard)
    numbers = f"{figure(outcomes.shadow_loss)} against {figure(outcomes.live_loss)} of live"
    text = f"The {_LOSS_NAMES[outcomes.loss]}{_qualified(outcomes)} of the shadow is {numbers}"
    if outcomes.loss == "zero_one":
        change, ends, kind = outcomes.difference, outcomes.difference_interval, "difference"
    else:
        change, ends, kind = outcomes.ratio, outcomes.ratio_interval, "change"
    if change is not None:
        text += f", a {kind} of {change:+.2%}"
    confidence = f"at {100 * (1 - guard.level):.3g} %"
    between = (
        "no interval yet"
        if ends is None
        else (f"between {ends[0]:+.2%} and {ends[1]:+.2%} {confidence}")
    )
    limit = 0.0 if guard.name == "better" else outcomes.margin
    return f"{text} ({between}; limit below {limit:+.2%}; {guard.units:,} units)"


def _qualified(outcomes: OutcomesResult) -> str:
    """Tell what a reader has to know of the loss: its quantile, and that large ones are capped."""
    parts = []
    if outcomes.loss_quantile is not None:
        parts.append(f"at the quantile {outcomes.loss_quantile:g}")
    if outcomes.loss_cap is not None:
        parts.append(f"capped at {figure(outcomes.loss_cap)}")
    return f" ({', '.join(parts)})" if parts else ""


_LOSS_NAMES = {
    "absolute": "mean absolute error",
    "squared": "mean squared error",
    "rmse": "mean squared error",
    "squared_log": "mean squared log error",
    "pinball": "mean pinball loss",
    "zero_one": "error rate",
    "log_loss": "log loss",
    "brier": "Brier score",
}


def describe(guard: Guard) -> str:
    """Says a guard's figures in words: what, estimate, interval, limit, units."""
    if guard.estimate is None:
        return f"{guard.what[0].upper()}{guard.what[1:]}: nothing is known"
    ends = guard.note or "no interval yet"
    if guard.interval is not None:
        low, high = (as_text(guard, end) for end in guard.interval)
        ends = f"between {low} and {high} at {100 * (1 - guard.level):.3g} %"
    return (
        f"{guard.what[0].upper()}{guard.what[1:]} is {as_text(guard, guard.estimate)}"
        f" ({ends}; limit {limit_text(guard)}; {guard.units:,} units)"
    )


def as_text(guard: Guard, value: float | None) -> str:
    """Writes a value as the guard's measure asks: a share in per cent."""
    if value is None:
        return "unknown"
    return f"{value:.2%}" if guard.measure == "share" else figure(value)


def limit_text(guard: Guard) -> str:
    """Writes a guard's limit or limits."""
    low, high = guard.limits.low, guard.limits.high
    if low is not None and high is not None:
        return f"{as_text(guard, low)} to {as_text(guard, high)}"
    return f"below {as_text(guard, high)}"


def figure(value: float) -> str:
    """Writes a number with about four digits that mean something."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def bad_slice(part: Slice, policy: Policy) -> str:
    """Says of a confirmed slice by how much the shadow is worse there, beyond which margin."""
    loss = policy.loss or ""
    change = "" if part.effect is None else f"{part.effect:+.1%}"
    of = " of live's" if change and loss != "zero_one" else ""
    figures = ""
    if part.shadow_loss is not None and part.live_loss is not None:
        figures = f"{figure(part.shadow_loss)} against {figure(part.live_loss)}"
    if part.interval is not None:
        figures += f"; between {part.interval[0]:+.1%} and {part.interval[1]:+.1%}"
    return (
        f"On {part.name} ({part.units:,} units) the shadow's {loss_name(loss)} is"
        f" {change or 'higher'}{of} ({figures}): worse than the slice margin of"
        f" {policy.slice_margin or 0:.1%}."
    )


def loss_name(loss: str) -> str:
    """Names a loss as a person would."""
    return _LOSS_NAMES.get(loss, loss)
