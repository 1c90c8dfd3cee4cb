"""Comparisons as they are kept: with whom, from when to when, under which policy, what came out."""

from collections.abc import Sequence

from understudy.dashboard.table import Table, table
from understudy.dashboard.wording import VERDICT_SIGNS, in_words
from understudy.log.comparisons import KeptComparison
from understudy.presentation.numbers import NONE

TIME = "%Y-%m-%d %H:%M"


def every(kept: Sequence[KeptComparison]) -> Table | None:
    """Show every comparison of the endpoint, the newest first."""
    if not kept:
        return None
    head = ("Shadow", "Live", "From (UTC)", "To (UTC)", "Last verdict", "Because", "Aim", "Policy")
    rows = [(":".join(one.shadow), ":".join(one.live), *_row(one)) for one in kept]
    return table("Every comparison, newest first", head, rows)


def earlier(kept: Sequence[KeptComparison]) -> Table | None:
    """Show the earlier comparisons of one shadow."""
    if not kept:
        return None
    head = ("Live", "From (UTC)", "To (UTC)", "Last verdict", "Because", "Aim", "Policy")
    rows = [(":".join(one.live), *_row(one)) for one in kept]
    return table("Earlier comparisons of this shadow, newest first", head, rows)


def _row(one: KeptComparison) -> tuple[str, ...]:
    said = one.verdict or {}
    word = said.get("verdict")
    return (
        one.started_at.strftime(TIME),
        "under way" if one.ended_at is None else one.ended_at.strftime(TIME),
        "never judged" if word is None else f"{VERDICT_SIGNS[word]} {in_words(word)}",
        next(iter(said.get("reasons", ())), NONE),
        str(one.policy.get("aim", NONE)),
        one.policy_digest[:12],
    )
