"""Live traffic as the agent records it, for tests of those who read it."""

import time
from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import Engine

from understudy.log.deployments import Change, append
from understudy.log.shipping import ship
from understudy.records import ServedRequest

ENDPOINT = "houses"


def deploy_shadow(
    engine: Engine, name: str, version: str, *, digest: str = "d" * 64, share: float = 1.0
) -> None:
    """Give a model version the role of a shadow, or another share of the traffic."""
    change = Change("shadow", "ann", name, version, digest=digest, share=share)
    with engine.begin() as connection:
        append(connection, ENDPOINT, change)


def withdraw_shadow(engine: Engine, name: str, version: str) -> None:
    """Take the role of a shadow away."""
    with engine.begin() as connection:
        append(connection, ENDPOINT, Change("withdraw", "ann", name, version))


class Spool:
    """One api worker's spool, shipped at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._uuid = uuid4()
        self._seq = 0

    def record(
        self,
        instances: Sequence[dict[str, object]],
        per_request: int = 1,
        deployment_id: int | None = None,
    ) -> list[str]:
        """Record one shipment, with some instances per request; return the request ids."""
        requests = []
        for begin in range(0, len(instances), per_request):
            self._seq += 1
            served = self._served(instances[begin : begin + per_request])
            requests.append(served._replace(deployment_id=deployment_id))
        ship(self._engine, ENDPOINT, self._uuid, requests)
        return [request.request_id for request in requests]

    def _served(self, instances: Sequence[dict[str, object]]) -> ServedRequest:
        ones = [1.0] * len(instances)
        return ServedRequest(
            seq=self._seq,
            request_id=str(uuid4()),
            client_id=None,
            served_at=time.time(),
            name="live",
            version="1.0.0",
            instances=instances,
            outputs=ones,
            values=ones,
            labels=[None] * len(instances),
        )
