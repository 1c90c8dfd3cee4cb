"""The metrics server of a process, over real sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from understudy.errors import PortTaken, SettingInvalid
from understudy.monitoring.exposition import MetricsServer


@pytest.fixture
def registry() -> CollectorRegistry:
    """A registry with one counter at 3."""
    registry = CollectorRegistry()
    Counter("understudy_shows", "Shows played.", registry=registry).inc(3)
    return registry


@pytest.fixture
def server(registry: CollectorRegistry) -> Iterator[MetricsServer]:
    """A server without a key on a free port, ready."""
    with MetricsServer(registry, ("127.0.0.1", 0), lambda: None) as server:
        yield server


def get(server: MetricsServer, path: str, **headers: str) -> httpx.Response:
    """Ask the server."""
    return httpx.get(
        f"http://127.0.0.1:{server.port}{path}",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        trust_env=False,
    )


def test_metrics_are_shown_in_the_text_format(server: MetricsServer) -> None:
    """Prometheus finds the counter and the content type it knows."""
    answer = get(server, "/metrics")
    assert answer.status_code == 200
    assert "understudy_shows_total 3.0" in answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")


def test_the_probes_answer(server: MetricsServer) -> None:
    """A process that can do its work is live and ready; other paths are 404."""
    assert get(server, "/health/live").json() == {"status": "live"}
    assert get(server, "/health/ready").json() == {"status": "ready"}
    assert get(server, "/nothing").status_code == 404


def test_a_process_that_waits_is_live_and_not_ready(registry: CollectorRegistry) -> None:
    """The reason is in the answer."""
    with MetricsServer(registry, ("127.0.0.1", 0), lambda: "Postgres is away") as server:
        assert get(server, "/health/live").status_code == 200
        answer = get(server, "/health/ready")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "Postgres is away"


def test_a_key_is_asked_for_metrics_only(registry: CollectorRegistry) -> None:
    """Both ways to send the key work; a wrong, a longer and a missing one do not."""
    with MetricsServer(registry, ("127.0.0.1", 0), lambda: None, api_key="s3cret") as server:
        assert get(server, "/metrics", X_API_Key="s3cret").status_code == 200
        assert get(server, "/metrics", Authorization="Bearer s3cret").status_code == 200
        for wrong in ({}, {"X_API_Key": "s3cret2"}, {"Authorization": "Basic s3cret"}):
            answer = get(server, "/metrics", **wrong)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "s3cret" not in answer.text
        assert get(server, "/health/live").status_code == 200
        assert get(server, "/health/ready").status_code == 200


def test_a_taken_port_is_named(registry: CollectorRegistry, server: MetricsServer) -> None:
    """The error says which setting moves the port."""
    with pytest.raises(PortTaken, match=f"Port {server.port} .* Set UNDERSTUDY_AGENT_PORT"):
        MetricsServer(
            registry, ("127.0.0.1", server.port), lambda: None, setting="UNDERSTUDY_AGENT_PORT"
        )


def test_an_address_of_another_machine_is_an_error(registry: CollectorRegistry) -> None:
    """What is wrong with an address is not hidden behind a port."""
    with pytest.raises(OSError, match="assign"):
        MetricsServer(registry, ("192.0.2.1", 0), lambda: None, api_key="s3cret")


def test_without_a_key_it_listens_on_loopback_only(registry: CollectorRegistry) -> None:
    """Whatever keys the api knows: this server knows the owner's only."""
    with pytest.raises(SettingInvalid, match="UNDERSTUDY_METRICS_HOST"):
        MetricsServer(registry, ("0.0.0.0", 0), lambda: None)  # noqa: S104


def test_without_a_key_no_site_can_point_its_name_here(registry: CollectorRegistry) -> None:
    """A browser would let it read; with a key, or by this machine's names, all is told."""
    with MetricsServer(registry, ("127.0.0.1", 0), lambda: None) as server:
        assert get(server, "/metrics", Host="shop.example").status_code == 403
        assert get(server, "/health/ready", Host="shop.example:8001").status_code == 403
        assert get(server, "/metrics", Host="localhost:8001").status_code == 200
    with MetricsServer(registry, ("127.0.0.1", 0), lambda: None, api_key="s3cret") as server:
        assert get(server, "/metrics", Host="agent:8001", X_API_Key="s3cret").status_code == 200


def test_a_stop_frees_the_port(registry: CollectorRegistry) -> None:
    """The next server takes the same port at once, and no thread is left."""
    first = MetricsServer(registry, ("127.0.0.1", 0), lambda: None)
    first.start()
    port = first.port
    get(first, "/metrics")
    first.stop()
    with MetricsServer(registry, ("127.0.0.1", port), lambda: None) as second:
        assert get(second, "/metrics").status_code == 200
    assert "metrics" not in {thread.name for thread in threading.enumerate()}


def test_a_server_that_never_started_can_stop(registry: CollectorRegistry) -> None:
    """Whatever fails between making and starting it, the port is free again."""
    MetricsServer(registry, ("127.0.0.1", 0), lambda: None).stop()


def test_it_listens_on_ipv6(registry: CollectorRegistry) -> None:
    """A host with colons is an IPv6 address."""
    with MetricsServer(registry, ("::1", 0), lambda: None) as server:
        answer = httpx.get(f"http://[::1]:{server.port}/metrics", trust_env=False)
    assert answer.status_code == 200


def connect(server: MetricsServer) -> socket.socket:
    """Open a connection of our own."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def answering() -> int:
    """Return how many threads are with a client."""
    return sum("process_request_thread" in thread.name for thread in threading.enumerate())


def is_live(server: MetricsServer) -> bool:
    """Say whether the server answers."""
    try:
        return get(server, "/health/live").status_code == 200
    except httpx.TransportError:
        return False


def test_a_flood_of_connections_takes_sixteen_threads(server: MetricsServer) -> None:
    """Who comes beyond is hung up on at once; when they have gone there is an answer again."""
    with ExitStack() as held:
        silent = [held.enter_context(connect(server)) for _ in range(16)]
        end = time.monotonic() + 10
        while answering() < 16:
            assert time.monotonic() < end
        began = time.monotonic()
        for _ in range(200):
            with connect(server) as one_more:
                assert one_more.recv(1) == b""
                assert time.monotonic() - began < 5, "it was not hung up on at once"
        assert answering() == 16
        assert not is_live(server)
        for connection in silent:
            connection.close()
    end = time.monotonic() + 10
    while not is_live(server):
        assert time.monotonic() < end


def test_a_trickle_is_cut_off(server: MetricsServer, capfd: pytest.CaptureFixture[str]) -> None:
    """Ten seconds after it came, however many bytes it sends; nothing is said of it."""
    began = time.monotonic()
    with connect(server) as slow:
        slow.sendall(b"GET /metrics HTTP/1.1\r\nX-Long: ")
        slow.settimeout(0.1)
        while True:
            try:
                slow.sendall(b"a")
                if slow.recv(1) == b"":
                    break
            except TimeoutError:
                assert time.monotonic() - began < 20
            except ConnectionError:
                break
    assert time.monotonic() - began > 9
    assert is_live(server)
    assert capfd.readouterr().err == ""


def test_a_fault_in_an_answer_is_told(
    registry: CollectorRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    """In a line of the log, not beside it."""

    def fail() -> None:
        raise RuntimeError("this cannot be told")

    with MetricsServer(registry, ("127.0.0.1", 0), fail) as server:
        with pytest.raises(httpx.TransportError):
            get(server, "/health/ready")
        assert is_live(server)
    assert "this cannot be told" in caplog.text
