"""A shadow of a model that obeys its instances, and live traffic for it."""

import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from tests.integration.shadow.misbehaving_child import SCHEMA
from tests.traffic import ENDPOINT, Spool, deploy_shadow
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import Manifest, OutputDescription, TrainingData
from understudy.log.database import connect
from understudy.log.schema import shadow_prediction, work
from understudy.log.work import ShadowState, read_states
from understudy.shadow.events import Event
from understudy.shadow.scorer import Limits
from understudy.shadow.version import ShadowVersion
from understudy.shadow.worklist import Worklist

_CHILD = Path(__file__).with_name("misbehaving_child.py")


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait until something is true, for half a minute at most."""

    def wait(claim: Callable[[], object]) -> None:
        deadline = time.monotonic() + 30
        while not claim():
            assert time.monotonic() < deadline, "it did not come true within 30 s"
            threading.Event().wait(0.02)

    return wait


@pytest.fixture
def obedient_artefact() -> Artefact:
    """What the log and the contract need to know of the obedient model; it has no files."""
    manifest = Manifest(
        name="model",
        version="2.0.0",
        task="regression",
        engine="exact",
        engine_reasons={},
        input_schema=SCHEMA,
        input_form="frame",
        output=OutputDescription("price"),
        training=TrainingData("0" * 64, 1),
        features={},
        metrics={},
        libraries={},
        files={},
        gates=(),
    )
    return Artefact(Path("nowhere"), manifest)


@pytest.fixture
def traffic(database: Engine) -> Callable[..., None]:
    """Record instances as live traffic: one shipment, one request per instance."""
    spool = Spool(database)

    def send(
        *instances: dict[str, object], share: float = 1.0, deployment_id: int | None = None
    ) -> None:
        deploy_shadow(database, "model", "2.0.0", share=share)
        spool.record(instances, deployment_id=deployment_id)

    return send


@pytest.fixture
def outage(
    database: Engine, postgres_url: str
) -> Callable[[], contextlib.AbstractContextManager[None]]:
    """Let nobody into the database for a while."""
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    name = database.url.database

    @contextlib.contextmanager
    def closed() -> Iterator[None]:
        server = connect(postgres_url).execution_options(isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            connection.execute(cut, {"name": name})
            try:
                yield
            finally:
                connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        server.dispose()

    return closed


@pytest.fixture
def counts(database: Engine) -> Callable[[], dict[str, int]]:
    """Tell how many instances went where, from closed items, and how many items are open."""

    def read() -> dict[str, int]:
        columns = ("scored", "sampled_out", "skipped", "failed")
        with database.connect() as connection:
            rows = connection.execute(select(work)).all()
        found = {name: sum(getattr(row, name) for row in rows) for name in columns}
        states = Counter(row.state for row in rows)
        return found | {"open": states["waiting"] + states["leased"], "leased": states["leased"]}

    return read


@pytest.fixture
def results(database: Engine) -> Callable[[], list[tuple[str, object, str | None]]]:
    """Return status, output and error of every shadow prediction."""

    def read() -> list[tuple[str, object, str | None]]:
        columns = [shadow_prediction.c[name] for name in ("status", "output", "error")]
        with database.connect() as connection:
            return [tuple(row) for row in connection.execute(select(*columns))]

    return read


@pytest.fixture
def state(database: Engine) -> Callable[[], ShadowState | None]:
    """Return the recorded state of the shadow, None if there is none."""

    def read() -> ShadowState | None:
        with database.connect() as connection:
            return next(iter(read_states(connection, ENDPOINT)), None)

    return read


@pytest.fixture
def start_version(
    database: Engine, obedient_artefact: Artefact
) -> Iterator[Callable[..., tuple[threading.Event, list[Event]]]]:
    """Start a shadow version on a thread; returns what stops it and the events it tells."""
    started: list[tuple[threading.Event, threading.Thread]] = []

    def start(
        how: str = "well",
        *,
        lease_s: float = 30,
        timeout_s: float = 20,
        engine: Engine = database,
        fetch: Callable[[], Artefact] = lambda: obedient_artefact,
        command: Callable[[Path], Sequence[str]] | None = None,
    ) -> tuple[threading.Event, list[Event]]:
        stop, events = threading.Event(), list[Event]()
        worklist = Worklist(engine, ENDPOINT, "model", "2.0.0", stop, lease_s)
        version = ShadowVersion(
            worklist,
            fetch,
            Limits(batch=8, timeout_s=timeout_s, start_timeout_s=20),
            events.append,
            command or (lambda _: [sys.executable, str(_CHILD), how]),
        )
        thread = threading.Thread(target=version.run)
        thread.start()
        started.append((stop, thread))
        return stop, events

    yield start
    for stop, _ in started:
        stop.set()
    for _, thread in started:
        thread.join(10)
        assert not thread.is_alive()
