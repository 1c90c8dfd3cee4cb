"""The prediction log over TLS: settable in its address, and verified."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.integration.log.tls import make_certificate, tls_before
from understudy.errors import LogUnavailable
from understudy.log.database import connect, log_errors

HOST = "127.0.0.1"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of the host and its key."""
    return make_certificate(tmp_path / "server", HOST)


@pytest.fixture
def secured_url(database_url: str, certificate: tuple[Path, Path]) -> Iterator[str]:
    """The address of a Postgres that is heard through TLS only."""
    inside = make_url(database_url)
    folder = inside.query["host"]
    assert isinstance(folder, str)
    with tls_before(Path(folder) / ".s.PGSQL.5432", *certificate) as port:
        yield f"postgresql://postgres@{HOST}:{port}/{inside.database}"


def _ask(url: str) -> object:
    engine = connect(url)
    try:
        with log_errors(), engine.connect() as connection:
            return connection.exec_driver_sql("SELECT 1").scalar_one()
    finally:
        engine.dispose()


def test_a_verified_connection_is_made(secured_url: str, certificate: tuple[Path, Path]) -> None:
    """`sslmode` and `sslrootcert` of the address are libpq's own."""
    assert _ask(f"{secured_url}?sslmode=verify-full&sslrootcert={certificate[0]}") == 1


def test_who_would_speak_in_the_clear_is_not_heard(secured_url: str) -> None:
    """The test's own server is one that can refuse."""
    with pytest.raises(LogUnavailable):
        _ask(f"{secured_url}?sslmode=disable")


@pytest.mark.promise(
    "access", "Postgres is spoken to over TLS, and another's certificate is refused"
)
def test_another_s_certificate_is_refused(secured_url: str, tmp_path: Path) -> None:
    """Nothing is said to a server that cannot show whose it is."""
    other, _ = make_certificate(tmp_path / "other", HOST)
    with pytest.raises(LogUnavailable, match="certificate verify failed"):
        _ask(f"{secured_url}?sslmode=verify-full&sslrootcert={other}")


def test_a_certificate_of_another_host_is_refused(database_url: str, tmp_path: Path) -> None:
    """`verify-full` looks at the name; `verify-ca` would not."""
    certificate, key = make_certificate(tmp_path / "elsewhere", "127.0.0.2")
    folder = make_url(database_url).query["host"]
    assert isinstance(folder, str)
    with tls_before(Path(folder) / ".s.PGSQL.5432", certificate, key) as port:
        url = f"postgresql://postgres@{HOST}:{port}/{make_url(database_url).database}"
        assert _ask(f"{url}?sslmode=verify-ca&sslrootcert={certificate}") == 1
        with pytest.raises(LogUnavailable, match="does not match"):
            _ask(f"{url}?sslmode=verify-full&sslrootcert={certificate}")
