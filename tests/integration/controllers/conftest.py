"""An api with a prediction log and an artefact store, and traffic as an agent records it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine

from tests.unit.controllers.conftest import served
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.log.deployments import Change, append
from understudy.log.roles import Action, Waivers
from understudy.log.shipping import ship
from understudy.records import ServedRequest
from understudy.serving import deployment_file
from understudy.serving.deployment_file import Deployed, Placed
from understudy.settings import Settings

ENDPOINT = "default"

Deploy = Callable[..., int]
Record = Callable[..., str]


@pytest.fixture
def options(database_url: str, tmp_path: Path) -> Settings:
    """The settings of one service."""
    return Settings(data_dir=tmp_path, database_url=database_url)


def serving(folder: Path, artefact: Artefact) -> Settings:
    """Return settings of an open service with a live model and no prediction log."""
    found = Settings(data_dir=folder)
    known = artefact.manifest
    live = Placed(known.name, known.version, artefact.digest, str(artefact.folder))
    deployment_file.write(found.deployment_file, Deployed(1, found.endpoint, live, None))
    return found


@pytest.fixture
def store(options: Settings) -> ArtefactStore:
    """The artefact store of the service."""
    return ArtefactStore(options.artefacts_url)


@pytest.fixture
def api(options: Settings) -> Iterator[httpx.Client]:
    """A client of the service; nothing is live, which only predictions need."""
    with served(options) as client:
        yield client


@pytest.fixture
def deploy(database: Engine) -> Deploy:
    """Record a decision about an artefact and return its number."""

    def decide(action: Action, artefact: Artefact, waivers: Waivers | None = ()) -> int:
        known = artefact.manifest
        change = Change(
            action, "ada", known.name, known.version, known.digest, f"why {action}", waivers=waivers
        )
        with database.begin() as connection:
            return append(connection, ENDPOINT, change).id

    return decide


@pytest.fixture
def record(database: Engine) -> Record:
    """Record an answer of one instance and return the request id."""

    def ship_one(artefact: Artefact, deployment_id: int | None, **changes: object) -> str:
        request_id = str(uuid4())
        known = artefact.manifest
        request = ServedRequest(
            1, request_id, "order-7", 1_790_000_000.0, known.name, known.version,
            [{"area": 90.5}], [214_332.125], [214_332.125], [None], deployment_id=deployment_id,
        )  # fmt: skip
        ship(database, ENDPOINT, uuid4(), [request._replace(**changes)])  # type: ignore[arg-type]
        return request_id

    return ship_one
