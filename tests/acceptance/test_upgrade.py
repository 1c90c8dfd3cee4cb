"""The version before serves while this one migrates, hands over its spools, and takes them back."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, TextClause, text

from tests.earlier.version import Version, checkout, commit_before_the_last_migration, export
from tests.stack import eventually, free_port
from tests.tiny import make_instances
from understudy.artefacts.artefact import Artefact
from understudy.log.database import connect
from understudy.log.embedded import EmbeddedPostgres

pytestmark = pytest.mark.no_cover

SHADOW = "tiny-houses:2.0.0"
_RECORDED = text("SELECT request_id::text FROM prediction")
_SCORED = text("SELECT request_id::text FROM shadow_prediction WHERE status = 'scored'")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user of Postgres may pass through."""
    made = Path(tempfile.mkdtemp(prefix="understudy-upgrade-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def before(folder: Path) -> Version:
    """The last version whose tables are older than today's."""
    commit = commit_before_the_last_migration()
    if commit is None:
        pytest.skip("git does not know the version before the last migration: a shallow clone?")
    return export(commit, folder / "before")


@pytest.fixture
def log(folder: Path) -> Iterator[str]:
    """The URL of a Postgres that no version of the program stops or starts."""
    with EmbeddedPostgres(folder / "postgres", settings={"fsync": "off"}) as postgres:
        yield postgres.url


class Client:
    """Sends one request after the other and remembers those that were answered."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=30)
        self.answered: list[str] = []
        self.statuses: set[int] = set()

    def send(self, count: int = 1) -> None:
        """Send some requests of one instance."""
        for instance in make_instances(count, seed=len(self.answered)):
            response = self._client.post("/v1/predictions", json={"instances": [instance]})
            self.statuses.add(response.status_code)
            self.answered.append(response.json()["request_id"])

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def wait_until_ready(self) -> None:
        """Return once the api says that it serves a model."""

        def is_ready() -> bool:
            try:
                return self._client.get("/health/ready").status_code == 200
            except httpx.TransportError:
                return False

        eventually(is_ready)


def _once_each(engine: Engine, query: TextClause, ids: list[str]) -> bool:
    with engine.connect() as connection:
        found = connection.execute(query).scalars().all()
    assert len(found) == len(set(found)), "something is recorded twice"
    return set(found) == set(ids)


def _serve(client: Client, log: Engine) -> None:
    """Answer a little, and see it recorded and scored with all that was answered before."""
    client.wait_until_ready()
    client.send(20)
    eventually(lambda: _once_each(log, _RECORDED, client.answered))
    eventually(lambda: _once_each(log, _SCORED, client.answered))


@pytest.mark.promise("upgrade", "The version before serves during the upgrade, and again after it")
def test_there_and_back_again(
    folder: Path, before: Version, log: str, linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """Migrated under load, cut off, gone on with this version, then the old one."""
    now, engine = checkout(), connect(log)
    port = free_port()
    client = Client(f"http://127.0.0.1:{port}")
    settings = {
        "UNDERSTUDY_DATA_DIR": str(folder / "data"),
        "UNDERSTUDY_DATABASE_URL": log,
        "UNDERSTUDY_PORT": str(port),
        "UNDERSTUDY_WORKERS": "1",
        "UNDERSTUDY_SHADOW_TIMEOUT_S": "3",  # and with it the leases of the shadows that are killed
    }
    with before.up(settings) as stack:
        before.run(settings, "deploy", linear_artefact.folder, "--live", "--why", "before")
        before.run(settings, "deploy", boosting_artefact.folder, "--shadow", "--why", "before")
        _serve(client, engine)
        _send_while(client, lambda: now.run(settings, "migrate"))
        _serve(client, engine)
        client.send(50)
        stack.kill()  # what it had not shipped is for the other version
    with now.up(settings) as stack:
        _serve(client, engine)
        client.send(50)
        stack.kill()
    with before.up(settings):
        _serve(client, engine)
        coverage = before.answer(settings, "compare", "--shadow", SHADOW)["coverage"]
    assert coverage["recorded"] == coverage["compared"] == len(client.answered)
    assert client.statuses == {200}
    engine.dispose()
    client.close()


def _send_while(client: Client, act: Callable[[], object]) -> None:
    """Keep sending until something is done."""
    over = threading.Event()

    def send() -> None:
        while not over.is_set():
            client.send()

    thread = threading.Thread(target=send)
    thread.start()
    try:
        act()
    finally:
        over.set()
        thread.join()
