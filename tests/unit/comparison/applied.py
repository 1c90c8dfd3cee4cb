"""Every statistic of the list, applied to two columns of numbers in the way it takes them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.comparison import Finding, Guard, Policy
from understudy.comparison.guards import Criterion, Limits
from understudy.comparison.sequences import unit_moments
from understudy.comparison.statistics import STATISTICS, Statistic
from understudy.comparison.tallies import count_cells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL = 0.05
MARGIN = 0.1
CLASSES = 4
POLICY = Policy().with_defaults()


@dataclass(frozen=True)
class Applied:
    """What a statistic found, as far as all of them have it; `effect` is nought for no effect."""

    name: str
    effect: float | None
    p_value: float | None
    interval: tuple[float, float] | None
    whole: Any


@dataclass(frozen=True)
class Rows:
    """Two numbers per row and the unit of each row."""

    live: Floats
    shadow: Floats
    codes: Ints

    @property
    def middle(self) -> Floats:
        """A number per row that does not depend on which side is which, or on the order."""
        with np.errstate(over="ignore", invalid="ignore"):
            wave = np.sin(np.clip(self.live + self.shadow, -1e6, 1e6))
        return np.asarray((self.live + self.shadow) / 2 + wave)

    @property
    def came(self) -> NDArray[np.bool_]:
        """Whether an event happened, as independent of the sides and of the order."""
        with np.errstate(over="ignore", invalid="ignore"):
            both = np.clip(self.live + self.shadow, -1e6, 1e6)
        return np.asarray(np.sin(3 * both + 1) > 0)


def rows_of(live: Floats, shadow: Floats) -> Rows:
    """Return rows each of which is its own unit."""
    return Rows(live, shadow, np.arange(len(live)))


def class_codes(values: Floats, classes: int = CLASSES) -> Ints:
    """Turn numbers into class numbers."""
    return np.mod(np.abs(np.clip(values, -1e9, 1e9)), classes).astype(np.int64)


def class_names(values: Floats) -> NDArray[np.object_]:
    """Turn numbers into names of classes."""
    names = np.array([f"class {number}" for number in range(CLASSES)], dtype=object)
    return np.asarray(names[class_codes(values)])


def level_counts(live: Floats, shadow: Floats) -> Ints:
    """Count the classes of both sides."""
    return np.stack([np.bincount(class_codes(side), minlength=CLASSES) for side in (live, shadow)])


def label_square(rows: Rows, size: int) -> Ints:
    """Count each pair of classes."""
    live, shadow = (class_codes(side, size) for side in (rows.live, rows.shadow))
    return np.bincount(live * size + shadow, minlength=size * size).reshape(size, size)


def probabilities(values: Floats) -> Floats:
    """Squeeze numbers into probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -50, 50))))


def _criterion(limits: Limits) -> Criterion:
    return Criterion("law", "a law", limits, LEVEL)


def _beyond_range(before: Floats, after: Floats) -> tuple[int, int, int, int, float]:
    low, high = before.min(initial=np.inf), before.max(initial=-np.inf)
    below, above = int(np.sum(after < low)), int(np.sum(after > high))
    return len(before), below, above, len(after), LEVEL


def _on_a_ruler(before: Floats, after: Floats) -> tuple[Floats, Floats, Ints, float]:
    edges = np.unique(before) if len(before) else np.zeros(1)
    return before, edges, count_cells(after, edges), LEVEL


def _numbers(rows: Rows) -> tuple[Any, ...]:
    return rows.live, rows.shadow, rows.middle, rows.codes, LEVEL


