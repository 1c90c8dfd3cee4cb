"""A worker's life around a test, and what it leaves in its spool."""

import asyncio
from collections.abc import Awaitable, Callable

from understudy.serving.spool_reader import SpoolReader, SpoolStatus
from understudy.serving.worker import Worker
from understudy.settings import Settings


def with_worker(
    settings: Settings,
    act: Callable[[Worker], Awaitable[None]],
    unrecorded: Callable[[int], None] = lambda _: None,
) -> None:
    """Run a worker's life around the act."""

    async def live() -> None:
        worker = Worker(settings, unrecorded=unrecorded)
        await worker.start()
        try:
            await act(worker)
        finally:
            await worker.stop()

    asyncio.run(live())


def status(settings: Settings) -> SpoolStatus:
    """Return what the one worker tells the agent."""
    (path,) = SpoolReader.all_in(settings.spool_dir)
    with SpoolReader(path) as reader:
        return reader.status()


def answering(settings: Settings) -> list[tuple[str, int | None]]:
    """Return which deployment answered each request that waits to be shipped."""
    (path,) = SpoolReader.all_in(settings.spool_dir)
    with SpoolReader(path) as reader:
        return [(request.request_id, request.deployment_id) for request in reader.read(0, 100)]
