"""An endpoint with a live model, a shadow and their answers in the prediction log."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import orjson
from sqlalchemy import Engine

from tests.tiny import make_instances
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.log.deployments import Change, append
from understudy.log.shipping import ship
from understudy.log.spools import SpoolReport, report_spool
from understudy.log.work import claim, complete, read_work
from understudy.log.work_item import ShadowResult
from understudy.records import ServedRequest
from understudy.serving.engines import load_engine
from understudy.settings import Settings

ENDPOINT = "houses"


@dataclass
class Endpoint:
    """One endpoint, played without processes: every step is called by the test."""

    settings: Settings
    engine: Engine
    store: ArtefactStore
    spool: SpoolReport = field(default_factory=lambda: SpoolReport(uuid4(), "here", 1))
    seq: int = 0

    def deploy(
        self,
        action: str,
        artefact: Artefact,
        *,
        is_stored: bool = True,
        policy: Mapping[str, object] | None = None,
    ) -> None:
        """Give an artefact a role."""
        if is_stored:
            self.store.push(artefact)
        manifest = artefact.manifest
        change = Change(
            action,  # type: ignore[arg-type]
            "ann",
            manifest.name,
            manifest.version,
            digest=manifest.digest,
            policy=policy,
        )
        with self.engine.begin() as connection:
            append(connection, ENDPOINT, change)

    def twin(self, artefact: Artefact) -> None:
        """Let the live version be its own shadow."""
        manifest = artefact.manifest
        change = Change(
            "shadow", "ann", manifest.name, manifest.version, manifest.digest, is_twin=True
        )
        with self.engine.begin() as connection:
            append(connection, ENDPOINT, change)

    def serve(self, artefact: Artefact, count: int, seed: int = 3) -> list[ServedRequest]:
        """Answer and record some instances, one per request, by a worker that reports itself."""
        requests = self.answer(artefact, count, seed)
        self.record(requests)
        return requests

    def record(self, requests: Sequence[ServedRequest]) -> None:
        """Ship answered requests."""
        ship(self.engine, ENDPOINT, self.spool.uuid, requests)
        with self.engine.begin() as connection:
            report_spool(connection, ENDPOINT, self.spool)

    def answer(self, artefact: Artefact, count: int, seed: int = 3) -> list[ServedRequest]:
        """Answer some instances, one per request, that are not recorded yet."""
        instances = make_instances(count, seed)
        found = load_engine(artefact).predict(instances)
        requests = []
        for instance, output, value in zip(instances, found.outputs, found.values, strict=True):
            self.seq += 1
            requests.append(
                ServedRequest(
                    seq=self.seq,
                    request_id=str(uuid4()),
                    client_id=None,
                    served_at=time.time() - 1,
                    name=artefact.manifest.name,
                    version=artefact.manifest.version,
                    instances=[instance],
                    outputs=[output],
                    values=[value],
                    labels=[None],
                )
            )
        return requests

    def score(self, artefact: Artefact, statuses: Sequence[str] = ()) -> None:
        """Close the oldest work item of a shadow; `statuses` are those of its first instances."""
        manifest = artefact.manifest
        item = claim(self.engine, ENDPOINT, manifest.name, manifest.version, "test", 30)
        assert item is not None
        rows = read_work(self.engine, item)
        found = load_engine(artefact).predict([orjson.loads(row.instance) for row in rows])
        told = [*statuses, *["scored"] * len(rows)]
        results = [
            ShadowResult(row.request_id, row.instance_no, "scored", output=output, value=value)
            if status == "scored"
            else ShadowResult(row.request_id, row.instance_no, status, error="so")  # type: ignore[arg-type]
            for row, output, value, status in zip(
                rows, found.outputs, found.values, told, strict=False
            )
        ]
        assert complete(self.engine, item, results, 0) is not None


def endpoint_in(folder: Path, database_url: str, database: Engine) -> Endpoint:
    """Return an endpoint that has nothing yet."""
    settings = Settings(
        endpoint=ENDPOINT,
        data_dir=folder / "data",
        database_url=database_url,
        artefact_store=str(folder / "artefacts"),
        watch_interval_s=0.05,
    )
    return Endpoint(settings, database, ArtefactStore(settings.artefacts_url))
