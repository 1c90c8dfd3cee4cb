"""Requests that wait at the same moment become one call of the model and one spool transaction."""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from understudy.errors import ModelError, Overloaded, ScoringFailed, SpoolFull
from understudy.records import ServedRequest
from understudy.serving.engines import Predictions
from understudy.serving.generation import Generation
from understudy.serving.pace import Cost, Pace
from understudy.serving.validation import Instances
from understudy.settings import SpoolPolicy

MOST_WAITING_INSTANCES = 20_000
"""Beyond this many instances in the queue a request is turned away instead of waiting its turn."""
_SURE = 0.8  # of the time limit: what is expected to wait for longer may miss it
_TELLING = 32
_UNKNOWN = Cost(0.0, 1.0)

logger = logging.getLogger(__name__)


class Spool(Protocol):
    """Where answers are recorded: `SpoolWriter`, or a test's double that fails on demand."""

    def append(self, requests: Sequence[ServedRequest]) -> None:
        """Record all of the requests, or raise and record none."""
        ...

    def count_lost(self, instances: int) -> None:
        """Remember instances that were answered without a record."""
        ...


@dataclass(eq=False)
class Job:
    """One accepted request on its way through the model."""

    generation: Generation
    request_id: str
    client_id: str | None
    instances: Instances
    answer: asyncio.Future[Predictions]
    is_taken: bool = False
    served_at: float = field(default_factory=time.time)


