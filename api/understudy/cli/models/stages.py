"""What packaging is doing, told on stderr while it does it."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

import click

from understudy.artefacts.vetting import GATE_NAMES

# Seconds after which a person wonders what takes so long.
PATIENCE = 1.0


class Stages:
    """
    Says what is being done, and how long after the start.

    Gates are quick and many, so that one line tells of all; one that takes longer than `patience`
    seconds is named while it does.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, patience: float = PATIENCE
    ) -> None:
        self._clock, self._patience = clock, patience
        self._start = clock()
        self._timer: threading.Timer | None = None
        self._asks_gates = False

    def __enter__(self) -> "Stages":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._forget()

    def __call__(self, what: str) -> None:
        """Say what begins now."""
        self._forget()
        asked_before, self._asks_gates = self._asks_gates, what.startswith("gate ")
        if not self._asks_gates:
            self._say(what)
            return
        if not asked_before:
            self._say(f"asking {len(GATE_NAMES)} gates")
        self._timer = threading.Timer(self._patience, self._say, [what])
        self._timer.daemon = True
        self._timer.start()

    def _forget(self) -> None:
        """What is done needs no name any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _say(self, what: str) -> None:
        click.echo(f"{self._clock() - self._start:6.1f} s  {what}", err=True)
