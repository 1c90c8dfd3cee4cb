"""A shadow version's clerk: reads what comes next and writes what was scored, meanwhile."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from understudy.log.work_item import ShadowResult, WorkCounts, WorkItem, WorkRow
from understudy.shadow.sampling import is_sampled
from understudy.shadow.worklist import Worklist


@dataclass(frozen=True, slots=True)
class Portion:
    """A leased item, the rows of it that are to be scored, and how many are out of the sample."""

    item: WorkItem
    rows: Sequence[WorkRow]
    sampled_out: int


@dataclass(frozen=True, slots=True)
class Closed:
    """
    What became of a portion, `seconds` after it was taken up.

    `counts` is None if the lease was lost: then nothing was stored.
    """

    counts: WorkCounts | None
    results: Sequence[ShadowResult]
    seconds: float


class Clerk:
    """
    One thread that does the prediction log's side of the scoring, in the order it is asked to.

    Errors come with the futures. When the clerk leaves, every item still in its hands is given
    back.
    """

    def __init__(self, worklist: Worklist) -> None:
        self._worklist = worklist
        self._thread = ThreadPoolExecutor(1, f"clerk {worklist.label}")

    def fetch(self) -> "Future[Portion | None]":
        """Lease and read the item that comes next; None if there is nothing to do."""
        return self._thread.submit(self._fetch)

    def close(
        self, portion: Portion, results: Sequence[ShadowResult], since: float
    ) -> "Future[Closed]":
        """Store the results of a portion that was taken up at `since`, by the monotonic clock."""
        return self._thread.submit(self._close, portion, results, since)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()
        self._worklist.release()

    def _fetch(self) -> Portion | None:
        item = self._worklist.claim()
        if item is None:
            return None
        rows = self._worklist.read(item)
        sample = [row for row in rows if is_sampled(row.request_id, item.share)]
        return Portion(item, sample, len(rows) - len(sample))

    def _close(self, portion: Portion, results: Sequence[ShadowResult], since: float) -> Closed:
        counts = self._worklist.close(portion.item, results, portion.sampled_out)
        return Closed(counts, results, time.monotonic() - since)
