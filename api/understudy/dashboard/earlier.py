"""Comparisons as they are kept: with whom, from when to when, under which policy, what came out."""

from collections.abc import Sequence

from markupsafe import Markup

from understudy.dashboard.table import Table, table
from understudy.dashboard.wording import VERDICT_SIGNS, in_words
from understudy.log.comparisons import KeptComparison
from understudy.presentation.numbers import NONE

TIME = "%Y-%m-%d %H:%M"


def every(kept: Sequence[KeptComparison]) -> Table | None:
    """Show every comparison of the endpoint, the newest first."""
    if not kept:
        return None
    head = ("Shadow", "Live", "From (UTC)", "To (UTC)", "Last verdict", "Aim", "Policy")
    rows = [(":".join(one.shadow), ":".join(one.live), *_row(one)) for one in kept]
    return table("Every comparison, newest first", head, rows)


def earlier(kept: Sequence[KeptComparison]) -> Table | None:
    """Show the earlier comparisons of one shadow."""
    if not kept:
        return None
    head = ("Live", "From (UTC)", "To (UTC)", "Last verdict", "Aim", "Policy", "Because")
    rows = [(":".join(one.live), *_row(one), _because(one)) for one in kept]
    return table("Earlier comparisons of this shadow, newest first", head, rows)


def _row(one: KeptComparison) -> tuple[str, ...]:
    word = one.verdict["verdict"] if one.verdict else None
    return (
        one.started_at.strftime(TIME),
        "under way" if one.ended_at is None else one.ended_at.strftime(TIME),
        "never judged" if word is None else f"{VERDICT_SIGNS[word]} {in_words(word)}",
        str(one.policy.get("aim", NONE)),
        Markup("<code>{}</code>").format(one.policy_digest[:12]),
    )


def _because(one: KeptComparison) -> str:
    """Give the first reason of the last verdict."""
    return next(iter(one.verdict["reasons"]), NONE) if one.verdict else NONE
