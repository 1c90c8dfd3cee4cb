"""The comparisons that came before: what was said of other versions and under other policies."""

from collections.abc import Sequence
from datetime import datetime

from understudy.log.comparisons import KeptComparison
from understudy.presentation.numbers import NONE
from understudy.report.tables import Table


def earlier(kept: Sequence[KeptComparison]) -> Table:
    """Tell each comparison's time, models, policy and last verdict, the newest first."""
    head = ("From", "To", "Live", "Shadow", "Policy", "Verdict", "Because")
    return head, tuple(
        (
            _day(one.started_at),
            "under way" if one.ended_at is None else _day(one.ended_at),
            ":".join(one.live),
            ":".join(one.shadow),
            one.policy_digest[:12],
            str(one.verdict["verdict"]) if one.verdict else "never judged",
            next(iter(one.verdict["reasons"]), NONE) if one.verdict else NONE,
        )
        for one in kept
    )


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
