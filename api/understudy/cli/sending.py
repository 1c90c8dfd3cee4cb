"""Sends instances to an api, at a rate or as fast as it goes, until each is answered or refused."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import httpx

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_PASSING = frozenset({429, 502, 503, 504})  # statuses that say: try again

Instance = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to send: instances per request, requests at a time, requests per second, patience."""

    batch: int = 1
    concurrency: int = 8
    rate: float | None = None
    patience_s: float = 30.0
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What became of one request.

    `first_row` and `rows` say which rows it carried. `status` is None where no answer came within
    the patience; `retries` says how often it was sent again, each time as a new prediction.
    """

    first_row: int
    rows: int
    request_id: str | None
    status: int | None
    error: str | None
    retries: int
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether every row has its prediction."""
        return self.error is None


def send_all(
    client: httpx.AsyncClient,
    instances: Iterable[Instance],
    plan: Plan,
    take: Callable[[Answer], None],
) -> None:
    """Send the instances in order, and give each request's answer to `take` as it comes."""
    asyncio.run(_send_all(client, instances, plan, take))


async def _send_all(
    client: httpx.AsyncClient,
    instances: Iterable[Instance],
    plan: Plan,
    take: Callable[[Answer], None],
) -> None:
    jobs = _batches(instances, plan.batch)
    start = time.monotonic()
    number = 0

    async def work() -> None:
        nonlocal number
        # One loop, no threads: between two awaits the iterator is ours.
        for first_row, batch in jobs:
            due, number = number, number + 1
            if plan.rate is not None:
                await asyncio.sleep(max(0.0, start + due / plan.rate - time.monotonic()))
            take(await _send(client, first_row, batch, plan))

    async with client, asyncio.TaskGroup() as workers:
        for _ in range(plan.concurrency):
            workers.create_task(work())


def _batches(instances: Iterable[Instance], size: int) -> Iterator[tuple[int, list[Instance]]]:
    rest = iter(instances)
    first_row = 0
    while batch := list(islice(rest, size)):
        yield first_row, batch
        first_row += len(batch)


async def _send(
    client: httpx.AsyncClient, first_row: int, batch: Sequence[Instance], plan: Plan
) -> Answer:
    began = time.monotonic()
    retries = 0
    while True:
        status, request_id, error = await _try(client, batch)
        seconds = time.monotonic() - began
        may_pass = status is None or status in _PASSING
        if not may_pass or seconds >= plan.patience_s:
            return Answer(first_row, len(batch), request_id, status, error, retries, seconds)
        await asyncio.sleep(min(_FIRST_PAUSE_S * 2**retries, _LONGEST_PAUSE_S))
        retries += 1


async def _try(
    client: httpx.AsyncClient, batch: Sequence[Instance]
) -> tuple[int | None, str | None, str | None]:
    try:
        response = await client.post("/v1/predictions", json={"instances": batch})
    except httpx.TransportError as error:
        return None, None, str(error) or type(error).__name__
    if response.status_code != 200:
        return response.status_code, None, describe_problem(response)
    content = response.json()
    found = len(content["predictions"])
    if found != len(batch):
        return 200, None, f"{found} predictions for {len(batch)} instances"
    return 200, content["request_id"], None


def describe_problem(response: httpx.Response) -> str:
    """Return what a problem+json says, or the beginning of whatever else was answered."""
    try:
        content = response.json()
    except ValueError:
        content = None
    if isinstance(content, dict):
        said = content.get("detail") or content.get("title")
        if said:
            return str(said)
    return response.text[:200] or f"status {response.status_code}"
