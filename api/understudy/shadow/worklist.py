"""One shadow version's hold on the work list: its leases, its state, and when to let go."""

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from understudy.errors import LogUnavailable, listed
from understudy.log.captures import Captures, read_captures
from understudy.log.claiming import Version
from understudy.log.database import Engine, log_errors
from understudy.log.erasure import ERASED
from understudy.log.work import State, claim, complete, read_work, release, renew, set_state
from understudy.log.work_item import ShadowResult, WorkCounts, WorkItem, WorkRow

logger = logging.getLogger(__name__)

OUTAGE_S = 1.0

Lease = tuple[int, int]
"""The number of an item, and how often it was claimed."""


class Stopped(Exception):
    """The shadow was told to stop."""


class LeaseLost(Exception):
    """Someone else holds the item by now."""


def new_claimant() -> str:
    """Return a name for a claimant that no other ever has, and that tells people where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


@dataclass
class _Held:
    """An item in hand, and when its lease is to be renewed."""

    item: WorkItem
    renew_at: float


@dataclass
class Worklist:
    """
    The work items of one version of one endpoint, as one claimant sees them.

    Several items may be in hand at once. A lease holds for `lease_s` seconds and is renewed by
    `keep`, which goes through a Postgres outage: whether an item is still ours is decided when it
    is closed. `ahead` tells the versions that play a shadow now, without it this one does.
    """

    engine: Engine
    endpoint: str
    name: str
    version: str
    stop: threading.Event
    lease_s: float = 30.0
    claimant: str = field(default_factory=new_claimant)
    ahead: Callable[[], Sequence[Version]] | None = None
    _held: dict[Lease, "_Held"] = field(default_factory=dict)
    _captures: Captures = field(default_factory=Captures)
    _captures_to: int = 0

    @property
    def label(self) -> str:
        """The version as people write it."""
        return f"{self.name}:{self.version}"

    def check(self) -> None:
        """Raise Stopped when it is time to go."""
        if self.stop.is_set():
            raise Stopped

    def claim(self) -> WorkItem | None:
        """Lease the item that comes next, if there is one. Raises LogUnavailable."""
        ahead = None if self.ahead is None else self.ahead()
        item = claim(
            self.engine, self.endpoint, self.name, self.version, self.claimant, self.lease_s, ahead
        )
        if item is not None:
            self._held[_lease(item)] = _Held(item, time.monotonic() + self.lease_s / 3)
        return item

    def release(self) -> None:
        """Give all back that is in hand, for anyone to claim at once."""
        while self._held:
            _, held = self._held.popitem()
            with contextlib.suppress(LogUnavailable):  # then the lease runs out by itself
                release(self.engine, held.item)

    def read(self, item: WorkItem) -> list[WorkRow]:
        """Return the instances of an item. Raises LogUnavailable."""
        rows = read_work(self.engine, item)
        newest = max((row.deployment_id or 0 for row in rows), default=0)
        if newest > self._captures_to:  # policies are numbered with the deployments
            with log_errors(), self.engine.connect() as connection:
                self._captures = read_captures(connection, self.endpoint)
            self._captures_to = newest
        return rows

    def withheld(self, rows: Sequence[WorkRow], features: Sequence[str]) -> list[str | None]:
        """Return why a model with these features cannot be asked about a row, None where it can."""
        numbers = {row.deployment_id or 0 for row in rows} if self._captures else ()
        whys = {number: self._why_withheld(number, features) for number in numbers}
        return [ERASED if row.is_erased else whys.get(row.deployment_id or 0) for row in rows]

    def _why_withheld(self, number: int, features: Sequence[str]) -> str | None:
        for row, fields in self._captures.redacting([number], features):
            return f"{listed(fields)}: redacted at capture, by {row.capture.title}"
        return None

    def keep(self, item: WorkItem) -> None:
        """Renew leases when it is time to; raises Stopped, or LeaseLost if `item` is another's."""
        self.check()
        now = time.monotonic()
        for lease, held in list(self._held.items()):
            if now >= held.renew_at:
                held.renew_at = now + self.lease_s / 3
                with contextlib.suppress(LogUnavailable):
                    if not renew(self.engine, held.item, self.lease_s):
                        self._held.pop(lease, None)
        if _lease(item) not in self._held:
            raise LeaseLost

    def close(
        self, item: WorkItem, results: Sequence[ShadowResult], sampled_out: int
    ) -> WorkCounts | None:
        """
        Store the results and close the item, if it takes several attempts.

        None if the lease was lost: then someone else scores the item. Raises LogUnavailable once
        an outage of Postgres has outlasted the lease.
        """
        until = time.monotonic() + self.lease_s
        while True:
            try:
                counts = complete(self.engine, item, results, sampled_out)
            except LogUnavailable as outage:
                logger.warning("The results of %s wait: %s", self.label, outage)
                if self.stop.wait(OUTAGE_S) or time.monotonic() > until:
                    raise
            else:
                self._held.pop(_lease(item), None)
                return counts

    def tell(self, state: State, detail: str) -> None:
        """Record how the version fares. Raises LogUnavailable."""
        with log_errors(), self.engine.begin() as connection:
            set_state(connection, self.endpoint, self.name, self.version, state, detail)


def _lease(item: WorkItem) -> Lease:
    return item.id, item.attempts
