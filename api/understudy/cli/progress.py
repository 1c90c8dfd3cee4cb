"""How far a long command is: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import click

_QUIET_EVERY_S = 10.0


@contextmanager
def progress(label: str, total: int, done: int = 0) -> Iterator[Callable[[int], None]]:
    """
    Show progress on stderr, so that results on stdout stay clean; yields how to advance it.

    `done` of the `total` were there before: they count for the bar and not for the rate.
    """
    if sys.stderr.isatty():
        with _bar(label, total, done) as advance:
            yield advance
    else:
        yield _Lines(label, total, done).advance


@contextmanager
def _bar(label: str, total: int, done: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), Remaining(),
    )  # fmt: skip
    pace = _Pace()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total, completed=done, rate="")

        def advance(steps: int) -> None:
            pace.step(steps)
            bar.update(task, advance=steps, rate=f"{pace.per_second:,.0f}/s")

        yield advance


class _Pace:
    """How fast it goes, from the first step on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._steps = 0

    def step(self, steps: int) -> None:
        self._steps += steps

    @property
    def per_second(self) -> float:
        seconds = self._clock() - self._began
        return self._steps / seconds if seconds > 0 else 0.0

    def remaining(self, steps: int) -> str:
        if not steps or not self.per_second:
            return ""
        return f", about {timedelta(seconds=round(steps / self.per_second))} left"


class _Lines:
    def __init__(
        self, label: str, total: int, done: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._label = label
        self._total = total
        self._clock = clock
        self._done = done
        self._pace = _Pace(clock)
        self._next = clock() + _QUIET_EVERY_S

    def advance(self, steps: int) -> None:
        self._done += steps
        self._pace.step(steps)
        if self._clock() >= self._next:
            self._next = self._clock() + _QUIET_EVERY_S
            left = self._pace.remaining(self._total - self._done)
            rate = f"{self._pace.per_second:,.1f}/s"
            click.echo(f"{self._label}: {self._done} of {self._total}, {rate}{left}", err=True)
