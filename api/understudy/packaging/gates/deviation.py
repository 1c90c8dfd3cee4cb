"""The gate `deviation`: how often, and where most, a model answers otherwise than live does."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.intervals import Interval, rows_needed
from understudy.packaging.gates.live_version import LiveVersion
from understudy.packaging.gates.ruling import Ruling, skipped
from understudy.packaging.gates.wording import figure, percent, settled_by
from understudy.packaging.resampling import wilson_interval
from understudy.serving.engines.fitted import label_text
from understudy.serving.engines.scores import Scores

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def judge(case: Case) -> Ruling:
    """
    Refuse a model that is shown to deviate from live in more than a share of the test rows.

    Rows that live has seen may stay: this asks how alike the two answer, not which is right. The
    share's interval is Wilson's; a model passes once all of it is within the limit. Without a
    limit on the share nothing is refused, and the largest discrepancies are listed all the same.
    """
    if case.live_problem is not None:
        return skipped(f"live cannot be asked: {case.live_problem}")
    if case.live is None:
        return skipped("no live version was named")
    answered = np.flatnonzero(case.live.is_answered)
    if not len(answered):
        return skipped(f"{case.live.title} has no answer to any test row")
    live = case.live.scores_beside(case.test_scores)
    gaps, deviates = _gaps(case, live)[answered], _deviates(case, live)[answered]
    worst = _worst(case, deviates, gaps)
    rows = tuple(_listed(case, live, int(answered[i]), float(gaps[i])) for i in worst)
    return _ruling(case, case.live, deviates, gaps, rows)


def _gaps(case: Case, theirs: Scores) -> Floats:
    """
    Return how far the two answers to every test row are apart.

    Numbers: their distance. Probabilities: half the sum over classes of their distances, which for
    two classes is the distance of the probability of either. Labels alone: 1 where they differ.
    """
    ours = case.test_scores
    if ours.values is not None and theirs.values is not None:
        return np.asarray(np.abs(ours.values - theirs.values))
    if ours.probabilities is not None and theirs.probabilities is not None:
        return np.asarray(np.abs(ours.probabilities - theirs.probabilities).sum(axis=1) / 2)
    return np.asarray(ours.labels != theirs.labels, dtype=np.float64)


def _deviates(case: Case, theirs: Scores) -> Bools:
    ours = case.test_scores
    if ours.values is not None and theirs.values is not None:
        limit = case.limits.deviation.relative * np.abs(theirs.values)
        return np.asarray(np.abs(ours.values - theirs.values) > limit)
    return np.asarray(ours.labels != theirs.labels)


def _worst(case: Case, deviates: Bools, gaps: Floats) -> list[int]:
    """Number the largest discrepancies; changed labels come first, and of equals the first row."""
    is_minor = np.zeros(len(gaps)) if case.test_scores.values is not None else ~deviates
    order = np.lexsort((-gaps, is_minor))[: case.limits.deviation.listed]
    return [int(i) for i in order if gaps[i] > 0 or deviates[i]]


def _listed(case: Case, theirs: Scores, row: int, gap: float) -> dict[str, object]:
    """Describe one test row: its number in the test frame, both answers and the truth."""
    ours = case.test_scores
    truth: Any = case.given.test_target[row]
    told: tuple[object, object, float, object]
    if ours.values is not None and theirs.values is not None:
        old, new = float(theirs.values[row]), float(ours.values[row])
        told = old, new, new - old, float(truth)
    else:
        told = _label(case, theirs, row), _label(case, ours, row), gap, label_text(truth)
    return dict(zip(("row", "live", "new", "difference", "truth"), (row, *told), strict=True))


def _label(case: Case, scores: Scores, row: int) -> str | None:
    classes = case.given.model.output.classes
    return None if scores.labels is None or classes is None else classes[int(scores.labels[row])]


def _ruling(
    case: Case,
    live: LiveVersion,
    deviates: Bools,
    gaps: Floats,
    rows: tuple[dict[str, object], ...],
) -> Ruling:
    limits = case.limits.deviation
    count, total = int(deviates.sum()), len(deviates)
    interval = Interval(count / total, *wilson_interval(count, total), total)
    figures: dict[str, object] = {
        "live": live.title,
        "rows": total,
        "deviating": count,
        "share": figure(interval.mean),
        "low": figure(interval.low),
        "high": figure(interval.high),
        "level": interval.level,
        "limit": limits.share,
        "mean_difference": figure(float(gaps.mean())),
    }
    found = _found(case, live, interval)
    if limits.share is None:
        return Ruling("passed", f"{found}; no limit is set", figures, rows)
    limit = percent(limits.share)
    if interval.high <= limits.share:
        return Ruling("passed", f"{found}; up to {limit} may be", figures, rows)
    if interval.low > limits.share:
        return Ruling("refused", f"{found}; more than {limit} is refused", figures, rows)
    needed = rows_needed(interval, limits.share)
    summary = f"{found}; whether it is more than {limit} is not shown: {settled_by(needed)}"
    return Ruling("warned", summary, figures | {"rows_needed": needed}, rows)


def _found(case: Case, live: LiveVersion, share: Interval) -> str:
    of = f"{percent(share.mean)} of {share.rows:,} rows"
    ends = f"{percent(share.low)} to {percent(share.high)} at {percent(share.level)}"
    if case.test_scores.values is None:
        return f"{of} get another label than {live.title} gives ({ends})"
    off = percent(case.limits.deviation.relative)
    return f"{of} are answered more than {off} off what {live.title} answers ({ends})"
