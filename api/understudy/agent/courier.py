"""Carries what the spools of this machine hold into the prediction log."""

import contextlib
import logging
import socket
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from understudy.agent.batch import Batch
from understudy.agent.events import (
    BacklogMeasured,
    GapFound,
    InstancesLost,
    Observer,
    Quarantined,
    Shipped,
)
from understudy.agent.follower import Follower
from understudy.agent.hands import Hands
from understudy.agent.inputs import count_inputs
from understudy.agent.salvage import SalvagingReader, is_unreadable
from understudy.agent.spools import Spools
from understudy.errors import LogUnavailable, SpoolCorrupt
from understudy.log.database import log_errors
from understudy.log.shipment import Shipped as Stored
from understudy.log.shipping import ship
from understudy.log.spools import SpoolReport, close_spool, report_spool
from understudy.records import ServedRequest
from understudy.serving.spool_reader import SpoolBacklog, SpoolStatus

BATCH_INSTANCES = 2000
PATIENCE_S = 10.0
"""How old what waits may be, before shipping takes from those that answer requests."""
_BATCHES_PER_TURN = 10  # then the next spool has its turn,
_TURN_S = 1.0  # or after so long, with the batch that is under way then
_REPORT_EVERY_S = 1.0
_MEASURE_EVERY_S = 1.0
_MEASURING_SHARE = 0.05  # of the time: a long backlog takes long to count

_LEFT_OVER = "what could be read of it is shipped, and what is missing was told"
_UNAWARE = "an api worker of an earlier version knows no capture policy: start it anew"

logger = logging.getLogger(__name__)


