"""Addresses are told as clients need them, and taken ports are named."""

import socket
from dataclasses import replace

import pytest

from understudy.errors import PortTaken
from understudy.settings import Settings
from understudy.stack.addresses import api_url, metrics_urls, refuse_taken_ports


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - told, not bound
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("api.example", "http://api.example:8000"),
    ],
)
def test_a_wildcard_is_reached_on_loopback(host: str, url: str) -> None:
    """Nobody can connect to a wildcard."""
    assert api_url(Settings(host=host)) == url


def test_every_part_has_its_metrics() -> None:
    """Four ports in a row unless told otherwise."""
    assert metrics_urls(Settings(port=9000, watcher_port=7)) == {
        "serve": "http://127.0.0.1:9000/metrics",
        "agent": "http://127.0.0.1:9001/metrics",
        "shadow": "http://127.0.0.1:9002/metrics",
        "watch": "http://127.0.0.1:7/metrics",
    }


@pytest.mark.parametrize(
    ("part", "variable"),
    [
        ("port", "UNDERSTUDY_PORT"),
        ("agent_port", "UNDERSTUDY_AGENT_PORT"),
        ("shadow_port", "UNDERSTUDY_SHADOW_PORT"),
        ("watcher_port", "UNDERSTUDY_WATCHER_PORT"),
    ],
)
def test_a_taken_port_is_named_with_its_variable(part: str, variable: str) -> None:
    """One line tells what to change; as soon as the port is free, nothing is said."""
    free = Settings(port=0, agent_port=0)
    free = replace(free, agent_port=_free_port(), shadow_port=_free_port(),
                   watcher_port=_free_port())  # fmt: skip
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        settings = replace(free, **{part: port})
        with pytest.raises(PortTaken, match=f"{port} .* {variable} "):
            refuse_taken_ports(settings)
    refuse_taken_ports(settings)


def test_an_address_that_is_not_ours_is_an_error() -> None:
    """Only a taken port is called taken."""
    with pytest.raises(OSError, match="assign"):
        refuse_taken_ports(Settings(host="192.0.2.1"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
