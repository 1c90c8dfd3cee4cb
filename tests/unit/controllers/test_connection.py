"""What one client can hold: time, bytes and connections."""

import json
import socket
import time
from contextlib import ExitStack, closing, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from tests.tiny import make_instances
from tests.unit.controllers.conftest import Start

BODY = json.dumps({"instances": make_instances(1)}).encode()
HEAD = (
    b"POST /v1/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY)
)
SOON_S = 0.5


def connect(client: httpx.Client) -> "closing[socket.socket]":
    """Open a connection of our own."""
    address = urlsplit(str(client.base_url))
    return closing(socket.create_connection((address.hostname, address.port), timeout=20))


def read_all(connection: socket.socket) -> bytes:
    """Read until the service hangs up."""
    found = b""
    try:
        while more := connection.recv(65_536):
            found += more
    except ConnectionError:
        pass
    return found


def read_answer(connection: socket.socket) -> bytes:
    """Read one answer, on a connection that stays open."""
    found = b""
    while b"}" not in found:
        found += connection.recv(65_536)
    return found


def wait_for_metric(connection: socket.socket, *parts: bytes) -> None:
    """Ask for the metrics until a line has all of these parts."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head, _, body = connection.recv(65_536).partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        while len(body) < length:
            body += connection.recv(65_536)
        if any(all(part in line for part in parts) for line in body.splitlines()):
            return
        time.sleep(0.1)
    raise AssertionError(f"no line of the metrics has {parts}")


@pytest.mark.parametrize("sent", [b"", b"POST /v1/pred", HEAD[:-2], HEAD, HEAD + BODY[:-1]])
def test_a_request_that_does_not_come_is_waited_for_so_long(
    start: Start, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    """Nothing, half a head or half a body: 408 with the limit, and the connection ends."""
    client = start(arrival_timeout_s=SOON_S)
    began = time.monotonic()
    with connect(client) as connection:
        connection.sendall(sent)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 408 "), answer
    assert b"not whole within 0.5 s" in answer
    assert time.monotonic() - began < 10
    assert (
        client.post(
            "/v1/predictions", content=BODY, headers={"content-type": "application/json"}
        ).status_code
        == 200
    )


@pytest.mark.promise("limits", "A request that comes in drops is cut off in time")
def test_to_trickle_wins_no_time(start: Start) -> None:
    """The time counts from the first byte, however many follow."""
    client = start(arrival_timeout_s=1.0)
    with connect(client) as connection:
        end = time.monotonic() + 10
        try:
            for byte in HEAD + BODY[:-1]:
                connection.sendall(bytes([byte]))
                time.sleep(0.02)
                assert time.monotonic() < end
        except ConnectionError:
            return
        assert read_all(connection).startswith(b"HTTP/1.1 408 ")


def test_who_is_slow_but_in_time_is_answered(start: Start) -> None:
    """In pieces, twice on one connection, with a pause between that is longer than the limit."""
    client = start(arrival_timeout_s=1.0)
    with connect(client) as connection:
        for pause_s in (1.5, 0.0):
            for piece in (HEAD[:20], HEAD[20:], BODY[:10], BODY[10:]):
                connection.sendall(piece)
                time.sleep(0.05)
            assert read_answer(connection).startswith(b"HTTP/1.1 200 ")
            time.sleep(pause_s)


@pytest.mark.promise("limits", "A head without end is refused with 431")
def test_a_head_without_end_is_refused(start: Start) -> None:
    """Long before it fills the memory."""
    client = start(max_head_bytes=20_000)
    with connect(client) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
        sent = 0
        try:
            while sent < 10_000_000:
                connection.sendall(b"a" * 10_000)
                sent += 10_000
                time.sleep(0.001)
        except ConnectionError:
            pass
        assert sent < 5_000_000
        answer = read_all(connection)
    assert not answer or answer.startswith(b"HTTP/1.1 431 "), answer


def test_a_long_head_is_told_the_limit(start: Start) -> None:
    """431, as a problem document."""
    with connect(start(max_head_bytes=1_000)) as connection:
        connection.sendall(
            b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 2_000
        )
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"application/problem+json" in answer
    assert b"longer than the 1000 bytes" in answer


@pytest.mark.promise("limits", "A flood of connections is told to come again, with Retry-After")
def test_too_many_connections_are_told_to_come_again(start: Start) -> None:
    """503 with Retry-After; those that are there are served, and who comes later again as well."""
    client = start(max_connections=5)
    with ExitStack() as held:
        kept = [held.enter_context(connect(client)) for _ in range(5)]
        for connection in kept:
            connection.sendall(HEAD + BODY)
            assert read_answer(connection).startswith(b"HTTP/1.1 200 ")
        with connect(client) as one_more:
            answer = read_all(one_more)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1\r\n" in answer
        wait_for_metric(kept[0], b'route="(connection)"', b'status="503"} 1.0')
        wait_for_metric(kept[0], b"understudy_held_connections", b"} 5.0")
        kept[0].sendall(HEAD + BODY)
        assert read_answer(kept[0]).startswith(b"HTTP/1.1 200 ")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with connect(client) as later:
            later.sendall(HEAD + BODY)
            if later.recv(65_536).startswith(b"HTTP/1.1 200 "):
                return
    raise AssertionError("nobody got in again")


@pytest.mark.promise("limits", "Who does not read an answer holds nothing")
def test_who_does_not_read_is_cut_off(start: Start) -> None:
    """What is answered waits in the memory of the worker until it is read: not for ever."""
    client = start(arrival_timeout_s=SOON_S)
    asked = 2_000
    with connect(client) as deaf:
        deaf.settimeout(5)
        with suppress(OSError):  # it is cut off while it still asks
            deaf.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * asked)
        time.sleep(4 * SOON_S)
        with connect(client) as other:
            other.sendall(HEAD + BODY)
            assert read_answer(other).startswith(b"HTTP/1.1 200 ")
        assert read_all(deaf).count(b"HTTP/1.1 200 ") < asked