# From two columns to the arguments of a statistic; one that takes a table is asked for several.
ARGUMENTS: Mapping[str, Callable[[Rows], list[tuple[Any, ...]]]] = {
    "two samples": lambda rows: [(rows.live, rows.shadow, LEVEL)],
    "a sample and counts on a ruler": lambda rows: [_on_a_ruler(rows.live, rows.shadow)],
    "counts per level": lambda rows: [(level_counts(rows.live, rows.shadow), LEVEL)],
    "two shares": lambda rows: [
        (
            int(np.sum(rows.live > 0)), len(rows.live),
            int(np.sum(rows.shadow > 0)), len(rows.shadow), LEVEL,
        )
    ],
    "counts beyond a range": lambda rows: [_beyond_range(rows.live, rows.shadow)],
    "differences": lambda rows: [(rows.shadow - rows.live,)],
    "paired numbers": lambda rows: [(rows.live, rows.shadow)],
    "paired numbers and a margin": lambda rows: [(rows.live, rows.shadow, MARGIN)],
    "paired labels": lambda rows: [
        (class_codes(rows.live), class_codes(rows.shadow), CLASSES, LEVEL)
    ],
    "a table of paired labels": lambda rows: [(label_square(rows, k),) for k in (2, CLASSES)],
    "numbers and outcomes": lambda rows: [_numbers(rows)],
    "labels and outcomes": lambda rows: [
        (
            class_names(rows.live), class_names(rows.shadow), class_names(rows.middle),
            rows.codes, LEVEL, positive,
        )
        for positive in (None, "class 1")
    ],
    "scores and events": lambda rows: [(rows.live, rows.shadow, rows.came, rows.codes, LEVEL)],
    "probabilities and events": lambda rows: [
        (probabilities(side), rows.came, LEVEL) for side in (rows.live, rows.shadow)
    ],
    "paired losses": lambda rows: [
        ((np.abs(rows.live), np.abs(rows.shadow)), rows.codes, POLICY, LEVEL)
    ],
    "moments of units": lambda rows: [
        (unit_moments(rows.shadow - rows.live, rows.codes), LEVEL, 1000)
    ],
    "a count of events": lambda rows: [
        (float(np.sum(rows.live != rows.shadow)), float(len(rows.live)), LEVEL)
    ],
    "values per unit": lambda rows: [
        (
            _criterion(Limits(-MARGIN, MARGIN)), rows.shadow - rows.live, rows.codes,
            len(rows.live),
        )
    ],
    "events per unit": lambda rows: [
        (
            _criterion(Limits(None, 0.05)), (rows.live != rows.shadow).astype(np.float64),
            rows.codes, len(rows.live),
        )
    ],
}  # fmt: skip
# Those that take the level last but have no place for it above.
WITH_LEVEL = ("paired t", "marginal KS and chi-square")


def apply(statistic: Statistic, rows: Rows) -> list[Applied]:
    """Apply a statistic, and put what it finds into one shape."""
    more = (LEVEL,) if statistic.name in WITH_LEVEL else ()
    with np.errstate(over="ignore", invalid="ignore"):
        found = [statistic.function(*given, *more) for given in ARGUMENTS[statistic.takes](rows)]
        if statistic.name == "reliability":
            return [_reliability(*found)]
        return [one for result in found for one in _shaped(statistic, result, rows)]


def _shaped(statistic: Statistic, result: Any, rows: Rows) -> Iterator[Applied]:
    name = statistic.name
    if isinstance(result, Finding | list):
        for one in result if isinstance(result, list) else [result]:
            yield Applied(f"{name}: {one.test}", one.effect, one.p_value, one.interval, one)
    elif isinstance(result, Guard):
        yield Applied(name, result.estimate, None, result.interval, result)
    else:
        yield _figure(name, result, rows)


def _figure(name: str, result: Any, rows: Rows) -> Applied:
    if name == "description":
        return Applied(name, result.get("mean"), None, None, result)
    if name == "kappa":
        return Applied(name, None if result is None else 1 - result, None, None, result)
    if name == "loss ratio":
        return Applied(name, result[0], None, result[1], result)
    if name == "sequence of a mean":
        mean = unit_moments(rows.shadow - rows.live, rows.codes).mean
        return Applied(name, mean, None, result, result)
    share = float(np.mean(rows.live != rows.shadow)) if len(rows.live) else None
    return Applied(name, share, None, result, result)


def _reliability(live: Any, shadow: Any) -> Applied:
    """Two models are as reliable as each other if all their bins are alike."""
    gaps = [
        abs((a.observed or 0.0) - (b.observed or 0.0)) + abs(a.count - b.count)
        for a, b in zip(live, shadow, strict=True)
    ]
    return Applied("reliability", max(gaps), None, None, (live, shadow))


BY_NAME = {statistic.name: statistic for statistic in STATISTICS}
