"""The advisory locks of the prediction log, all in one place, so that no two share a number."""

from sqlalchemy import Connection, text

_MIGRATE, _PARTITIONS, _OUTCOMES, _DEPLOYMENTS = 7101, 7102, 7103, 7104
_REPRODUCTIONS, _WINDOWS = 7110, 7111


def lock_migrations(connection: Connection) -> None:
    """Let one process at a time change the tables."""
    _lock(connection, _MIGRATE, "")


def lock_partitions(connection: Connection) -> None:
    """Let one process at a time make partitions."""
    _lock(connection, _PARTITIONS, "")


def lock_outcomes(connection: Connection) -> None:
    """Let one process at a time write outcomes, since each looks at what is there first."""
    _lock(connection, _OUTCOMES, "")


def lock_deployments(connection: Connection, endpoint: str, *, shared: bool) -> None:
    """Keep the roles of an endpoint as they are (shared, for readers) or for one writer."""
    _lock(connection, _DEPLOYMENTS, endpoint, shared=shared)


def lock_reproductions(connection: Connection, endpoint: str) -> None:
    """Let one watcher at a time see whether a run is due, and begin it."""
    _lock(connection, _REPRODUCTIONS, endpoint)


def try_lock_windows(connection: Connection, endpoint: str) -> bool:
    """Let one process at a time test a window; tells whether it is this one, and never waits."""
    query = text("SELECT pg_try_advisory_xact_lock(:kind, hashtext(:name))")
    return bool(connection.execute(query, {"kind": _WINDOWS, "name": endpoint}).scalar_one())


def _lock(connection: Connection, kind: int, name: str, *, shared: bool = False) -> None:
    """Wait for a lock that is given back when the transaction ends."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    connection.execute(
        text(f"SELECT {function}(:kind, hashtext(:name))"), {"kind": kind, "name": name}
    )
