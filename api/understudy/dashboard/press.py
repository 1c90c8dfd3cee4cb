"""
The press: a process beside an api worker that compares and draws.

A comparison takes seconds and holds the interpreter: beside the live path it would delay every
prediction of its worker. So it runs in a child of low priority, which is started by the first
reader, ends when nobody reads any more, and never outlives its worker.
"""

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from understudy.dashboard.child import Child
from understudy.dashboard.sheet import Sheet
from understudy.errors import BoardNotDrawn
from understudy.settings import Settings

FRESH_S = 15.0
PATIENCE_S = 25.0
SHORT_PATIENCE_S = 1.0
PROGRAMS_PATIENCE_S = 120.0
MOST_SHEETS = 16
MOST_READERS = 6
"""So many may wait at once: each holds one of the ten threads of the control plane."""
_TIMES = 10

PRINTER = (sys.executable, "-m", "understudy.dashboard.printer")

Key = tuple[str, int]  # a shadow and the deployment in which it is one


@dataclass(frozen=True)
class _Kept:
    """A sheet, when it was drawn, on a clock that never steps, and how long it is fresh."""

    sheet: Sheet
    at: float
    fresh_s: float

    def is_fresh(self, times: float = 1.0) -> bool:
        return time.monotonic() - self.at < times * self.fresh_s


class Press:
    """
    Keeps the sheets of shadows, and has those that are too old drawn again, one at a time.

    A sheet is fresh for `fresh_s`, and for ten times as long as it took to draw, so that drawing
    never costs more than a tenth of a processor however many people look. Readers of a stale one
    wait a moment for the new one and then get the old; readers of one that is missing or very old
    wait for `patience_s`. What is not drawn by then goes on being drawn for whoever comes next.

    Programs that ask for a comparison get one that was begun after they asked, and wait longer.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        fresh_s: float = FRESH_S,
        patience_s: float = PATIENCE_S,
        programs_patience_s: float = PROGRAMS_PATIENCE_S,
        program: Sequence[str] = PRINTER,
    ) -> None:
        self._fresh_s = fresh_s
        self._patience_s = patience_s
        self._programs_patience_s = programs_patience_s
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._drawing: dict[Key, Future[Sheet]] = {}
        self._waiting: dict[str, Future[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._seats = threading.BoundedSemaphore(MOST_READERS)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")
        self._child = Child(program, settings)

    def sheet(self, shadow: str, deployment_id: int) -> Sheet:
        """
        Return the sheet of a shadow, `NAME:VERSION`.

        Raises BoardNotDrawn, or what the comparison raised.
        """
        key = (shadow, deployment_id)
        kept, drawing = self._look(key)
        if drawing is None:
            assert kept is not None  # noqa: S101 - for mypy: what is not drawn is fresh
            return kept.sheet
        is_usable = kept is not None and kept.is_fresh(10)
        try:
            with self._seat():
                return drawing.result(SHORT_PATIENCE_S if is_usable else self._patience_s)
        except (TimeoutError, _NoSeat) as reason:
            if kept is not None and is_usable:
                return kept.sheet
            raise _not_drawn(shadow, reason) from None

    def comparison(self, shadow: str) -> dict[str, Any]:
        """
        Return the comparison of a shadow as a JSON object, of now.

        Whoever asks before it is begun shares it. Raises BoardNotDrawn, or what the comparison
        raised.
        """
        with self._lock:
            if shadow not in self._waiting:
                self._waiting[shadow] = self._thread.submit(self._compare, shadow)
            comparing = self._waiting[shadow]
        try:
            with self._seat():
                return comparing.result(self._programs_patience_s)
        except (TimeoutError, _NoSeat) as reason:
            raise _not_drawn(shadow, reason) from None

    @contextmanager
    def _seat(self) -> Iterator[None]:
        """Wait as one of a few; raises _NoSeat if that many wait already."""
        if not self._seats.acquire(blocking=False):
            raise _NoSeat
        try:
            yield
        finally:
            self._seats.release()

    def close(self) -> None:
        """End the child and whatever it was drawing."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._child.end()

    def _look(self, key: Key) -> tuple[_Kept | None, "Future[Sheet] | None"]:
        """Return what is kept, and the drawing under way unless that is fresh."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.is_fresh():
                return kept, None
            if key not in self._drawing:
                self._drawing[key] = self._thread.submit(self._draw, key)
            return kept, self._drawing[key]

    def _compare(self, shadow: str) -> dict[str, Any]:
        with self._lock:
            del self._waiting[shadow]  # who comes later may know of more
        found: dict[str, Any] = self._child.ask("comparison", shadow)
        return found

    def _draw(self, key: Key) -> Sheet:
        begun = time.monotonic()
        try:
            sheet = _read(self._child.ask("sheet", key[0]))
        except BaseException:
            with self._lock:
                del self._drawing[key]
            raise
        with self._lock:
            del self._drawing[key]
            now = time.monotonic()
            self._kept[key] = _Kept(sheet, now, max(self._fresh_s, _TIMES * (now - begun)))
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_SHEETS:
                self._kept.popitem(last=False)
        return sheet


class _NoSeat(Exception):
    """As many as may wait do so already."""


def _not_drawn(shadow: str, reason: Exception) -> BoardNotDrawn:
    is_full = isinstance(reason, _NoSeat)
    return BoardNotDrawn(
        shadow, f"{MOST_READERS} wait for one already" if is_full else "it is still being made"
    )


def _read(sheet: dict[str, Any]) -> Sheet:
    return Sheet(
        title=sheet["title"],
        card=Markup(sheet["card"]),  # noqa: S704 - rendered by our own templates
        content=Markup(sheet["content"]),  # noqa: S704
        made_at=datetime.fromisoformat(sheet["made_at"]),
    )
