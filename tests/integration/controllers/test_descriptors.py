"""A service where the system lets a process have few files and connections open."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from tests.integration.stacks import settings_in, until
from understudy.settings import Settings

LIVE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"


def start(settings: Settings, soft: int, hard: int, log: Path) -> "subprocess.Popen[bytes]":
    """Start a service within limits."""
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    limited = f'ulimit -Sn {soft} && ulimit -Hn {hard} && exec "$0" -m understudy serve'
    with log.open("wb") as out:
        return subprocess.Popen(
            ["sh", "-c", limited, sys.executable],
            env=inherited | settings.environment(),
            stdout=out,
            stderr=out,
        )


@contextmanager
def serving(settings: Settings, soft: int, hard: int, log: Path) -> Iterator[None]:
    """Serve within limits for as long as the block lasts."""
    service = start(settings, soft, hard, log)
    try:
        until(lambda: is_live(settings) or service.poll() is not None)
        assert service.poll() is None, log.read_text()
        yield
    finally:
        service.terminate()
        service.wait(30)


def is_live(settings: Settings) -> bool:
    """Say whether the service answers."""
    try:
        url = f"http://127.0.0.1:{settings.port}/health/live"
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def ask(settings: Settings, held: ExitStack) -> bytes:
    """Ask on a connection that stays open; return the beginning of the answer."""
    address = ("127.0.0.1", settings.port)
    connection = held.enter_context(socket.create_connection(address, timeout=20))
    connection.sendall(LIVE)
    return connection.recv(65_536)


def test_where_fewer_connections_fit_the_others_are_told_to_come_again(tmp_path: Path) -> None:
    """The log says how many fit; beyond the last one a file can still be opened."""
    settings, log = settings_in(tmp_path), tmp_path / "log"
    with serving(settings, 150, 200, log):
        with ExitStack() as held:
            for _ in range(200 - 128):
                assert ask(settings, held).startswith(b"HTTP/1.1 200 ")
            for _ in range(300):
                answer = ask(settings, held)
                assert answer.startswith(b"HTTP/1.1 503 ")
                assert b"retry-after: 1\r\n" in answer
        until(lambda: is_live(settings))
    told = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    assert sum("takes 72 connections instead of the 1000" in line for line in told) == 1
    assert "Too many open files" not in log.read_text()


def test_a_low_limit_is_raised_where_it_may_be(tmp_path: Path) -> None:
    """As for nearly everybody: a soft limit of 1024, and a hard one far beyond."""
    settings, log = replace(settings_in(tmp_path), max_connections=200), tmp_path / "log"
    with serving(settings, 100, 1000, log), ExitStack() as held:
        for _ in range(200):
            assert ask(settings, held).startswith(b"HTTP/1.1 200 ")
        assert ask(settings, held).startswith(b"HTTP/1.1 503 ")
    assert "connections instead of" not in log.read_text()


def test_where_no_connection_fits_there_is_no_service(tmp_path: Path) -> None:
    """The error has both figures."""
    log = tmp_path / "log"
    service = start(settings_in(tmp_path), 100, 120, log)
    try:
        assert service.wait(60) != 0
    finally:
        service.terminate()
        service.wait(30)
    assert "a process may have 120 files open here, and a worker needs 128" in log.read_text()
