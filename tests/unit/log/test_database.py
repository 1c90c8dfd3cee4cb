"""The database is reached by psycopg2 or not at all, and its absence tells no secret."""

import psycopg2
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from understudy.errors import LogUnavailable, SettingInvalid
from understudy.log.database import connect, log_errors, parse_url, sqlstate


@pytest.mark.parametrize(
    "url",
    [
        "postgres://me:secret-word@host/db",
        "postgresql://me:secret-word@host/db",
        "postgresql+psycopg2://me:secret-word@host/db",
    ],
)
def test_every_spelling_of_a_postgres_url_means_psycopg2(url: str) -> None:
    """A bare URL would mean another driver to SQLAlchemy."""
    parsed = parse_url(url)
    assert (parsed.drivername, parsed.password) == ("postgresql+psycopg2", "secret-word")
    assert "secret-word" not in repr(connect(url))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///secret-word.db",
        "postgresql+asyncpg://me:secret-word@host/db",
        "mysql://me:secret-word@host/db",
        "secret-word",
        "postgresql://me:secret-word@host:port/db",
        "",
    ],
)
def test_any_other_url_is_refused_without_being_shown(url: str) -> None:
    """The message names the setting and not the password."""
    with pytest.raises(SettingInvalid, match="UNDERSTUDY_DATABASE_URL") as caught:
        parse_url(url)
    assert "secret-word" not in str(caught.value)


def test_nobody_at_the_address_is_named_without_the_password() -> None:
    """The reason says what could not be reached."""
    engine = connect("postgresql://me:secret-word@127.0.0.1:1/db")
    with pytest.raises(LogUnavailable, match="refused") as caught, log_errors():
        engine.connect()
    assert "secret-word" not in str(caught.value)
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PoolTimeout(), "in use"),
        (psycopg2.OperationalError("server closed the connection.\nmore"), "closed the connection"),
        (psycopg2.InterfaceError(), "InterfaceError"),
    ],
)
def test_whatever_the_driver_says_becomes_one_line(error: Exception, reason: str) -> None:
    """Only the first line is told."""
    with pytest.raises(LogUnavailable, match=reason) as caught, log_errors():
        raise error
    assert "more" not in str(caught.value)
    assert sqlstate(error) is None


def test_errors_that_are_not_the_databases_pass() -> None:
    """A mistake of ours is not hidden behind an absent database."""
    with pytest.raises(ZeroDivisionError), log_errors():
        raise ZeroDivisionError
