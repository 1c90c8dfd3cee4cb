"""The gate `live`: a model must not be shown to be worse than the version that serves now."""

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.difference import Difference, difference_of
from understudy.packaging.gates.intervals import rows_needed
from understudy.packaging.gates.live_version import LiveVersion
from understudy.packaging.gates.losses import common_loss, row_losses
from understudy.packaging.gates.ruling import Ruling, passed, refused, skipped, warned
from understudy.packaging.gates.wording import exactly, percent, settled_by, shown
from understudy.packaging.resampling import LEAST_ROWS


def judge(case: Case) -> Ruling:
    """
    Refuse a model whose loss on rows new to both is shown to be worse than live's by a margin.

    The margin is a share of live's own mean loss. Rows that either was trained on are left out. A
    live version that cannot be asked about the test rows is a reason to refuse, too.
    """
    if case.live_problem is not None:
        return refused(f"it cannot be held against live: {case.live_problem}")
    if case.live is None:
        return skipped("no live version was named")
    fresh = case.live.is_fresh
    counts: dict[str, object] = {
        "live": case.live.title,
        "rows": int(fresh.sum()),
        "left_out_seen": case.live.seen,
        "left_out_learned": case.live.learned,
        "left_out_unanswered": case.live.unanswered,
    }
    if fresh.sum() < LEAST_ROWS:
        return warned(
            f"only {int(fresh.sum())} test rows can tell it from {case.live.title}, and"
            f" {LEAST_ROWS} are needed{_left_out(case.live)}",
            **counts,
            rows_needed=LEAST_ROWS,
        )
    both = case.test_scores, case.live.scores_beside(case.test_scores)
    loss = common_loss(*both)
    ours, theirs = (row_losses(case.given, scores, loss)[fresh] for scores in both)
    margin = case.limits.live.margin
    found = difference_of(ours, theirs, loss, case.seed, margin)
    return _ruling(found, margin, case.live, counts)


def _ruling(
    found: Difference, share: float, live: LiveVersion, counts: dict[str, object]
) -> Ruling:
    margin = share * found.theirs
    figures = found.figures("live") | counts | found.margin_figures(share)
    whom = f"the {exactly(found.theirs)} of {live.title}"
    beyond = f"the margin of {shown(margin)} ({percent(share)})"
    left_out = _left_out(live)
    if found.excess.low > 0:
        return refused(
            f"{found.name} is worse than {whom} by {found.by}, beyond {beyond}{left_out}", **figures
        )
    if found.excess.high <= 0:
        return passed(
            f"{found.name} is not worse than {whom} beyond {beyond}: {found.size}{left_out}",
            **figures,
        )
    needed = rows_needed(found.excess, 0.0)
    return warned(
        f"{found.name} is not shown to be as good as {whom} within {beyond}: {found.size};"
        f" {settled_by(needed)}{left_out}",
        **figures | {"rows_needed": needed},
    )


def _left_out(live: LiveVersion) -> str:
    counts = [
        (live.seen, "it was trained on"),
        (live.learned, "the new model was trained on"),
        (live.unanswered, "it has no answer to"),
    ]
    told = [f"{count:,} that {why}" for count, why in counts if count]
    return f"; not counting {', '.join(told)}" if told else ""
