"""Everything on this machine, from one process that the terminal can end."""

import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from urllib.parse import parse_qs, urlsplit

from understudy.agent.key_carrier import KeyCarrier
from understudy.errors import PartFailed, PortTaken
from understudy.log.database import connect
from understudy.log.migrate import migrate
from understudy.serve import asks_for_keys, refuse_open_doors
from understudy.serving.capture_key import make_key
from understudy.settings import PREFIX, Settings
from understudy.stack.addresses import (
    api_url,
    metrics_urls,
    refuse_taken_ports,
)
from understudy.stack.database import database
from understudy.stack.part import Part
from understudy.stack.running import Announcement, Running, hold_data_dir, withdraw

# In the order in which they stop: first nobody asks any more, then what was answered is shipped,
# and whoever reads the prediction log goes last.
_PATIENCE_S = {"serve": 20.0, "agent": 15.0, "shadow": 10.0, "watch": 10.0}
_START_DEADLINE_S = 90.0
_LAST_WORDS_S = 20.0  # what the parts of a killed stack need to finish and free their ports
_POLL_S = 0.1


@dataclass
class _Interrupt:
    """The wish of the terminal to end, which every wait looks at."""

    wished: bool = field(default=False)

    def obey(self) -> None:
        """Raise the end if it is wished."""
        if self.wished:
            raise _EndWished


class _EndWished(Exception):
    """Ends a wait in the middle of something else."""


def up(settings: Settings, say: Callable[[str], None]) -> None:
    """
    Run the whole stack until SIGINT or SIGTERM, then stop it in order.

    Call it from the main thread. Raises SettingInvalid, AlreadyRunning, PortTaken, PartFailed and
    what the database raises; nothing it started is left behind in any case. What cannot be said,
    to a full disk or to nobody, is left unsaid.
    """
    say = _as_far_as_possible(say)
    refuse_open_doors(settings)
    settings = replace(settings, data_dir=settings.data_dir.absolute())
    with (
        _interrupts() as interrupt,
        hold_data_dir(settings) as was_killed,
        suppress(_EndWished),
    ):
        make_key(settings.capture_key_file)
        _wait_for_ports(settings, _LAST_WORDS_S if was_killed else 0.0, interrupt)
        with database(settings, say, interrupt.obey) as log:
            settings = replace(settings, database_url=log.url)
            say("Bringing the database schema up to date …")
            log.use(migrate)
            log.use(partial(_carry_keys, settings))
            _run(settings, interrupt, log.tend, say)
    say("Stopped.")


def _carry_keys(settings: Settings, url: str) -> None:
    """Let the api know from its first answer on whom it asks: the agent starts after it."""
    engine = connect(url, pool_size=1)
    try:
        KeyCarrier(settings, engine).carry()
    finally:
        engine.dispose()


def _run(
    settings: Settings,
    interrupt: _Interrupt,
    tend_database: Callable[[Callable[[], None]], None],
    say: Callable[[str], None],
) -> None:
    parts = _parts(settings, say)
    try:
        for part in parts:
            part.start()
        say("Waiting for the api …")
        _wait_until_live(settings, parts[0], interrupt)
        announcement = Announcement(settings, _running(settings, parts), say)

        def tend() -> None:
            interrupt.obey()
            announcement.tend()
            for part in parts:
                part.tend()

        tend()
        _say_addresses(settings, say)
        while True:
            tend()
            # The parts are looked after also while a database that died is on its way back.
            tend_database(tend)
            time.sleep(_POLL_S)
    finally:
        say("Stopping …")
        withdraw(settings)
        for part in parts:
            part.stop(_PATIENCE_S[part.name])


def _as_far_as_possible(say: Callable[[str], None]) -> Callable[[str], None]:
    def try_to_say(line: str) -> None:
        with suppress(OSError):
            say(line)

    return try_to_say


def _wait_for_ports(settings: Settings, patience_s: float, interrupt: _Interrupt) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        interrupt.obey()
        try:
            return refuse_taken_ports(settings)
        except PortTaken:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_POLL_S)


def _parts(settings: Settings, say: Callable[[str], None]) -> list[Part]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    # The database's URL goes by the environment alone: a process list is for everyone to read.
    environment = inherited | settings.environment()
    logs = settings.data_dir / "logs"
    return [Part(name, environment, logs / f"{name}.log", say) for name in _PATIENCE_S]


def _wait_until_live(settings: Settings, serve: Part, interrupt: _Interrupt) -> None:
    """Wait for the api: one that ends by itself cannot start, one that was killed starts again."""
    deadline = time.monotonic() + _START_DEADLINE_S
    while not interrupt.wished and not _is_live(settings):
        if (serve.ending() or 0) > 0:
            raise PartFailed(serve.name, serve.last_words(), serve.log)
        serve.tend()
        if time.monotonic() > deadline:
            raise PartFailed(serve.name, f"no answer from {api_url(settings)} in time", serve.log)
        time.sleep(_POLL_S)


def _is_live(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(api_url(settings).removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _running(settings: Settings, parts: Sequence[Part]) -> Running:
    return Running(
        pid=os.getpid(),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        endpoint=settings.endpoint,
        data_dir=str(settings.data_dir),
        api=api_url(settings),
        artefacts=settings.artefacts_url,
        database_url=_without_secret(_url(settings)),
        metrics=metrics_urls(settings),
        logs={part.name: str(part.log) for part in parts},
        trusted_keys=str(settings.trusted_keys.absolute()) if settings.trusted_keys else None,
        policy=str(settings.policy.absolute()) if settings.policy else None,
    )


def _say_addresses(settings: Settings, say: Callable[[str], None]) -> None:
    metrics = metrics_urls(settings)
    say(f"Understudy is up: endpoint {settings.endpoint!r}, process {os.getpid()}.")
    say(f"  dashboard {api_url(settings)}/")
    say(f"  api       {api_url(settings)}  (contract: /openapi.json, to try it: /v1/ui)")
    for part, url in metrics.items():
        say(f"  {part:<9} {url}")
    say(f"  logs      {settings.data_dir / 'logs'}")
    if not asks_for_keys(settings):
        say("No API key is asked for: whoever can log in to this machine can use the api.")
        say("  The first `understudy keys create` changes that.")
    say("Ctrl-C stops all of it.")


def _url(settings: Settings) -> str:
    if settings.database_url is None:
        raise AssertionError("the stack has a database before anything asks for it")
    return settings.database_url


def _without_secret(url: str) -> str | None:
    parts = urlsplit(url)
    has_secret = parts.password is not None or "password" in parse_qs(parts.query)
    return None if has_secret else url


@contextmanager
def _interrupts() -> Iterator[_Interrupt]:
    """Turn SIGINT and SIGTERM into a wish; the second one is an interrupt at once."""
    interrupt = _Interrupt()

    def wish(number: int, frame: FrameType | None) -> None:
        if interrupt.wished:
            raise KeyboardInterrupt
        interrupt.wished = True

    before = {number: signal.signal(number, wish) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