class Courier:
    """
    Ships every spool of one folder, round by round.

    Whatever dies between a shipment and its acknowledgement, the watermark in Postgres knows what
    was shipped; so several couriers may work on one folder. A spool that cannot be read is set
    aside, and neither that nor one that cannot be used ever stops the others.

    Whoever answers requests goes first: while what waits is young, patient hands ship it, of which
    nobody feels anything (docs/adr/0032).
    """

    def __init__(self, folder: Path, endpoint: str, database_url: str, follower: Follower,
                 observer: Observer) -> None:  # fmt: skip
        self._spools = Spools(folder, observer)
        self._endpoint = endpoint
        self._follower = follower
        self._observe = observer
        self._host = socket.gethostname()
        self._watermarks: dict[Path, int] = {}
        self._reports: dict[Path, tuple[SpoolReport, float]] = {}
        self._lost: dict[Path, int] = {}
        self._patient, self._pressed = Hands(database_url, patient=True), Hands(database_url)
        self._hands = self._pressed
        self._is_hurried = False
        self._oldest_s = 0.0
        self._outage: LogUnavailable | None = None
        self._next_measuring = 0.0
        self.is_behind = False
        """Whether the last round left something in a spool whose turn was over."""

    def carry(self) -> int:
        """
        Give each spool its turn and return how many requests were taken over.

        Raises LogUnavailable; what was not shipped then waits for the next round.
        """
        self._find_spools()
        self._hands = self._pressed if self.is_pressed else self._patient
        self.is_behind = False
        self._outage = None
        total = sum(self._hands.map(self._serve, self._spools.in_turn()))
        if self._outage is not None:
            raise self._outage
        return total

    @property
    def is_pressed(self) -> bool:
        """
        Whether shipping has to get on, though it takes from those that answer requests.

        It has if something waits for long, and after a change of the deployments: whoever decided
        it waits until the workers' own word of it is in the prediction log.
        """
        is_settled = time.monotonic() - self._follower.changed_at > PATIENCE_S
        return self._is_hurried or self._oldest_s > PATIENCE_S or not is_settled

    def hurry(self) -> None:
        """Be patient no more: it comes to the end."""
        self._is_hurried = True

    def _serve(self, reader: SalvagingReader) -> int:
        """Give a spool its turn, unless the prediction log was lost in this round."""
        if self._outage is not None:
            return 0
        try:
            return self._guard(reader)
        except LogUnavailable as error:
            self._outage = error
            # Whatever is wrong with this one, the others come first.
            self._spools.fail(reader.path)
            return 0

    def measure(self) -> None:
        """Tell how much waits, unless that was told a moment ago."""
        start = time.monotonic()
        if start < self._next_measuring:
            return
        self._find_spools()
        backlog = _sum_up(self._spools.backlogs())
        self._oldest_s = backlog.oldest_s
        self._observe(backlog)
        seconds = time.monotonic() - start
        self._next_measuring = start + max(_MEASURE_EVERY_S, seconds / _MEASURING_SHARE)

    def close(self) -> None:
        """Let go of all spools."""
        for hands in (self._patient, self._pressed):
            hands.close()
        self._spools.close()

    def _find_spools(self) -> None:
        for path in self._spools.find():
            self._watermarks.pop(path, None)
            self._reports.pop(path, None)
            self._lost.pop(path, None)

    def _guard(self, reader: SalvagingReader) -> int:
        try:
            requests = self._take_turn(reader)
        except SpoolCorrupt as error:
            with contextlib.suppress(SpoolCorrupt, sqlite3.Error, OSError):
                self._report(reader, reader.status())  # what was lost until now
            self._spools.set_aside(reader.path, error)
        except (sqlite3.OperationalError, OSError) as error:
            self._spools.drop(reader.path, error)
        except LogUnavailable:
            raise
        except Exception as error:
            # Whatever is wrong with this one, the others come through.
            logger.exception("The spool %s cannot be shipped now.", reader.path)
            self._spools.drop(reader.path, error)
        else:
            self._spools.succeed(reader.path)
            return requests
        return 0

    def _take_turn(self, reader: SalvagingReader) -> int:
        # Looked at first: from then on nothing is appended to an orphan.
        is_orphan = reader.adopt()
        if not reader.is_ready():
            if is_orphan:
                self._remove(reader)  # its owner died before it could write anything
            return 0
        requests = self._empty(reader)
        self._report(reader, reader.status())
        if is_orphan and not reader.read(self._shipped(reader), 1):
            self._close(reader)
        return requests

    def _empty(self, reader: SalvagingReader) -> int:
        total = 0
        end = time.monotonic() + _TURN_S
        for _ in range(_BATCHES_PER_TURN):
            known = self._follower.manifests, self._follower.captures
            batch = Batch(reader, self._shipped(reader), BATCH_INSTANCES, *known)
            if batch.is_empty:
                return total
            total += self._ship(reader, batch)
            if not batch.is_full:
                # What came meanwhile is for the next round: a shipment of two rows costs as much
                # as one of two hundred.
                return total
            if time.monotonic() > end:
                break
        self.is_behind = True
        return total

    def _shipped(self, reader: SalvagingReader) -> int:
        after = self._watermarks.get(reader.path)
        return reader.shipped() if after is None else after

    def _ship(self, reader: SalvagingReader, batch: Batch) -> int:
        result = ship(self._hands.engine, self._endpoint, reader.uuid, batch)
        self._watermarks[reader.path] = result.watermark
        if result.missing:
            logger.error("%d requests are missing in the spool %s.", result.missing, reader.path)
            self._observe(GapFound(result.missing))
        if fresh := batch.requests[result.skipped :]:
            self._tell(reader, batch, fresh, result)
        reader.acknowledge(result.watermark)
        return len(fresh)

    def _tell(
        self, reader: SalvagingReader, batch: Batch, fresh: Sequence[ServedRequest], result: Stored
    ) -> None:
        if result.quarantined:
            numbers = [request.seq for request in fresh if is_unreadable(request)]
            logger.error(
                "%d requests of the spool %s are in quarantine (unreadable: %s).",
                result.quarantined, reader.path, numbers or "none",
            )  # fmt: skip
            self._observe(Quarantined(result.quarantined))
        # What another agent had shipped is counted there.
        known = self._follower.manifests, self._follower.captures
        inputs = count_inputs(fresh, *known) if result.skipped else batch.inputs()
        # A damaged one may have no time, or a text in its place.
        times = [one.served_at for one in fresh if isinstance(one.served_at, float)]
        lag_s = max(0.0, time.time() - min(times, default=time.time()))
        self._observe(Shipped(fresh, result.instances, inputs, lag_s))

    def _report(self, reader: SalvagingReader, status: SpoolStatus) -> None:
        said, at = self._reports.get(reader.path, (None, 0.0))
        is_open = self._follower.capture is not None and not status.knows_capture
        report = SpoolReport(
            uuid=reader.uuid,
            host=self._host,
            # Who records what the capture policy redacts serves no deployment that has it.
            deployment_id=None if is_open else status.deployment_id,
            problem=_UNAWARE if is_open else status.problem or self._follower.problem,
            lost=status.lost,
        )
        now = time.monotonic()
        # A spool that another agent has closed and removed must not come back to life.
        if (report == said and now - at < _REPORT_EVERY_S) or not reader.path.exists():
            return
        with log_errors(), self._hands.engine.begin() as connection:
            report_spool(connection, self._endpoint, report)
        self._reports[reader.path] = (report, now)
        if more := status.lost - self._lost.get(reader.path, 0):
            self._lost[reader.path] = status.lost
            logger.error("%d instances were answered and not recorded: the spool %s could not"
                         " be written.", more, reader.path)  # fmt: skip
            self._observe(InstancesLost(more))

    def _close(self, reader: SalvagingReader) -> None:
        with log_errors(), self._hands.engine.begin() as connection:
            close_spool(connection, reader.uuid)
        logger.info("The spool %s is shipped to its end; its worker is gone.", reader.path)
        if reader.is_damaged:
            self._spools.set_aside(reader.path, SpoolCorrupt(reader.path, _LEFT_OVER))
        else:
            self._remove(reader)

    def _remove(self, reader: SalvagingReader) -> None:
        reader.remove()
        self._spools.let_go(reader.path)


def _sum_up(backlogs: Sequence[SpoolBacklog]) -> BacklogMeasured:
    oldest = min((b.oldest for b in backlogs if b.oldest is not None), default=None)
    return BacklogMeasured(
        spools=len(backlogs),
        requests=sum(b.requests for b in backlogs),
        instances=sum(b.instances for b in backlogs),
        oldest_s=0.0 if oldest is None else max(0.0, time.time() - oldest),
        size_bytes=sum(b.size_bytes for b in backlogs),
    )
