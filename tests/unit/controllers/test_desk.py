"""The control plane has as many places as threads; others wait a little, or come again."""

import asyncio
import inspect
from typing import cast

import pytest
from a2wsgi import WSGIMiddleware
from starlette.types import Message, Receive, Scope, Send

from understudy.controllers.data_plane import DataPlane
from understudy.controllers.desk import MOST_WAITING, THREADS, Desk
from understudy.controllers.services import Metrics
from understudy.errors import DeskBusy
from understudy.serving.worker import Worker


def test_there_are_as_many_places_as_threads() -> None:
    """An upgrade of the library that hands requests to Flask would show here."""
    assert inspect.signature(WSGIMiddleware).parameters["workers"].default == THREADS


def test_those_beyond_the_limit_are_sent_away_and_the_others_have_their_turn() -> None:
    """Nobody waits without an end: neither for a place, nor in a queue that grows."""

    async def crowd() -> tuple[int, list[bool | BaseException], int]:
        desk, leave = Desk(patience_s=60), asyncio.Event()

        async def come() -> bool:
            async with desk.place():
                await leave.wait()
            return True

        coming = [asyncio.create_task(come()) for _ in range(THREADS + MOST_WAITING + 7)]
        while sum(task.done() for task in coming) < 7:
            await asyncio.sleep(0)
        held = desk.held
        leave.set()
        return held, await asyncio.gather(*coming, return_exceptions=True), desk.held

    held, ended, held_after = asyncio.run(crowd())
    assert held == THREADS + MOST_WAITING
    assert ended.count(True) == THREADS + MOST_WAITING
    assert sum(isinstance(one, DeskBusy) for one in ended) == 7
    assert held_after == 0


def test_whoever_waits_too_long_is_told_to_come_again() -> None:
    """With all threads held, the wait ends by itself, and a place that gets free is taken."""

    async def wait() -> None:
        desk = Desk(patience_s=0.05)
        async with asyncio.TaskGroup() as held:
            leave = asyncio.Event()

            async def come() -> None:
                async with desk.place():
                    await leave.wait()

            for _ in range(THREADS):
                held.create_task(come())
            while desk.held < THREADS:
                await asyncio.sleep(0)
            with pytest.raises(DeskBusy):
                async with desk.place():
                    raise AssertionError("there was no place")
            leave.set()
        async with desk.place():
            assert desk.held == 1

    asyncio.run(wait())


def test_who_is_slow_to_read_holds_no_place() -> None:
    """A place is left before the answer is sent, which takes as long as its reader likes."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"much"})

    async def ask() -> tuple[int, list[str]]:
        desk, reads, said = Desk(), asyncio.Event(), []
        plane = DataPlane(
            answer,
            worker=cast(Worker, None),  # predictions alone have to do with it
            desk=desk,
            timeout_s=1,
            metrics=cast(Metrics, None),
        )

        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            await reads.wait()
            said.append(message["type"])

        asking = [asyncio.create_task(plane({"type": "http"}, receive, send))
                  for _ in range(THREADS + 3)]  # fmt: skip
        for _ in range(20):
            await asyncio.sleep(0)
        held = desk.held
        reads.set()
        await asyncio.gather(*asking)
        return held, said

    held, said = asyncio.run(ask())
    assert held == 0
    assert sorted(set(said)) == ["http.response.body", "http.response.start"]
    assert len(said) == 2 * (THREADS + 3)
