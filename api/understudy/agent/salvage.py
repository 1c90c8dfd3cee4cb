"""Reads a spool past requests whose payload is damaged."""

from understudy.errors import SpoolCorrupt
from understudy.records import ServedRequest
from understudy.serving.spool_reader import Row, SpoolReader


class SalvagingReader(SpoolReader):
    """
    A reader that no single damaged payload can stop.

    The damaged request comes back without instances and with its raw payload as the one output:
    Postgres' side refuses such a request and keeps it in quarantine, in its place in the order.
    """

    def read(self, after: int, limit_instances: int) -> list[ServedRequest]:
        """Return the requests behind `after`; raises SpoolCorrupt for a damaged file only."""
        try:
            return super().read(after, limit_instances)
        except (SpoolCorrupt, TypeError):
            return self._salvage(after, limit_instances)

    def _salvage(self, after: int, limit_instances: int) -> list[ServedRequest]:
        found: list[ServedRequest] = []
        try:
            for row in self.rows(after, limit_instances):
                found.append(self._one(row))
        except SpoolCorrupt:
            # The file itself ends here; what came before it is good.
            if not found:
                raise
        return found

    def _one(self, row: Row) -> ServedRequest:
        seq = row[0]
        try:
            return super().read(seq - 1, 1)[0]
        except (SpoolCorrupt, TypeError):
            return _unreadable(row, self.answering().deployment_of(seq))


def is_unreadable(request: ServedRequest) -> bool:
    """Say whether a request is one that could not be read."""
    return not request.instances and len(request.outputs) == 1


def _unreadable(row: Row, deployment_id: int | None) -> ServedRequest:
    seq, request_id, client_id, served_at, name, version, _, payload = row
    raw = payload.hex() if isinstance(payload, bytes) else str(payload)
    return ServedRequest(
        seq, request_id, client_id, served_at, name, version,
        instances=(), outputs=({"unreadable_payload_hex": raw},), values=(), labels=(),
        deployment_id=deployment_id,
    )  # fmt: skip
