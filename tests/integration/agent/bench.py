"""One machine to try an agent on: spools that are really written, and waiting on conditions."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Engine, text

from understudy.agent.courier import Courier
from understudy.agent.events import Event, Observer, ignore
from understudy.agent.follower import Follower
from understudy.agent.run import run_agent
from understudy.records import ServedRequest
from understudy.serving.spool import SpoolWriter
from understudy.settings import Settings

ENDPOINT = "houses"
Kind = TypeVar("Kind")


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until a condition holds, and fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"the condition did not come true in {seconds} s"
        time.sleep(0.01)


def served(instances: int = 1, **changes: Any) -> ServedRequest:
    """Return one answered request."""
    ones = [1.0] * instances
    values: dict[str, Any] = {
        "seq": 0,
        "request_id": str(uuid4()),
        "client_id": None,
        "served_at": time.time(),
        "name": "tiny-houses",
        "version": "1.0.0",
        "instances": [{"area": float(number)} for number in range(instances)],
        "outputs": ones,
        "values": ones,
        "labels": [None] * instances,
    }
    return ServedRequest(**(values | changes))


@dataclass
class Seen:
    """An observer that remembers everything, and tells another one."""

    events: list[Event] = field(default_factory=list)
    and_then: Observer = ignore

    def __call__(self, event: Event) -> None:
        """Remember one event."""
        self.events.append(event)
        self.and_then(event)

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Bench:
    """One machine's settings, the database, and what was observed."""

    settings: Settings
    engine: Engine
    seen: Seen = field(default_factory=Seen)

    def courier(self) -> Courier:
        """Make a courier as an agent does."""
        return self.courier_of(Follower(self.settings, self.engine, self.seen))

    def courier_of(self, follower: Follower) -> Courier:
        """Make a courier that knows what this follower does."""
        assert self.settings.database_url is not None
        place = self.settings.spool_dir, ENDPOINT, self.settings.database_url
        return Courier(*place, follower, self.seen)

    def writer(self, *requests: ServedRequest) -> SpoolWriter:
        """Make a spool with some requests."""
        writer = SpoolWriter(self.settings.spool_dir)
        if requests:
            writer.append(requests)
        return writer

    @contextmanager
    def agent(self) -> Iterator[threading.Event]:
        """Run an agent in a thread for as long as the block lasts."""
        stop = threading.Event()
        thread = threading.Thread(target=run_agent, args=(self.settings, stop, self.seen))
        thread.start()
        try:
            yield stop
        finally:
            stop.set()
            thread.join(30)
            assert not thread.is_alive()

    def ask(self, query: str, **parameters: object) -> list[Any]:
        """Return the rows that a query finds."""
        with self.engine.begin() as connection:
            return list(connection.execute(text(query), parameters).all())

    def recorded(self) -> list[str]:
        """Return the request id of every recorded instance, in order."""
        return [str(row[0]) for row in self.ask("SELECT request_id FROM prediction ORDER BY 1")]

    def spools(self) -> list[Path]:
        """Return the spool files there are."""
        return sorted(self.settings.spool_dir.glob("*.spool"))


def ids(requests: Sequence[ServedRequest]) -> list[str]:
    """Return the request ids, once per instance, in the order of `Bench.recorded`."""
    return sorted(request.request_id for request in requests for _ in request.instances)


def execute(path: Path, statement: str, *parameters: object) -> None:
    """Do something to a spool that its owner would not do."""
    db = sqlite3.connect(path)
    with db:
        db.execute(statement, parameters)
    db.close()
