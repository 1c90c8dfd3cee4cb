"""Decisions about a shadow that are certified and verified, played without processes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import text

from tests.integration.conftest import NewDatabase
from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.comparison.certificate import Certificate, read_certificate
from understudy.log.database import Engine, connect
from understudy.log.outcomes import OutcomeItem, record
from understudy.records import ServedRequest
from understudy.review.certificates import Verified, certify, verify
from understudy.review.shadow import Review, review
from understudy.serving.engines import load_engine

POLICY: Mapping[str, object] = {"outcome_delay_days": 0.0, "minimum_days": None}


@dataclass(frozen=True)
class Decisions:
    """An endpoint with a live model and a shadow."""

    endpoint: Endpoint
    live: Artefact
    shadow: Artefact

    @property
    def engine(self) -> Engine:
        """The log."""
        return self.endpoint.engine

    @contextmanager
    def copied(self, new_database: NewDatabase) -> Iterator["Decisions"]:
        """Give the same endpoint with a copy of its log, for as long as a `with` lasts."""
        self.engine.dispose()  # Postgres copies only what nobody is connected to
        with new_database(self.endpoint.settings.database_url) as url:
            engine = connect(url)
            settings = replace(self.endpoint.settings, database_url=url)
            yield replace(self, endpoint=replace(self.endpoint, engine=engine, settings=settings))
            engine.dispose()

    def deploy(self, **policy: object) -> None:
        """Give both models their roles."""
        self.endpoint.deploy("live", self.live)
        self.endpoint.deploy("shadow", self.shadow, policy={**POLICY, **policy})

    def play(self, count: int, seed: int, statuses: Sequence[str] = ()) -> list[ServedRequest]:
        """Serve and score a shipment; its first answers of the shadow may be no scores."""
        requests = self.endpoint.serve(self.live, count, seed)
        self.endpoint.score(self.shadow, statuses)
        return requests

    def report(
        self, requests: Sequence[ServedRequest], shift: float = 0.0, *, right: str = "live"
    ) -> None:
        """Post as outcomes what one of the two had answered, off by `shift`."""
        values: Sequence[float | None] = [request.values[0] for request in requests]
        if right == "shadow":
            instances = [request.instances[0] for request in requests]
            values = load_engine(self.shadow).predict(instances).values
        items = [
            OutcomeItem(request.request_id, 0, float(value or 0) + shift)
            for request, value in zip(requests, values, strict=True)
        ]
        with self.engine.begin() as connection:
            record(connection, ENDPOINT, items)

    def execute(self, statement: str) -> None:
        """Change the log by a statement that must find something to change."""
        with self.engine.begin() as connection:
            assert connection.execute(text(statement)).rowcount != 0

    def review(self) -> Review:
        """Compare the two with what the log holds now."""
        endpoint, manifest = self.endpoint, self.shadow.manifest
        return review(self.engine, endpoint.settings, endpoint.store, manifest.title)

    def certify(self) -> Certificate:
        """Compare the two, and certify what was decided."""
        found = self.review()
        certificate = certify(self.engine, found)
        assert certificate.verdict == found.comparison.verdict
        return certificate

    def verify(self, certificate: Certificate) -> Verified:
        """Verify a certificate that was written to a file."""
        written = read_certificate(certificate.to_bytes(), "file")
        return verify(self.engine, self.endpoint.settings, self.endpoint.store, written)
