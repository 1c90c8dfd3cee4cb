"""
The press: a process beside an api worker that compares and draws.

A comparison takes seconds and holds the interpreter: beside the live path it would delay every
prediction of its worker. So it runs in a child of low priority, which is started by the first
reader of the dashboard, ends when nobody reads any more, and never outlives its worker.
"""

import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from markupsafe import Markup

from understudy import errors
from understudy.dashboard.sheet import Sheet
from understudy.errors import BoardNotDrawn, UnderstudyError
from understudy.settings import PREFIX, Settings

FRESH_S = 15.0
PATIENCE_S = 25.0
SHORT_PATIENCE_S = 1.0
LONGEST_S = 300.0
MOST_SHEETS = 16
_TIMES = 10

PRINTER = (sys.executable, "-m", "understudy.dashboard.printer")

Key = tuple[str, int]  # a shadow and the deployment in which it is one

log = logging.getLogger("understudy.dashboard")


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
    """

    def __init__(
        self,
        settings: Settings,
        *,
        fresh_s: float = FRESH_S,
        patience_s: float = PATIENCE_S,
        program: Sequence[str] = PRINTER,
    ) -> None:
        self._settings = settings
        self._program = program
        self._fresh_s = fresh_s
        self._patience_s = patience_s
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._drawing: dict[Key, Future[Sheet]] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")
        self._child: subprocess.Popen[bytes] | None = None

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
            return drawing.result(SHORT_PATIENCE_S if is_usable else self._patience_s)
        except TimeoutError:
            if kept is not None and is_usable:
                return kept.sheet
            raise BoardNotDrawn(shadow, "it is still being drawn") from None

    def close(self) -> None:
        """End the child and whatever it was drawing."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._end_child()

    def _look(self, key: Key) -> tuple[_Kept | None, "Future[Sheet] | None"]:
        """Return what is kept, and the drawing under way unless that is fresh."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.is_fresh():
                return kept, None
            if key not in self._drawing:
                self._drawing[key] = self._thread.submit(self._draw, key)
            return kept, self._drawing[key]

    def _draw(self, key: Key) -> Sheet:
        begun = time.monotonic()
        try:
            sheet = _read(key[0], self._ask(key[0]))
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

    def _ask(self, shadow: str) -> bytes:
        """Have the child draw; one that ended while nobody asked is replaced."""
        if self._child is None or self._child.poll() is not None:
            self._end_child()
            self._child = _start(self._program, self._settings)
        questions, answers = self._child.stdin, self._child.stdout
        assert questions is not None  # noqa: S101 - for mypy: both are pipes
        assert answers is not None  # noqa: S101
        reply, is_late = b"", False
        with suppress(OSError, ValueError):  # the pipes of a child that ended
            questions.write(shadow.encode() + b"\n")
            questions.flush()
            is_late = not select.select([answers], [], [], LONGEST_S)[0]
            reply = b"" if is_late else answers.readline()
        if reply:
            return reply
        self._end_child()
        reason = f"it took more than {LONGEST_S:g} s" if is_late else "its process ended"
        raise BoardNotDrawn(shadow, reason)

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            with child:  # closes the pipes and waits
                pass


def _start(program: Sequence[str], settings: Settings) -> "subprocess.Popen[bytes]":
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    return subprocess.Popen(
        program,
        env=inherited | settings.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _read(shadow: str, reply: bytes) -> Sheet:
    found: dict[str, Any] = orjson.loads(reply)
    if "sheet" in found:
        sheet = found["sheet"]
        return Sheet(
            title=sheet["title"],
            card=Markup(sheet["card"]),  # noqa: S704 - rendered by our own templates
            content=Markup(sheet["content"]),  # noqa: S704
            made_at=datetime.fromisoformat(sheet["made_at"]),
        )
    if "crash" in found:
        log.error("the board of %s was not drawn:\n%s", shadow, found["crash"])
        raise BoardNotDrawn(shadow, "it failed; the log of the api says more")
    raise _error(found["error"], found["message"])


def _error(name: str, message: str) -> UnderstudyError:
    """Return an error of our tree as the child raised it; constructors would build it anew."""
    kind: type[UnderstudyError] = getattr(errors, name)
    error = kind.__new__(kind)
    error.args = (message,)
    return error
