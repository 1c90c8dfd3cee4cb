"""
What a prediction costs, counted instead of timed.

Time differs from machine to machine and from minute to minute; how many functions are called, how
many statements the spool runs and how many blocks of memory stay does not. A bound here is the
count of today with a little room for another Python. Whoever needs more says why and raises it.
"""

import asyncio
import gc
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import orjson
import pytest
from starlette.types import ASGIApp

from tests.tiny import make_instances
from understudy.app import create_app
from understudy.artefacts.artefact import Artefact
from understudy.controllers.connection import Doors
from understudy.monitoring.http import HttpMetrics
from understudy.serving import deployment_file, spool
from understudy.serving.deployment_file import Deployed, Placed
from understudy.settings import Settings

REQUESTS = 20
BATCHES = 100
MOST_CALLS = 310
"""Functions of Python and of C called for one request that is alone in its batch."""
MOST_CALLS_TOGETHER = 245
"""The same for each of twenty requests that wait at one moment and become one batch."""
MOST_CALLS_PER_INSTANCE = 1
"""For each further instance of a request; it has nine fields."""
STATEMENTS = ["BEGIN IMMEDIATE", "INSERT INTO request", "COMMIT"]

Predict = Callable[[], Awaitable[None]]
Measure = Callable[[Predict], Coroutine[Any, Any, Any]]
SCOPE: dict[str, Any] = {
    "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http",
    "path": "/v1/predictions", "raw_path": b"/v1/predictions", "query_string": b"", "root_path": "",
    "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "asgi": {"version": "3.0"},
    "headers": [
        (b"host", b"127.0.0.1"), (b"content-type", b"application/json"),
    ],
}  # fmt: skip


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what SQLite is told from now on."""
    said: list[str] = []
    connect = spool.sqlite3.connect

    def traced(*given: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*given, **options)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(spool.sqlite3, "connect", traced)
    return said


@pytest.fixture
def run(tmp_path: Path, linear_artefact: Artefact) -> Callable[..., Any]:
    """Return a function that measures a running application, without a server around it."""
    settings = Settings(data_dir=tmp_path)
    manifest = linear_artefact.manifest
    live = Placed(
        manifest.name, manifest.version, linear_artefact.digest, str(linear_artefact.folder)
    )
    deployment_file.write(settings.deployment_file, Deployed(1, settings.endpoint, live, None))

    async def predict(app: ASGIApp, body: bytes) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            assert message.get("status", 200) == 200

        await app({**SCOPE}, receive, send)

    async def measured(measure: Measure, body: bytes) -> Any:
        app = create_app(settings, HttpMetrics(settings.endpoint), Doors())
        events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        started = asyncio.Event()

        async def said(_: Any) -> None:
            started.set()

        await events.put({"type": "lifespan.startup"})
        living = asyncio.create_task(app({"type": "lifespan", "state": {}}, events.get, said))
        await started.wait()
        try:
            for _ in range(REQUESTS):  # whatever is made once is made by now
                await predict(app, body)
            return await measure(partial(predict, app, body))
        finally:
            await events.put({"type": "lifespan.shutdown"})
            await living

    def run(measure: Measure, *, instances: int = 1) -> Any:
        body = orjson.dumps({"instances": make_instances(instances)})
        return asyncio.run(measured(measure, body))

    return run


async def _count(work: Awaitable[object]) -> int:
    calls = 0

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        await work
    finally:
        sys.setprofile(None)
    return calls


async def _one_by_one(predict: Predict) -> None:
    for _ in range(REQUESTS):
        await predict()


async def _together(predict: Predict) -> None:
    await asyncio.gather(*(predict() for _ in range(REQUESTS)))


@pytest.mark.parametrize(
    ("way", "most"), [(_one_by_one, MOST_CALLS), (_together, MOST_CALLS_TOGETHER)]
)
def test_a_request_calls_so_many_functions(
    run: Callable[..., Any], way: Measure, most: int
) -> None:
    """A layer, a copy or a loop over fields more on the hot path shows here."""
    calls = run(lambda predict: _count(way(predict))) / REQUESTS
    assert most / 2 < calls <= most


def test_an_instance_more_costs_hardly_a_call(run: Callable[..., Any]) -> None:
    """No object and no call per field: what is done to fields is done to all at once."""
    one, many = (
        run(lambda predict: _count(_one_by_one(predict)), instances=instances) / REQUESTS
        for instances in (1, 101)
    )
    assert (many - one) / 100 <= MOST_CALLS_PER_INSTANCE


def test_a_request_leaves_nothing_behind(run: Callable[..., Any]) -> None:
    """Memory stays flat, and the garbage collector finds nothing to do."""

    async def left(predict: Predict) -> tuple[int, int]:
        gc.collect()
        await _together(predict)  # fills the free lists again
        before = sys.getallocatedblocks()
        for _ in range(BATCHES):
            await _together(predict)
        return sys.getallocatedblocks() - before, gc.collect()

    blocks, cycles = run(left)
    assert cycles <= REQUESTS
    assert blocks < BATCHES * REQUESTS / 2  # SQLite's module sweeps up after 200 statements


def test_a_batch_costs_three_statements(run: Callable[..., Any], statements: list[str]) -> None:
    """However many requests wait: one transaction with one insertion, prepared once."""

    async def batch(predict: Predict) -> list[str]:
        statements.clear()
        await _together(predict)
        return [*statements]

    said = run(batch)
    kinds = [next(kind for kind in STATEMENTS if text.startswith(kind)) for text in said]
    assert kinds == [STATEMENTS[0], *[STATEMENTS[1]] * REQUESTS, STATEMENTS[2]]
