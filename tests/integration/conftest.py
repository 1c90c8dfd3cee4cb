"""One embedded Postgres for all integration tests, and a fresh database for each that asks."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from tests.integration.endpoint import Endpoint, endpoint_in
from understudy.log.database import connect
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.migrate import migrate

NewDatabase = Callable[..., AbstractContextManager[str]]

_TEMPLATE = "understudy_template"
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty Postgres that lives as long as the tests; durability is switched off."""
    folder = Path(tempfile.mkdtemp(prefix="understudy-tests-", dir=_memory()))
    # As root, Postgres runs as another user, who has to pass through.
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder, settings={"fsync": "off"}) as postgres:
            yield postgres.url
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def _server(postgres_url: str) -> Iterator[Engine]:
    """A connection outside transactions to the server, on which the migrated template stands."""
    server = connect(postgres_url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {_TEMPLATE}"))
    migrate(_url_of(postgres_url, _TEMPLATE))
    yield server
    server.dispose()


@pytest.fixture(scope="session")
def new_database(postgres_url: str, _server: Engine) -> NewDatabase:
    """
    Make a migrated database for as long as a `with` lasts, and give its URL.

    It has no rows, or those of the database whose URL is given, to which nobody is connected.
    """

    @contextmanager
    def make(like: str | None = None) -> Iterator[str]:
        name = f"understudy_{next(_numbers)}"
        template = _TEMPLATE if like is None else make_url(like).database
        with _server.connect() as connection:
            connection.execute(
                text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
            )
        yield _url_of(postgres_url, name)
        with _server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    return make


@pytest.fixture
def database_url(new_database: NewDatabase) -> Iterator[str]:
    """The URL of a migrated database without rows, for this test alone."""
    with new_database() as url:
        yield url


@pytest.fixture
def empty_database_url(postgres_url: str, _server: Engine) -> Iterator[str]:
    """The URL of a database without tables, for this test alone."""
    name = f"understudy_{next(_numbers)}"
    with _server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield _url_of(postgres_url, name)
    with _server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database without rows, for this test alone."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


def _url_of(postgres_url: str, name: str) -> str:
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


def _memory() -> Path | None:
    """A file system in memory with room enough, where a database is made 30 times as fast."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it gets a name by chance
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    return memory if roomy and os.access(memory, os.W_OK) else None


@pytest.fixture
def endpoint(tmp_path: Path, database_url: str, database: Engine) -> Endpoint:
    """An endpoint that has nothing yet, played without processes."""
    return endpoint_in(tmp_path, database_url, database)
