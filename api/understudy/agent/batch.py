"""What one shipment takes from a spool, read while Postgres takes it."""

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from understudy.agent.inputs import InputCounter, InputCounts
from understudy.agent.salvage import SalvagingReader
from understudy.artefacts.manifest import Manifest
from understudy.errors import SpoolCorrupt
from understudy.log.captures import NO_CAPTURES, Captures
from understudy.records import ServedRequest

_PIECE_INSTANCES = 250

logger = logging.getLogger(__name__)


class Batch:
    """
    Requests of one spool in order, read piece by piece as they are asked for, once.

    The first piece is read at once, and raises what stands against the spool. What stands against
    a later one ends the batch there; the next batch begins with it.
    """

    def __init__(
        self, reader: SalvagingReader, after: int, limit_instances: int,
        manifests: Iterable[Manifest], captures: Captures = NO_CAPTURES,
    ) -> None:  # fmt: skip
        self._reader = reader
        self._limit = limit_instances
        self._counter = InputCounter(manifests, captures)
        self._piece = reader.read(after, min(_PIECE_INSTANCES, limit_instances))
        self.requests: list[ServedRequest] = []
        """Those that were asked for."""
        self.instances = 0
        """How many instances these have."""

    def __iter__(self) -> Iterator[ServedRequest]:
        while self._piece:
            wanted = min(_PIECE_INSTANCES, self._limit - self.instances)
            found = sum(len(request.instances) for request in self._piece)
            self.requests += self._piece
            self.instances += found
            self._count(self._piece)
            yield from self._piece
            # What came meanwhile is for the next round, and so is what is beyond the limit.
            self._piece = [] if found < wanted or self.is_full else self._read_on()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits in the spool, or all was asked for."""
        return not self._piece

    @property
    def is_full(self) -> bool:
        """Whether as many instances were asked for as one shipment takes; more may wait."""
        return self.instances >= self._limit

    def inputs(self) -> list[InputCounts]:
        """Return the counts of the inputs of all requests that were asked for."""
        return self._counter.counts()

    def _count(self, requests: Sequence[ServedRequest]) -> None:
        """Keep an error of counting from what is counted; it is logged."""
        try:
            self._counter.add(requests)
        except Exception:
            logger.exception("The inputs of some requests could not be counted.")

    def _read_on(self) -> list[ServedRequest]:
        limit = min(_PIECE_INSTANCES, self._limit - self.instances)
        try:
            return self._reader.read(self.requests[-1].seq, limit)
        except (SpoolCorrupt, sqlite3.OperationalError):
            return []
