"""Requests that wait at the same moment become one call of the model and one spool transaction."""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from understudy.errors import ModelError, NotReady, ScoringFailed, SpoolFull
from understudy.records import ServedRequest
from understudy.serving.engines import Predictions
from understudy.serving.generation import Generation
from understudy.serving.validation import Instances
from understudy.settings import SpoolPolicy

MOST_WAITING_INSTANCES = 20_000
"""Beyond this many instances in the queue a request is turned away instead of waiting its turn."""

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
    served_at: float = field(default_factory=time.time)


class MicroBatcher:
    """
    Scores and records the requests of one worker in batches.

    There is no waiting timer: a batch is whatever has gathered while the previous one ran, so a
    lone request is never delayed. A batch never mixes two generations. Used from one event loop.
    """

    def __init__(self, spool: Spool, policy: SpoolPolicy) -> None:
        self._spool = spool
        self._policy = policy
        self._waiting: list[Job] = []
        self._waiting_instances = 0
        self._is_scheduled = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._running: set[asyncio.Task[None]] = set()

    async def predict(
        self, generation: Generation, request_id: str, client_id: str | None, instances: Instances
    ) -> Predictions:
        """
        Answer the instances with the generation's model, once they are recorded.

        Raises ModelError if the model cannot answer, SpoolFull if the answer cannot be recorded
        and the policy is `strict`, NotReady if too many instances wait already.
        """
        if self._waiting and self._waiting_instances + len(instances) > MOST_WAITING_INSTANCES:
            raise NotReady("Too many requests wait for the model; try again in a moment.")
        loop = asyncio.get_running_loop()
        job = Job(generation, request_id, client_id, instances, loop.create_future())
        self._waiting.append(job)
        self._waiting_instances += len(instances)
        if not self._is_scheduled:
            self._is_scheduled = True
            loop.call_soon(self._start)
        return await job.answer

    def _start(self) -> None:
        jobs, self._waiting, self._waiting_instances = self._waiting, [], 0
        if any(job.generation.is_slow for job in jobs):
            task = asyncio.get_running_loop().create_task(self._run_beside_the_loop(jobs))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            return
        self._is_scheduled = False
        for generation, group in groupby(jobs, key=lambda job: job.generation):
            batch = list(group)
            self._finish(batch, _score(generation, batch))

    async def _run_beside_the_loop(self, jobs: list[Job]) -> None:
        """Score on the one model thread, while the next batch gathers."""
        loop = asyncio.get_running_loop()
        try:
            for generation, group in groupby(jobs, key=lambda job: job.generation):
                batch = [job for job in group if not job.answer.done()]
                results = await loop.run_in_executor(self._thread, _score, generation, batch)
                self._finish(batch, results)
        finally:
            self._is_scheduled = bool(self._waiting)
            if self._waiting:
                self._start()

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
        refusal = self._record(answered)
        for job, predictions in answered:
            if refusal is None:
                job.answer.set_result(predictions)
            else:
                job.answer.set_exception(refusal)

    def _record(self, answered: list[tuple[Job, Predictions]]) -> SpoolFull | None:
        if not answered:
            return None
        try:
            self._spool.append([_served(job, predictions) for job, predictions in answered])
        except Exception as error:  # noqa: BLE001 - whatever it is, callers must hear of it
            instances = sum(len(job.instances) for job, _ in answered)
            if self._policy == "strict":
                refusal = SpoolFull(f"The prediction cannot be recorded ({error}).")
                refusal.__cause__ = error
                return refusal
            self._spool.count_lost(instances)
            logger.error("%d instances are answered without a record: %s", instances, error)
        return None

    def close(self) -> None:
        """End the model thread; nothing may be waiting any more."""
        self._thread.shutdown()


def _score(generation: Generation, batch: Sequence[Job]) -> list[Predictions | ModelError]:
    """Score the requests as one batch; if that fails, each alone: only the bad one fails."""
    together = [instance for job in batch for instance in job.instances]
    try:
        return list(_split(generation.engine.predict(together), batch))
    except Exception as error:  # noqa: BLE001 - whatever a model raises must not end the worker
        if len(batch) > 1:
            return [_score(generation, [job])[0] for job in batch]
        logger.warning("%s cannot answer: %s", generation.title, error)
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
    return ServedRequest(
        seq=0,
        request_id=job.request_id,
        client_id=job.client_id,
        served_at=job.served_at,
        name=job.generation.name,
        version=job.generation.version,
        instances=job.instances,
        outputs=predictions.outputs,
        values=predictions.values,
        labels=predictions.labels,
        deployment_id=job.generation.deployment_id,
    )
