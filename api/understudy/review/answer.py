"""One answer that was given, and who is behind it: models, decision, shadows, outcomes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from understudy.errors import NotRecordedYet, RecordUnknown, RequestErased
from understudy.log.captures import CaptureRow, read_captures
from understudy.log.database import Connection
from understudy.log.deployments import history
from understudy.log.erasure import erased_at
from understudy.log.lineage import Answerer, Version, find_answerer, known_digests
from understudy.log.predictions import LivePrediction, RecordedRequest, find, why_quarantined

Json = dict[str, object]


@dataclass(frozen=True)
class Answer:
    """
    A recorded request with the decision by which its model answered.

    `answerer` is None where the deployment was not recorded with the answer. `digests` are those
    of all versions that the endpoint has ever deployed with one content only. `capture` is the
    policy by which the instances were recorded, None for as they were sent.
    """

    request: RecordedRequest
    answerer: Answerer | None
    digests: Mapping[Version, str]
    capture: CaptureRow | None = None

    @property
    def digest(self) -> str | None:
        """The digest of the artefact that answered, None if that cannot be told any more."""
        if self.answerer is not None:
            return self.answerer.decision.digest
        return self.digests.get((self.request.name, self.request.version))

    def to_json(self) -> Json:
        """Return what `GET /v1/predictions/{request_id}` answers."""
        request = self.request
        return {
            "request_id": request.request_id,
            "client_id": request.client_id,
            "model": {"name": request.name, "version": request.version},
            "served_at": request.served_at,
            "recorded_at": request.recorded_at,
            "deployment": self._deployment(),
            "capture": None if self.capture is None else self.capture.id,
            "instances": [self._instance(live) for live in request.predictions],
        }

    def _deployment(self) -> Json | None:
        if self.answerer is None:
            return None
        decision = self.answerer.decision
        waivers = decision.waivers
        return {
            "id": decision.id,
            "at": decision.at,
            "who": decision.who,
            "why": decision.why,
            "action": decision.action,
            "digest": decision.digest,
            "waivers": None if waivers is None else [asdict(waiver) for waiver in waivers],
            "as_of": self.answerer.as_of,
        }

    def _instance(self, live: LivePrediction) -> Json:
        number = live.instance_no
        return {
            "instance": live.instance,
            "prediction": live.output,
            "shadows": [
                {
                    "model": {"name": shadow.name, "version": shadow.version},
                    "digest": self.digests.get((shadow.name, shadow.version)),
                    "status": shadow.status,
                    "prediction": shadow.output,
                    "error": shadow.error,
                    "scored_at": shadow.scored_at,
                }
                for shadow in self.request.shadows
                if shadow.instance_no == number
            ],
            "outcomes": [
                {
                    "revision": outcome.revision,
                    "value": outcome.value,
                    "received_at": outcome.received_at,
                }
                for outcome in self.request.outcomes
                if outcome.instance_no == number
            ],
        }


def find_answer(connection: Connection, endpoint: str, request_id: str) -> Answer:
    """
    Return the answer to one request.

    Raises RequestErased for one that was erased, RecordUnknown for one that Postgres refused to
    store, NotRecordedYet for one that is not (yet) in the log.
    """
    at = erased_at(connection, endpoint, request_id)
    if at is not None:
        raise RequestErased(request_id, at)
    request = find(connection, endpoint, request_id)
    if request is None:
        refusal = why_quarantined(connection, endpoint, request_id)
        if refusal is not None:
            raise RecordUnknown(
                f"{request_id} was answered, but could not be recorded ({refusal})."
                " What is left of it lies in the table quarantine."
            )
        raise NotRecordedYet(request_id)
    rows = history(connection, endpoint)
    captures = read_captures(connection, endpoint)
    model = request.name, request.version
    answerer = find_answerer(rows, model, request.deployment_id, captures.ids)
    return Answer(request, answerer, known_digests(rows), captures.of(request.deployment_id))
