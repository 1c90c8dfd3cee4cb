"""How much worse one model is than another on the same rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understudy.packaging.gates.intervals import Interval, paired_interval
from understudy.packaging.gates.losses import LOSS_NAMES, Loss
from understudy.packaging.gates.wording import exactly, figure, percent, shown

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """
    The mean losses of two models, and the paired interval of ours less theirs.

    `excess` is the interval of what ours is more than theirs and a margin, which is a share of
    theirs. It decides: the margin is estimated from the same rows as the difference.
    """

    loss: Loss
    ours: float
    theirs: float
    interval: Interval
    excess: Interval

    @property
    def name(self) -> str:
        """What the mean loss is called, with our figure: `mean absolute error 12,137`."""
        return f"{LOSS_NAMES[self.loss]} {exactly(self.ours)}"

    @property
    def by(self) -> str:
        """How large the difference is, without its sign: `43,900 (41,200 to 46,500 at 95 % …)`."""
        found = self.interval
        figures = [found.mean, found.low, found.high]
        if found.mean < 0:
            figures = [-found.mean, -found.high, -found.low]
        gap, low, high = map(shown, figures)
        return f"{gap} ({low} to {high} at {percent(found.level)}, {found.rows:,} rows)"

    @property
    def size(self) -> str:
        """How large the difference is, from our side: `better by 43,900 (41,200 to …)`."""
        return f"{'better' if self.interval.mean < 0 else 'worse'} by {self.by}"

    def figures(self, other: str) -> dict[str, object]:
        """Return all of it for programs, the `other` model by its name; an unknown end is None."""
        return {
            "loss": self.loss,
            "rows": self.interval.rows,
            "new_loss": figure(self.ours),
            f"{other}_loss": figure(self.theirs),
            "difference": figure(self.interval.mean),
            "low": figure(self.interval.low),
            "high": figure(self.interval.high),
            "level": self.interval.level,
        }

    def margin_figures(self, share: float) -> dict[str, object]:
        """Return the margin that is a share of their loss, and what ours is more than both."""
        return {
            "margin": figure(share * self.theirs),
            "margin_share": share,
            "excess_low": figure(self.excess.low),
            "excess_high": figure(self.excess.high),
        }


def difference_of(
    ours: Floats, theirs: Floats, loss: Loss, seed: int, margin: float = 0.0
) -> Difference:
    """Compare the losses of two models on the same rows, both of shape (n,)."""
    interval, excess = (
        paired_interval(
            ours - times * theirs, seed, added=(1.0, -times) if loss == "zero_one" else ()
        )
        for times in (1.0, 1 + margin)
    )
    return Difference(loss, float(ours.mean()), float(theirs.mean()), interval, excess)
