"""One-sided tests of whether the mean loss of a slice is too large."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from understudy.packaging.gates.losses import Loss

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Excess:
    """
    A mean `loss` on `rows` rows, and how much is `allowed` by that of all rows or of live.

    `error` is the standard error of the difference, `p_value` how surprising so much would be if
    no more were lost than allowed.
    """

    over: Literal["all", "live"]
    loss: float
    allowed: float
    error: float
    p_value: float
    rows: int
    is_shown: bool = False

    @property
    def is_beyond(self) -> bool:
        """Whether more is lost than allowed, shown or not."""
        return self.loss > self.allowed

    @property
    def burden(self) -> float:
        """The loss as a multiple of what is allowed."""
        if self.allowed:
            return self.loss / self.allowed
        return math.inf if self.loss else 0.0

    def rows_needed(self, alpha: float) -> int:
        """Return how many rows would show this excess at this level, if its estimate is true."""
        reach = float(stats.norm.isf(alpha)) * self.error
        times = (reach / (self.loss - self.allowed)) ** 2
        return math.floor(self.rows * max(1.0, times)) + 1


@dataclass(frozen=True)
class Whole:
    """All losses of a model: their number, their mean and their squared distances from it."""

    rows: int
    mean: float
    squares: float


def whole_of(losses: Floats) -> Whole:
    """Sum up the losses of all rows, so that every slice needs to look at its own alone."""
    mean = float(losses.mean())
    return Whole(len(losses), mean, float(((losses - mean) ** 2).sum()))


def excess_over_all(inside: Floats, whole: Whole, ratio: float, loss: Loss) -> Excess:
    """
    Test whether the mean of the losses `inside` a slice is more than `ratio` times that of all.

    Assumes independent rows. The rows of the slice are among all rows, so the figure is a weighted
    difference of the means inside and outside of it, to which Welch's test applies; losses are
    skewed to the right, which makes it cautious. For labels, where a small slice may be all wrong
    by chance, the exact binomial test must agree: the larger of the two p-values counts.
    """
    rows, allowed = len(inside), ratio * whole.mean
    share = rows / whole.rows
    weights = 1 - ratio * share, ratio * (1 - share)
    variances = _variance(inside), _outside_variance(inside, whole)
    parts = [w**2 * variance for w, variance in zip(weights, variances, strict=True)]
    mean = float(inside.mean())
    p_value = _student(mean - allowed, parts, [rows, whole.rows - rows])
    if loss == "zero_one":
        exact = stats.binom.sf(int(inside.sum()) - 1, rows, min(1.0, allowed))
        p_value = max(p_value, float(exact))
    return Excess("all", mean, allowed, math.sqrt(sum(parts)), p_value, rows)


def excess_over_live(ours: Floats, theirs: Floats, margin: float, loss: Loss) -> Excess:
    """
    Test whether our mean loss is more than live's by more than a `margin` of it.

    Student's paired test, which assumes independent rows. For labels the sign test of those rows on
    which exactly one of the two is wrong must agree (McNemar 1947, exact).
    """
    variance = _variance(ours - (1 + margin) * theirs)
    mean, allowed = float(ours.mean()), (1 + margin) * float(theirs.mean())
    p_value = _student(mean - allowed, [variance], [len(ours)])
    if loss == "zero_one":
        worse, better = int((ours > theirs).sum()), int((ours < theirs).sum())
        p_value = max(p_value, float(stats.binom.sf(worse - 1, worse + better, 0.5)))
    return Excess("live", mean, allowed, math.sqrt(variance), p_value, len(ours))


def _variance(values: Floats) -> float:
    """Return the variance of a mean."""
    return float(values.var(ddof=1)) / len(values)


def _outside_variance(inside: Floats, whole: Whole) -> float:
    """Return the variance of the mean of all rows but those inside."""
    rows, centred = whole.rows - len(inside), inside - whole.mean
    if rows < 2:
        return 0.0
    squares = whole.squares - float((centred**2).sum()) - float(centred.sum()) ** 2 / rows
    return max(0.0, squares) / (rows - 1) / rows


def _student(estimate: float, parts: list[float], rows: list[int]) -> float:
    """
    Return the one-sided p-value of an estimate whose variance is the sum of `parts`.

    The degrees of freedom are Welch and Satterthwaite's; one row alone has no variance to go by.
    """
    variance = sum(parts)
    if min(rows) < 2:
        return 1.0
    if not variance:
        return 0.0 if estimate > 0 else 1.0
    shares = [(part / variance) ** 2 / (n - 1) for part, n in zip(parts, rows, strict=True)]
    return float(stats.t.sf(estimate / math.sqrt(variance), 1 / sum(shares)))
