"""The latest pairs, each with a link to the page of its request."""

from collections.abc import Sequence

from understudy.dashboard.table import Table, link, table
from understudy.log.latest import LatestPair
from understudy.presentation.numbers import NONE, number


def latest(pairs: Sequence[LatestPair], unit: str) -> Table:
    """Show both answers to each instance, their difference and the true value."""
    measured = f" ({unit})" if unit else ""
    head = ("Request", "Served (UTC)", f"Live{measured}", "Shadow", "Shadow − live", "Outcome")
    return table("The latest pairs, newest first", head, [_row(pair) for pair in pairs])


def _row(pair: LatestPair) -> tuple[str, ...]:
    text = pair.request_id[:8] + "…" + pair.request_id[-4:]
    if pair.instance_no:
        text += f" / {pair.instance_no}"
    return (
        link(text, "requests", pair.request_id),
        pair.served_at.strftime("%m-%d %H:%M:%S"),
        _answer(pair.live_label, pair.live_value),
        "failed" if pair.error is not None else _answer(pair.shadow_label, pair.shadow_value),
        _difference(pair),
        _outcome(pair.outcome),
    )


def _answer(label: str | None, value: float | None) -> str:
    if label is None:
        return number(value)
    return label if value is None else f"{label} ({number(value)})"


def _difference(pair: LatestPair) -> str:
    if pair.live_value is not None and pair.shadow_value is not None:
        return number(pair.shadow_value - pair.live_value, signed=True)
    if pair.live_label is None or pair.shadow_label is None:
        return NONE
    return "same" if pair.live_label == pair.shadow_label else "differs"


def _outcome(value: object) -> str:
    if isinstance(value, int | float):
        return number(float(value))
    return NONE if value is None else str(value)
