"""What the control plane's controllers work with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, cast

import flask

from understudy.artefacts.store import ArtefactStore
from understudy.dashboard.examiner import Examiner
from understudy.dashboard.press import Press
from understudy.errors import LogUnavailable
from understudy.log.database import Connection, Engine, log_errors
from understudy.settings import Settings


class Metrics(Protocol):
    """Where the service's metrics come from; `monitoring` has it, tests may have another."""

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        ...

    def refused(self, status: int, count: int) -> None:
        """Count connections that were ended with an answer before there was a request."""
        ...

    def unrecorded(self, instances: int) -> None:
        """Count instances that were answered without a record."""
        ...

    def hold(
        self, instances: int, body_bytes: int, control_requests: int, connections: int
    ) -> None:
        """Show what this worker holds: for the model, in bodies, at the desk, and of clients."""
        ...

    def watch_views(self, app: flask.Flask) -> None:
        """Time the views of the control plane."""
        ...

    def expose(self) -> tuple[bytes, str]:
        """Return the metrics as text, and their content type."""
        ...


@dataclass(frozen=True)
class Services:
    """The settings, the log and the store of one endpoint, and who works beside the worker."""

    settings: Settings
    log: Engine | None
    store: ArtefactStore
    press: Press
    examiner: Examiner


def services() -> Services:
    """Return the services of the application that handles the present request."""
    return cast(Services, flask.current_app.extensions["understudy"])


def log_engine() -> Engine:
    """Return the prediction log; raises LogUnavailable where none is set."""
    engine = services().log
    if engine is None:
        raise LogUnavailable("UNDERSTUDY_DATABASE_URL is not set")
    return engine


@contextmanager
def log_transaction() -> Iterator[Connection]:
    """
    Open a transaction on the prediction log for the present request.

    Raises LogUnavailable where there is no log, or it cannot be reached.
    """
    with log_errors(), log_engine().begin() as connection:
        yield connection
