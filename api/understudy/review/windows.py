"""
Windows of the live version's traffic: tested once when they are over, and kept.

They belong to the live version, whether or not anything is in its shadow. Whoever finds one that is
over and untested tests it under a lock; the rows may be dropped then, since their counts are kept.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.counted import columns_of
from understudy.comparison.jsonable import as_json
from understudy.comparison.tallies import Tally
from understudy.comparison.windows import (
    TRAINING,
    WEEK,
    WEEK_BEFORE,
    Against,
    Block,
    Tested,
    WindowLook,
    WindowState,
    conclude_windows,
    hold_against,
    next_block,
)
from understudy.log import windows
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.deployments import history
from understudy.log.locks import try_lock_windows
from understudy.log.windows import DAY_S, KeptWindow, LiveVersion
from understudy.review.learned import Learned
from understudy.settings import Settings

MOST_UNITS = 100_000
"""Of a window with more units than this a sample of them is tested."""
MOST_AT_ONCE = 4
"""Windows tested in one go: whoever asked has other things to do."""
FIRST_DAYS = 15
"""Traffic older than this is in no window, unless there is too little since."""


@dataclass(frozen=True)
class Measured:
    """One effect in a window, whether or not it alarms."""

    column: str
    finding: str
    against: str
    effect_name: str
    effect: float


@dataclass(frozen=True)
class Windows:
    """All windows of a live version, the first one first, and what they add up to."""

    live: LiveVersion
    kept: tuple[KeptWindow, ...]

    @property
    def looks(self) -> tuple[WindowLook, ...]:
        """What was found in each."""
        return tuple(WindowLook.from_json(window.content["look"]) for window in self.kept)

    @property
    def state(self) -> WindowState:
        """Whether the traffic alarms now."""
        return conclude_windows(self.looks)

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The effects in the newest window."""
        newest = self.kept[-1].content["measured"] if self.kept else ()
        return tuple(Measured(**found) for found in newest)

    def to_json(self) -> dict[str, Any]:
        """Return the state and every window, the newest first, as a JSON object."""
        state = self.state
        return {
            "live": f"{self.live.name}:{self.live.version}",
            "digest": self.live.digest,
            "is_alarming": state.is_alarming,
            "since": None if state.since is None else _iso(state.since),
            "clean_windows": state.clean_blocks,
            "alarms": [asdict(alarm) for alarm in state.alarms],
            "windows": [
                _told(window, look)
                for window, look in zip(reversed(self.kept), reversed(self.looks), strict=True)
            ],
        }


def _told(window: KeptWindow, look: WindowLook) -> dict[str, Any]:
    return {
        "number": window.number,
        "since": _iso(look.start),
        "until": _iso(look.end),
        "units": look.units,
        "level": look.level,
        "against": list(look.against),
        "alarms": [asdict(alarm) for alarm in look.alarms],
        "redacted": window.content.get("redacted", []),
        "tested_at": window.at.isoformat(),
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def read_windows(connection: Connection, endpoint: str) -> Windows | None:
    """Return the windows of the live version as they are kept; None if nothing is live."""
    live = windows.find_live(endpoint, history(connection, endpoint))
    return None if live is None else Windows(live, tuple(windows.list_windows(connection, live)))


def close_windows(engine: Engine, settings: Settings, store: ArtefactStore) -> int:
    """
    Test the windows that are over, some at once, and return how many there were.

    Any number of processes may ask: one tests, in a transaction for each window, and the others
    pass on. Raises LogUnavailable, ArtefactError or ComparisonError.
    """
    closed = 0
    while closed < MOST_AT_ONCE and _close_one(engine, settings, store):
        closed += 1
    return closed


def _close_one(engine: Engine, settings: Settings, store: ArtefactStore) -> bool:
    with log_errors(), engine.begin() as connection:
        live = windows.find_live(settings.endpoint, history(connection, settings.endpoint))
        if live is None or not try_lock_windows(connection, live.endpoint):
            return False
        number, after = windows.last_window(connection, live)
        block = _due(connection, live, after)
        if block is None:
            return False
        learned = Learned(store.pull(live.name, live.version, settings.reading_dir))
        content, tallies = _test(connection, live, block, learned)
        windows.write_window(connection, live, number + 1, content, tallies)
        return True


def _due(connection: Connection, live: LiveVersion, after: float | None) -> Block | None:
    """Return the first block that is over and in no window yet."""
    until = windows.shipped_until(connection, live.endpoint) // DAY_S * DAY_S
    first = live.first_at.timestamp() if after is None else after
    starts = [first] if after is not None else [max(first, until - FIRST_DAYS * DAY_S), first]
    for since in sorted(set(starts), reverse=True):
        if since < until:
            units = windows.count_units(connection, live, since, until)
            if block := next_block(units, until):
                return block
    return None


def _test(
    connection: Connection, live: LiveVersion, block: Block, learned: Learned
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what is kept of a block: what was found, and its rows as counts."""
    span = max(block.start, live.first_at.timestamp()), block.end
    redacted = windows.redacted_in(connection, live, learned.features, span)
    readable = [name for name in learned.features if name not in redacted]
    rows = windows.read_units(connection, live, readable, span, MOST_UNITS)
    current = pd.DataFrame(rows, columns=readable)
    family = learned.family.only(readable)
    tallies = family.tally(current)
    before = windows.read_tallies(connection, live, block.start - WEEK, block.end - WEEK) or {}
    then = {name: Tally.from_json(before[name]) for name in readable if name in before}
    sides = []
    if readable:
        sides.append(Against(TRAINING, learned.trained[readable], current, learned.training))
    if then:
        both = family.only(list(then))
        sides.append(Against(WEEK_BEFORE, columns_of(both, then), columns_of(both, tallies)))
    kinds = {name: column.kind for name, column in family.columns.items()}
    tested = hold_against(block, sides, kinds=kinds)
    content = {
        "look": tested.look.to_json(), "measured": _measured(tested), "redacted": sorted(redacted),
    }  # fmt: skip
    return content, {name: tally.to_json() for name, tally in tallies.items()}


def _measured(tested: Tested) -> list[dict[str, Any]]:
    found = [
        Measured(one.column, one.finding, against, one.effect_name, one.effect)
        for against, report in tested.reports.items()
        for one in report.findings
        if one.effect is not None
    ]
    kept: list[dict[str, Any]] = as_json([asdict(one) for one in found])
    return kept
