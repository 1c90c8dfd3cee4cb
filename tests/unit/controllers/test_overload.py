"""More than there is room or time for: 503 and when to come again, and service as ever after it."""

import json
import socket
from contextlib import ExitStack

import httpx
import pytest

from tests.tiny import make_instances
from tests.unit.controllers.conftest import Start

INSTANCES = make_instances(1000)
_JSON = {"content-type": "application/json"}
HEAD = "POST /v1/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def _connect(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=20)


@pytest.mark.promise("limits", "Large bodies have a bound together, and small ones still find room")
def test_bodies_that_fill_their_memory_leave_room_for_small_ones(start: Start) -> None:
    """Large bodies on their way hold what there is; the next is told to come again."""
    client = start(max_body_bytes=200_000)
    with ExitStack() as held:
        # 800,000 bytes are there for what each body has beyond its first 65,536.
        for _ in range(5):
            connection = held.enter_context(_connect(client))
            connection.sendall((HEAD + "Content-Length: 200000\r\n\r\n").encode() + b" " * 199_999)
        while _held(client) < 5 * (199_999 - 65_536):
            pass
        body = json.dumps({"instances": INSTANCES})
        large = client.post("/v1/predictions", content=body.ljust(199_999), headers=_JSON)
        assert large.status_code == 503, large.text
        assert large.headers["retry-after"] == "1"
        assert large.headers["connection"] == "close"
        small = client.post("/v1/predictions", json={"instances": INSTANCES[:3]})
        assert small.status_code == 200, small.text
    while _held(client):
        pass
    large = client.post("/v1/predictions", content=body.ljust(199_999), headers=_JSON)
    assert large.status_code == 200, large.text


def _held(client: httpx.Client) -> float:
    text = client.get("/metrics").text
    (line,) = (row for row in text.splitlines() if row.startswith("understudy_held_body_bytes{"))
    return float(line.rsplit(" ", 1)[1])
