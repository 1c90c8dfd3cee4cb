"""Which classes a model takes for which."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from understudy.presentation.canvas import INK, canvas, drawn, shortened

Integers = NDArray[np.int64]

MOST_CLASSES = 20
OTHERS = "all others"


@drawn
def confusion(truth: Integers, labels: Integers, classes: tuple[str, ...]) -> Figure:
    """
    Draw how often each true class (rows) was given each label (columns).

    `truth` and `labels` are numbers of classes, a truth of -1 is a class that the model does not
    know. Of many classes the most frequent are shown, and the others as one.
    """
    names, table = _table(truth, labels, classes)
    side = min(max(2.6, 0.42 * len(names) + 1.3), 6.6)
    figure, axes = canvas(side, side)
    shares = table / np.maximum(1, table.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.grid(visible=False)
    shown = [shortened(name, 14) for name in names]
    turned = len(names) > 4 and max(map(len, shown)) > 2
    axes.set_xticks(range(table.shape[1]), shown[: table.shape[1]], rotation=45 if turned else 0)
    axes.set_yticks(range(len(names)), shown)
    size = 8 if len(names) <= 12 else 6
    for (row, column), cell in np.ndenumerate(table):
        if cell:
            colour = "white" if shares[row, column] > 0.55 else INK
            axes.text(
                column, row, f"{cell:,}", ha="center", va="center", color=colour, fontsize=size
            )
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    return figure


def _table(
    truth: Integers, labels: Integers, classes: tuple[str, ...]
) -> tuple[list[str], Integers]:
    """Count pairs; truths that the model does not know are a last row without a column."""
    place, names = _places(truth, classes)
    rows = np.where(truth >= 0, place[np.maximum(truth, 0)], len(names))
    table = np.zeros((len(names) + 1, len(names)), dtype=np.int64)
    np.add.at(table, (rows, place[labels]), 1)
    if not (truth < 0).any():
        return names, table[:-1]
    return [*names, "(unknown)"], table


def _places(truth: Integers, classes: tuple[str, ...]) -> tuple[Integers, list[str]]:
    """Return the row of each class and the names of the rows."""
    if len(classes) <= MOST_CLASSES:
        return np.arange(len(classes)), list(classes)
    counts = np.bincount(truth[truth >= 0], minlength=len(classes))
    kept = np.sort(np.argsort(-counts, kind="stable")[: MOST_CLASSES - 1])
    place = np.full(len(classes), len(kept), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    return place, [*(classes[number] for number in kept), OTHERS]
