"""Waits until a replay is scored, and says what stands in the way."""

import time
from typing import TYPE_CHECKING

import click

from understudy.cli.output import plain
from understudy.cli.progress import progress
from understudy.errors import ScoringFailed

if TYPE_CHECKING:
    from understudy.log.database import Engine
    from understudy.log.replay import Replay, Standing

_POLL_S = 0.5
_UNHEARD_AFTER_S = 10.0


def follow(log: "Engine", wanted: "Replay") -> "Standing":
    """Wait until all is scored, saying how far it is and what stands in the way."""
    try:
        return _wait(log, wanted)
    except KeyboardInterrupt:
        click.echo(
            "The work stays, and a shadow process goes on scoring it. The same command again shows"
            f" how far it is; `understudy replay {wanted.model} --cancel` takes back what waits.",
            err=True,
        )
        raise


def _wait(log: "Engine", wanted: "Replay") -> "Standing":
    standing = read(log, wanted)
    total = standing.settled + standing.waiting
    heard = _Hearing(log, wanted)
    if standing.waiting:
        click.echo(f"{standing.waiting:,} instances wait for a shadow process.", err=True)
    with progress("scoring instances", total, done=standing.settled) as advance:
        while standing.waiting:
            began = time.monotonic()
            before, standing = standing, read(log, wanted)
            advance(standing.settled - before.settled)
            heard.listen(is_moving=standing.settled > before.settled)
            # A replay of a year takes a while to count: nine tenths of the time are left to others.
            time.sleep(max(_POLL_S, 9 * (time.monotonic() - began)) if standing.waiting else 0)
    return standing


def read(log: "Engine", wanted: "Replay") -> "Standing":
    from understudy.log.replay import read_standing

    with log.begin() as connection:
        return read_standing(connection, wanted)


class _Hearing:
    """Says once what keeps a replay from being scored; a version that is broken ends the wait."""

    def __init__(self, log: "Engine", wanted: "Replay") -> None:
        self._log = log
        self._wanted = wanted
        self._moved_at = time.monotonic()
        self._told: str | None = None

    def listen(self, *, is_moving: bool) -> None:
        """Look how the version fares, if nothing was scored lately."""
        if is_moving:
            self._moved_at = time.monotonic()
            return
        state, detail = self._state()
        if state == "broken":
            raise ScoringFailed(
                f"{self._wanted.model} cannot be scored: {detail} The work stays; take it back with"
                f" `understudy replay {self._wanted.model} --cancel`."
            )
        if state == "failing":
            self._say(f"{self._wanted.model} is failing: {plain(detail)}")
        elif time.monotonic() - self._moved_at > _UNHEARD_AFTER_S:
            self._say(
                "Live traffic of the shadows comes first; the replay waits for its turn."
                if state
                else "No shadow process has taken it up yet. Does `understudy shadow` run?"
            )

    def _state(self) -> tuple[str | None, str]:
        from understudy.log.work import read_states

        with self._log.begin() as connection:
            states = read_states(connection, self._wanted.endpoint)
        key = self._wanted.name, self._wanted.version
        found = next((one for one in states if (one.name, one.version) == key), None)
        return (None, "") if found is None else (found.state, found.detail)

    def _say(self, text: str) -> None:
        if text != self._told:
            self._told = text
            click.echo(text, err=True)
