"""A prediction log with real models in both roles, filled the way the processes fill it."""

from uuid import uuid4

import numpy as np
import orjson
from sqlalchemy import Engine

from tests.tiny import make_instances
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.log.deployments import Change, append
from understudy.log.outcomes import OutcomeItem, record
from understudy.log.shipping import ship
from understudy.log.work import claim, complete, read_work
from understudy.log.work_item import ShadowResult
from understudy.records import ServedRequest
from understudy.serving.engines import Predictions, load_engine
from understudy.settings import Settings

START = 1_790_000_000.0


def fill_log(
    database: Engine, settings: Settings, live: Artefact, shadow: Artefact, count: int = 150,
    *, is_scored: bool = True, has_outcomes: bool = True,
) -> Settings:  # fmt: skip
    """Deploy two models and record traffic for them, and return the settings."""
    store = ArtefactStore(settings.artefacts_url)
    for artefact in {live.manifest.title: live, shadow.manifest.title: shadow}.values():
        store.push(artefact)
    with database.begin() as connection:
        for role, artefact in (("live", live), ("shadow", shadow)):
            known = artefact.manifest
            append(
                connection,
                settings.endpoint,
                Change(role, "ann", known.name, known.version, digest=known.digest),
            )
    requests = _serve(live, count)
    ship(database, settings.endpoint, uuid4(), requests)
    if is_scored:
        _score(database, settings.endpoint, shadow)
    if has_outcomes:
        _tell_truths(database, settings.endpoint, requests)
    return settings


def _serve(live: Artefact, count: int) -> list[ServedRequest]:
    instances = make_instances(count)
    said = load_engine(live).predict(instances) if count else Predictions([], [], [])
    return [
        ServedRequest(
            seq=number + 1,
            request_id=str(uuid4()),
            client_id=None,
            served_at=START + 60 * number,
            name=live.manifest.name,
            version=live.manifest.version,
            instances=[instance],
            outputs=[said.outputs[number]],
            values=[said.values[number]],
            labels=[said.labels[number]],
        )
        for number, instance in enumerate(instances)
    ]


def _score(database: Engine, endpoint: str, shadow: Artefact) -> None:
    engine = load_engine(shadow)
    while item := claim(
        database, endpoint, shadow.manifest.name, shadow.manifest.version, "test", 60
    ):
        rows = read_work(database, item)
        said = engine.predict([orjson.loads(row.instance) for row in rows])
        results = [
            ShadowResult(row.request_id, row.instance_no, "scored", output, value, label)
            for row, output, value, label in zip(
                rows, said.outputs, said.values, said.labels, strict=True
            )
        ]
        complete(database, item, results, 0)


def _tell_truths(database: Engine, endpoint: str, requests: list[ServedRequest]) -> None:
    """Let what live said be true, but for some noise."""
    noise = np.random.default_rng(0).normal(0, 5000, len(requests)).tolist()
    truths = [
        request.labels[0] or float(request.values[0] or 0) + noise[number]
        for number, request in enumerate(requests)
    ]
    items = [
        OutcomeItem(request.request_id, 0, truth)
        for request, truth in zip(requests, truths, strict=True)
    ]
    with database.begin() as connection:
        record(connection, endpoint, items)