class MicroBatcher:
    """
    Scores and records the requests of one worker in batches.

    There is no waiting timer: a batch is whatever has gathered while the previous one ran, up to
    about a second's work, so a lone request is never delayed. A batch never mixes two generations.
    What cannot be answered within `timeout_s` is turned away at once. Used from one event loop.
    `unrecorded` is told how many instances were answered without a record, whenever there are some.
    """

    def __init__(
        self, spool: Spool, policy: SpoolPolicy, timeout_s: float,
        unrecorded: Callable[[int], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._spool = spool
        self._policy = policy
        self._timeout_s = timeout_s
        self._tell_unrecorded = unrecorded
        self._waiting: deque[Job] = deque()
        self._waiting_instances = 0
        self._running_instances = 0
        self._is_scheduled = False
        self._paced: Generation | None = None
        self._pace = Pace(_UNKNOWN)
        self._most_held = self._most_at_once = 1
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._running: set[asyncio.Task[None]] = set()

    def use(self, spool: Spool) -> None:
        """Record in another spool from now on."""
        self._spool = spool

    @property
    def held_instances(self) -> int:
        """How many instances wait for the model or are with it."""
        return self._waiting_instances + self._running_instances

    async def predict(
        self, generation: Generation, request_id: str, client_id: str | None, instances: Instances
    ) -> Predictions:
        """
        Answer the instances with the generation's model, once they are recorded.

        Raises ModelError if the model cannot answer, SpoolFull if the answer cannot be recorded
        and the policy is `strict`, Overloaded if there is too much before it.
        """
        if generation is not self._paced:
            self._paced, self._pace = generation, Pace(generation.cost)
            self._admit()
        count = len(instances)
        if self._is_scheduled:
            held = self._waiting_instances + self._running_instances
            if held and held + count > self._most_held:
                raise Overloaded(held, self._pace.seconds(held))
        loop = asyncio.get_running_loop()
        job = Job(generation, request_id, client_id, instances, loop.create_future())
        self._waiting.append(job)
        self._waiting_instances += count
        if not self._is_scheduled:
            self._is_scheduled = True
            loop.call_soon(self._start)
        try:
            return await job.answer
        except asyncio.CancelledError:
            if not job.is_taken:  # its caller has gone: it takes nobody's place any more
                self._waiting_instances -= count
            raise

    def _admit(self) -> None:
        """Set how many instances may be here: what is answered in time, and fits the memory."""
        in_time = self._pace.within(_SURE * self._timeout_s)
        self._most_held = min(in_time, MOST_WAITING_INSTANCES)
        self._most_at_once = self._pace.most

    def _start(self) -> None:
        batch = self._take()
        if batch and batch[0].generation.is_slow:
            task = asyncio.get_running_loop().create_task(self._run_beside_the_loop(batch))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            return
        self._is_scheduled = bool(self._waiting)
        if self._waiting:  # after whoever else waits for the loop
            asyncio.get_running_loop().call_soon(self._start)
        count, self._running_instances = self._running_instances, 0
        if not batch:
            return
        if count < _TELLING:  # too quick on the loop to be worth a look at the clock
            self._finish(batch, _score(batch))
        else:
            results, seconds = _timed(batch)
            self._learn(batch, count, seconds)
            self._finish(batch, results)

    def _take(self) -> list[Job]:
        """Take the next batch; whoever gave up waiting is passed over."""
        batch: list[Job] = []
        taken = 0
        while self._waiting:
            job = self._waiting[0]
            count = len(job.instances)
            if not job.answer.done():
                if batch and (
                    job.generation is not batch[0].generation or taken + count > self._most_at_once
                ):
                    break
                batch.append(job)
                job.is_taken = True
                taken += count
                self._waiting_instances -= count
            self._waiting.popleft()
        self._running_instances = taken
        return batch

    async def _run_beside_the_loop(self, batch: list[Job]) -> None:
        """Score on the one model thread, while the next batch gathers."""
        loop = asyncio.get_running_loop()
        try:
            while batch:
                results, seconds = await loop.run_in_executor(self._thread, _timed, batch)
                self._learn(batch, self._running_instances, seconds)
                self._finish(batch, results)
                batch = self._take()
        finally:
            self._running_instances = 0
            self._is_scheduled = bool(self._waiting)
            if self._waiting:
                self._start()

    def _learn(self, batch: list[Job], instances: int, seconds: float) -> None:
        if batch[0].generation is self._paced:
            self._pace.learn(instances, seconds)
            self._admit()

    def _finish(self, batch: list[Job], results: Iterable[Predictions | ModelError]) -> None:
        """Record what was answered, then answer it; whoever gave up waiting gets no record."""
        answered: list[tuple[Job, Predictions]] = []
        for job, result in zip(batch, results, strict=True):
            if job.answer.done():
                continue
            if isinstance(result, ModelError):
                job.answer.set_exception(result)
            else:
                answered.append((job, result))
        if not answered:
            return
        refusals = self._record(answered)
        for (job, predictions), refusal in zip(answered, refusals, strict=True):
            if refusal is None:
                job.answer.set_result(predictions)
            else:
                job.answer.set_exception(refusal)

    def _record(self, answered: Sequence[tuple[Job, Predictions]]) -> list[SpoolFull | None]:
        """Record all, and return why one is refused, or None; who cannot be is alone in that."""
        try:
            self._spool.append([_served(job, predictions) for job, predictions in answered])
        except (sqlite3.Error, OSError) as error:  # the spool's fault: it is nobody's turn
            return [self._unrecorded(answered, error)] * len(answered)
        except Exception as error:  # noqa: BLE001 - whatever it is, callers must hear of it
            if len(answered) == 1:
                return [self._unrecorded(answered, error)]
            return [refusal for one in answered for refusal in self._record([one])]
        return [None] * len(answered)

    def _unrecorded(
        self, answered: Sequence[tuple[Job, Predictions]], error: Exception
    ) -> SpoolFull | None:
        instances = sum(len(job.instances) for job, _ in answered)
        if self._policy == "strict":
            refusal = SpoolFull(f"The prediction cannot be recorded ({error}).")
            refusal.__cause__ = error
            return refusal
        self._spool.count_lost(instances)
        self._tell_unrecorded(instances)
        logger.error("%d instances are answered without a record: %s", instances, error)
        return None

    def close(self) -> None:
        """End the model thread; nothing may be waiting any more."""
        self._thread.shutdown()


def _timed(batch: Sequence[Job]) -> tuple[list[Predictions | ModelError], float]:
    start = time.perf_counter()
    results = _score(batch)
    return results, time.perf_counter() - start


def _score(batch: Sequence[Job]) -> list[Predictions | ModelError]:
    """Score the requests as one batch; if that fails, by halves: only the bad one fails."""
    generation = batch[0].generation
    together = [instance for job in batch for instance in job.instances]
    try:
        return list(_split(generation.engine.predict(together), batch))
    except Exception as error:  # noqa: BLE001 - whatever a model raises must not end the worker
        if len(batch) > 1:
            half = len(batch) // 2
            return _score(batch[:half]) + _score(batch[half:])
        # A model's words may quote what it was asked, which the capture policy keeps to itself.
        told = error if generation.redact is None else type(error).__name__
        logger.warning("%s cannot answer: %s", generation.title, told)
        if isinstance(error, ModelError):
            return [error]
        failure = ScoringFailed(f"{generation.title} raised {type(error).__name__}: {error}")
        failure.__cause__ = error
        return [failure]


def _split(predictions: Predictions, batch: Sequence[Job]) -> Iterable[Predictions]:
    start = 0
    for job in batch:
        end = start + len(job.instances)
        yield Predictions(
            predictions.outputs[start:end],
            predictions.values[start:end],
            predictions.labels[start:end],
        )
        start = end


def _served(job: Job, predictions: Predictions) -> ServedRequest:
    redact = job.generation.redact
    return ServedRequest(
        seq=0,
        request_id=job.request_id,
        client_id=job.client_id,
        served_at=job.served_at,
        name=job.generation.name,
        version=job.generation.version,
        instances=job.instances if redact is None else redact(job.instances),
        outputs=predictions.outputs,
        values=predictions.values,
        labels=predictions.labels,
        deployment_id=job.generation.deployment_id,
    )
