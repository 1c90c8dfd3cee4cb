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
    A mean `loss` on `rows` rows, and how much is `allowed` by that of the other rows or of live.

    `error` is the standard error of the difference, `p_value` how surprising so much would be if
    no more were lost than allowed.
    """

    over: Literal["others", "live"]
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

    def mean_without(self, inside: Floats) -> float:
        """Return the mean loss of the rows outside of a slice."""
        return (self.rows * self.mean - float(inside.sum())) / (self.rows - len(inside))


def whole_of(losses: Floats) -> Whole:
    """Sum up the losses of all rows, so that every slice needs to look at its own alone."""
    mean = float(losses.mean())
    return Whole(len(losses), mean, float(((losses - mean) ** 2).sum()))


def excess_over_others(inside: Floats, whole: Whole, ratio: float, loss: Loss) -> Excess:
    """
    Test whether the mean of the losses `inside` a slice is over `ratio` times that outside of it.

    Assumes independent rows, some of them outside. Two tests must agree, the larger of their
    p-values counts: Welch's of the difference of the means, which is cautious where the slice is
    small beside the others, and for labels the conditional test of two counts, else Welch's of
    the logarithms of the means, which is skewed less where few others stand against a large slice.
    """
    rows, others = len(inside), whole.rows - len(inside)
    mean, rest = float(inside.mean()), max(0.0, whole.mean_without(inside))
    allowed = ratio * rest
    parts = [_variance(inside), ratio**2 * _outside_variance(inside, whole)]
    p_value = _student(mean - allowed, parts, [rows, others])
    if loss == "zero_one":
        p_value = max(
            p_value, _counts(round(mean * rows), rows, round(rest * others), others, ratio)
        )
    elif mean > allowed > 0:
        scaled = [parts[0] / mean**2, parts[1] / allowed**2]
        p_value = max(p_value, _student(math.log(mean / allowed), scaled, [rows, others]))
    return Excess("others", mean, allowed, math.sqrt(sum(parts)), p_value, rows)


def _counts(inside: int, rows: int, outside: int, others: int, ratio: float) -> float:
    """
    Return the p-value of so many wrong labels inside, if they are `ratio` times as frequent there.

    Given the number of all wrong labels, those inside are binomial if the counts are of Poisson
    (Przyborowski and Wilenski, Biometrika 1940). Counts of labels vary less, which makes it
    cautious.
    """
    share = ratio * rows / (ratio * rows + others)
    return float(stats.binom.sf(inside - 1, inside + outside, share))


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
