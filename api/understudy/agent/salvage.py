"""Reads a spool past requests whose payload is damaged, and past damaged places of its file."""

from contextlib import suppress
from pathlib import Path

from understudy.errors import SpoolCorrupt
from understudy.records import ServedRequest
from understudy.serving.answering import Answering
from understudy.serving.spool_reader import Row, SpoolReader, SpoolStatus, as_request

_FAR = 10_000  # requests that are looked for behind a damage of which nobody knows the end


class SalvagingReader(SpoolReader):
    """
    A reader that no damaged payload can stop, and no damaged place with something good behind it.

    A request with a damaged payload comes back without instances and with its raw payload as the
    one output: Postgres' side refuses such a request and keeps it in quarantine, in its place in
    the order. Of what lay in a damaged place nothing comes back: their numbers are missing.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, is_salvage=True)
        self.is_damaged = False
        """Whether a damaged place of the file was met."""

    def read(self, after: int, limit_instances: int) -> list[ServedRequest]:
        """Return the requests behind `after`; raises SpoolCorrupt if nothing good is left there."""
        try:
            return super().read(after, limit_instances)
        except (SpoolCorrupt, TypeError):
            return self._salvage(after, limit_instances)

    def status(self) -> SpoolStatus:
        """Return what the owner last said, or that it cannot be read, and what it lost."""
        try:
            return super().status()
        except (SpoolCorrupt, TypeError):
            self.is_damaged = True
            return SpoolStatus(None, f"what {self.path} says of itself is damaged", self.lost())

    def _salvage(self, after: int, limit_instances: int) -> list[ServedRequest]:
        found: list[ServedRequest] = []
        known = self.answering()
        try:
            for row in self.rows(after, limit_instances):
                found.append(self._one(row, known))
        except (SpoolCorrupt, TypeError) as error:
            self.is_damaged = True
            # What came before the damaged place is good, and so may be what comes behind it.
            found = found or self._beyond(after, limit_instances, known)
            if not found:
                raise SpoolCorrupt(self.path, f"nothing behind request {after}") from error
        return found

    def _beyond(self, after: int, limit_instances: int, known: Answering) -> list[ServedRequest]:
        """Return requests behind a damaged place, each looked for by its number."""
        found: list[ServedRequest] = []
        total = 0
        for seq in range(after + 1, self._last(after) + 1):
            with suppress(SpoolCorrupt, TypeError):
                if (row := self.row(seq)) and row[0] == seq:
                    total += row[6]
                    found.append(self._one(row, known))
            if total >= limit_instances:
                break
        return found

    def _last(self, after: int) -> int:
        try:
            return self.last()
        except SpoolCorrupt:
            return after + _FAR

    def _one(self, row: Row, known: Answering) -> ServedRequest:
        # Of the row itself: to look for it once more might lead over the damaged place before it.
        try:
            return as_request(self.path, row, known)
        except (SpoolCorrupt, TypeError):
            return _unreadable(row, known.deployment_of(row[0]))


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
