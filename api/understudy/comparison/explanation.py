"""What drives disagreement: a shallow tree on the paired difference, told as rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .blocks import difference, labels_differ
from .conditions import Value, encode, tell_path
from .halves import unit_draws
from .jsonable import as_json
from .panel import Flags, Floats, Ints, Panel, arrange_panel
from .rows import Rows
from .seeds import seed_of

DEPTH = 3
LEAST_ROWS = 50
LEAST_SHARE = 0.02
LEAST_GAIN = 0.005
LEAST_EXPLAINED = 0.01
LEAST_UNITS = 100
MOST_ROWS = 20_000
TAIL = 0.01


@dataclass(frozen=True)
class Rule:
    """
    A part of the traffic in words, with the mean difference there.

    `rows`, `share` and `mean_difference` are those of half B, on which the tree was not grown; for
    classes the difference is the mean total variation, or the share of differing labels.
    """

    text: str
    rows: int
    share: float
    mean_difference: float


@dataclass(frozen=True)
class Explanation:
    """
    The rules of the tree, those with the widest difference first; it decides nothing.

    `explained` is the share of the variance of d, without its tails, that the rules explain on half
    B; `features` are the columns with what each contributes to that of half A. Where no more than
    one per cent is explained there are no rules and no features.
    """

    rules: tuple[Rule, ...]
    explained: float
    features: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Gives the explanation as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return result


def explain(rows: Rows, columns: pd.DataFrame) -> Explanation | None:
    """
    Explains where shadow − live is high and where low by the columns of the same rows.

    The tree is grown on half A of the units and told by half B. It looks at d cut off at the first
    and the last per cent, lest three wild answers in a thousand be all the variance there is. None
    if there is nothing to explain or too little to do it with: no column, no difference, fewer than
    100 units in a half.
    """
    draws = unit_draws(rows.units.names)
    panel = arrange_panel(rows, (), draws, rows.compared)
    d = _values(panel)
    grown, told = panel.searched, ~panel.searched
    if any(len(np.unique(panel.units[half])) < LEAST_UNITS for half in (grown, told)):
        return None
    ordered = columns.iloc[panel.picked].reset_index(drop=True)
    encoded = encode(ordered, grown)
    if not encoded or not np.ptp(d[grown]):
        return None
    return _grow(encoded, d, grown)


def _values(panel: Panel) -> Floats:
    d = difference(panel.rows)
    values = labels_differ(panel.rows) if d is None else d
    if values is None:
        return np.zeros(len(panel.picked))
    return values[panel.picked].astype(np.float64)


def _grow(encoded: Sequence[Value], d: Floats, grown: Flags) -> Explanation:
    # Here, because whoever only reads or prints a comparison should not pay for it.
    from sklearn.tree import DecisionTreeRegressor

    table = np.column_stack([value.values for value in encoded]).astype(np.float32)
    first = np.flatnonzero(grown)[:MOST_ROWS]
    calm = _cut_off(d, d[grown])
    tree = DecisionTreeRegressor(
        max_depth=DEPTH,
        min_samples_leaf=max(LEAST_ROWS, int(np.ceil(LEAST_SHARE * len(first)))),
        min_impurity_decrease=LEAST_GAIN * float(np.var(calm[first])),
        random_state=seed_of(d),
    ).fit(table[first], calm[first])
    other, truth = table[~grown], calm[~grown]
    spread = float(np.sum((truth - truth.mean()) ** 2))
    left = float(np.sum((truth - tree.predict(other)) ** 2))
    explained = 1 - left / spread if spread > 0 else 0.0
    if explained <= LEAST_EXPLAINED:
        return Explanation((), max(0.0, explained), ())
    rules = _rules(tree.tree_, encoded, tree.apply(other), d[~grown])
    gains = pd.Series(tree.feature_importances_).groupby([v.column for v in encoded]).sum()
    features = sorted(gains[gains > 0].items(), key=lambda item: (-item[1], item[0]))
    return Explanation(
        tuple(sorted(rules, key=lambda rule: (-abs(rule.mean_difference), rule.text))),
        explained,
        tuple((str(name), float(gain)) for name, gain in features),
    )


def _cut_off(d: Floats, grown: Floats) -> Floats:
    """Leaves d as it is where one per cent on either side is all that differs."""
    low, high = np.quantile(grown, (TAIL, 1 - TAIL))
    return np.clip(d, low, high) if low < high else d


def _rules(tree: Any, encoded: Sequence[Value], leaves: Ints, truth: Floats) -> Iterator[Rule]:
    for leaf, path in _paths(tree):
        inside = truth[leaves == leaf]
        if len(inside):
            mean = float(inside.mean())
            yield Rule(tell_path(encoded, path), len(inside), len(inside) / len(truth), mean)


def _paths(tree: Any) -> Iterator[tuple[int, tuple[tuple[int, float, bool], ...]]]:
    """Yields each leaf with its conditions: which value, which threshold, and if it is above."""
    waiting: list[tuple[int, tuple[tuple[int, float, bool], ...]]] = [(0, ())]
    while waiting:
        node, path = waiting.pop()
        left, right = tree.children_left[node], tree.children_right[node]
        if left < 0:
            yield node, path
            continue
        at = int(tree.feature[node]), float(tree.threshold[node])
        waiting += [(left, (*path, (*at, False))), (right, (*path, (*at, True)))]
