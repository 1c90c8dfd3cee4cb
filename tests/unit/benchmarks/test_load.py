"""What wrk says is read as it is meant."""

import shutil
from pathlib import Path

import pytest

from benchmarks.serving.houses import Houses
from benchmarks.serving.load import LOADS, Load, LoadFailed, put, read_figures, write_bodies
from benchmarks.serving.server import Server
from tests.unit.benchmarks.little_server import Answer, serving

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
SAID = """Running 1s test @ http://127.0.0.1:1/predict
  1 threads and 1 connections
FIGURES {"requests": 7, "seconds": 1.5, "status": 2, "broken": 1, "p50_ms": 1.5, "p95_ms": 2.5, \
"p99_ms": 3.5}
"""


def test_the_line_of_figures_is_read() -> None:
    """It stands somewhere in what wrk says."""
    found = read_figures(SAID)
    assert (found.requests, found.seconds, found.status, found.broken) == (7, 1.5, 2, 1)
    assert (found.p50_ms, found.p95_ms, found.p99_ms) == (1.5, 2.5, 3.5)


def test_no_figures_are_an_error() -> None:
    """A wrk that could not connect must not look like a server that answers nothing."""
    with pytest.raises(LoadFailed, match="unable to connect"):
        read_figures("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_bodies_are_whole_requests(tmp_path: Path, server: Server, houses: Houses) -> None:
    """One per line; what does not fill a body is left out."""
    write_bodies(tmp_path / "bodies", server, houses.instances, 60)
    lines = (tmp_path / "bodies").read_bytes().splitlines()
    assert len(lines) == 3
    assert all(line.count(b"price") == 60 for line in lines)


def test_loads_have_names_that_differ() -> None:
    """A person asks for a load by its name."""
    assert [load.name for load in LOADS] == ["1", "16", "64", "16x50"]


def slow_now_and_then(seen: list[bytes]) -> Answer:
    """Refuse every tenth request."""

    def answer(body: bytes) -> tuple[int, bytes]:
        seen.append(body)
        return (500 if len(seen) % 10 == 0 else 200), b"{}"

    return answer


@needs_wrk
def test_refusals_are_counted_and_bodies_vary(
    tmp_path: Path, server: Server, houses: Houses
) -> None:
    """Every tenth answer is a refusal, and wrk's script takes a body after the other."""
    write_bodies(tmp_path / "bodies", server, houses.instances[:3], 1)
    seen: list[bytes] = []
    with serving(slow_now_and_then(seen)) as port:
        url = f"http://127.0.0.1:{port}/predict"
        found = put(Load(1, 1), url, tmp_path / "bodies", 1)
    assert 0 <= len(seen) - found.requests <= 1
    assert found.status == found.requests // 10
    assert found.broken == 0
    assert 0 < found.p50_ms <= found.p95_ms <= found.p99_ms
    assert sorted(set(seen[:3])) == sorted((tmp_path / "bodies").read_bytes().splitlines())
    assert seen[3:6] == seen[:3]
