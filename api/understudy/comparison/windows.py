"""
Windows: drift of one stretch of traffic after another, for whoever is to be woken.

Traffic is cut into disjoint blocks of whole days (UTC) with at least a thousand units. A block is
tested once, when it is closed, and its result is stored; over ninety days of unchanged traffic any
false alarm comes with at most five per cent, whatever the length of the blocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .columns import Kind
from .drift import DriftReport, drift, sentence
from .jsonable import as_json
from .outcomes import DAY
from .traffic import Columns, Traffic, Training
from .units import Values

TRAINING, WEEK_BEFORE = "training", "a week before"

LEAST_UNITS = 1000
SPENT_OVER_DAYS = 90.0
CLEAN_BLOCKS = 2
WEEK = 7 * DAY


@dataclass(frozen=True)
class Block:
    """Whole days of traffic, from `start` to before `end` in seconds since 1970."""

    start: float
    end: float
    units: int

    @property
    def days(self) -> float:
        """Its length in days."""
        return (self.end - self.start) / DAY

    def level(self, alpha: float) -> float:
        """Gives what this block may err with, so that ninety days together err with alpha."""
        return min(alpha, alpha * self.days / SPENT_OVER_DAYS)


@dataclass(frozen=True)
class WindowAlarm:
    """One finding that alarms: against the training sample, or against a week before."""

    column: str
    finding: str
    against: str
    text: str


@dataclass(frozen=True)
class WindowLook:
    """What was found when a block was closed; this is stored and never computed again."""

    start: float
    end: float
    units: int
    level: float
    against: tuple[str, ...]
    alarms: tuple[WindowAlarm, ...]

    def to_json(self) -> dict[str, Any]:
        """Gives the look as a JSON object that `from_json` reads back."""
        result: dict[str, Any] = as_json(self)
        return result

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "WindowLook":
        """Reads what `to_json` gave."""
        alarms = tuple(WindowAlarm(**alarm) for alarm in given["alarms"])
        return cls(**{**given, "against": tuple(given["against"]), "alarms": alarms})


@dataclass(frozen=True, eq=False)
class Against:
    """What a block is held against, and the block's own columns in the form that fits it."""

    name: str
    before: Columns
    current: Columns | Traffic
    training: Training | None = None


@dataclass(frozen=True, eq=False)
class Tested:
    """What was found in a block, and the whole report of each of its comparisons."""

    look: WindowLook
    reports: Mapping[str, DriftReport]


@dataclass(frozen=True)
class WindowState:
    """
    Whether the traffic alarms now.

    An alarm stays until two blocks in succession raise none; `alarms` are those of the newest block
    that raised any, `since` is the end of the block that raised the first, None without an alarm.
    """

    is_alarming: bool
    since: float | None
    clean_blocks: int
    blocks: int
    alarms: tuple[WindowAlarm, ...]

    def to_json(self) -> dict[str, Any]:
        """Gives the state as a JSON object."""
        result: dict[str, Any] = as_json(asdict(self))
        return result


def closed_blocks(
    served_at: Values, now: float, after: float | None = None, least: int = LEAST_UNITS
) -> tuple[Block, ...]:
    """
    Cuts the units served at these times into the blocks that are closed by now.

    A block begins on the day of the first unit that is in none yet (from `after` on, where the last
    one ended) and ends at the first midnight by which it has enough units. Days without traffic
    between two blocks belong to neither.
    """
    times = np.sort(np.asarray(served_at, dtype=np.float64))
    if after is not None:
        times = times[times >= after]
    blocks: list[Block] = []
    while len(times):
        start = times[0] // DAY * DAY
        if len(times) < least:
            break
        end = (times[least - 1] // DAY + 1) * DAY
        if end > now:
            break
        units = int(np.searchsorted(times, end))
        blocks.append(Block(float(start), float(end), units))
        times = times[units:]
    return tuple(blocks)


def next_block(units: Mapping[float, int], until: float, least: int = LEAST_UNITS) -> Block | None:
    """
    Cuts the first block from the units of each day, given by the day's start.

    It is the first of `closed_blocks` for units of which only the day is known; None while it is
    not over at `until`.
    """
    days = sorted(day for day, count in units.items() if count)
    total = 0
    for day in days:
        total += units[day]
        if total >= least:
            return Block(days[0], day + DAY, total) if day + DAY <= until else None
    return None


def week_before(block: Block, blocks: Sequence[Block]) -> Block | None:
    """Finds the block of the same weekdays a week before, if one was closed then."""
    return next(
        (b for b in blocks if b.start == block.start - WEEK and b.end == block.end - WEEK), None
    )


def window_look(
    block: Block,
    current: Columns | Traffic,
    reference: Columns | None,
    earlier: Columns | Traffic | None,
    *,
    kinds: Mapping[str, Kind] | None = None,
    training: Training | None = None,
    alpha: float = 0.05,
) -> WindowLook:
    """
    Tests a closed block against the training sample and against a week before.

    Each comparison takes its share of the block's level and Holm's adjustment over its findings.
    Assumes that units are independent of each other, in both samples.
    """
    sides = []
    if reference is not None:
        sides.append(Against(TRAINING, reference, current, training))
    if earlier is not None:
        before = earlier.one_per_unit() if isinstance(earlier, Traffic) else earlier
        sides.append(Against(WEEK_BEFORE, before, current))
    return hold_against(block, sides, kinds=kinds, alpha=alpha).look


def hold_against(
    block: Block,
    sides: Sequence[Against],
    *,
    kinds: Mapping[str, Kind] | None = None,
    alpha: float = 0.05,
) -> Tested:
    """Tests a closed block as `window_look` does, each comparison with columns of its own."""
    level = block.level(alpha)
    reports = {
        side.name: drift(
            side.before,
            side.current,
            kinds=kinds,
            training=side.training,
            alpha=level / len(sides),
        )
        for side in sides
    }
    alarms = tuple(alarm for name, report in reports.items() for alarm in _alarms(report, name))
    look = WindowLook(block.start, block.end, block.units, level, tuple(reports), alarms)
    return Tested(look, reports)


def _alarms(report: DriftReport, against: str) -> list[WindowAlarm]:
    return [WindowAlarm(f.column, f.finding, against, sentence(f)) for f in report.alarms]


def conclude_windows(looks: Sequence[WindowLook]) -> WindowState:
    """Tells from all stored looks whether there is an alarm now; their order is that of time."""
    since: float | None = None
    clean = 0
    alarms: tuple[WindowAlarm, ...] = ()
    for look in sorted(looks, key=lambda look: look.start):
        if look.alarms:
            since, clean, alarms = since or look.end, 0, look.alarms
            continue
        clean += 1
        if clean >= CLEAN_BLOCKS:
            since, alarms = None, ()
    return WindowState(since is not None, since, clean, len(looks), alarms)
