"""The driver asks at its rate, whatever the answers do."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.serving.rate import Driver, percentile, wrapped
from tests.unit.benchmarks.little_server import Answer, serving

ROOT = Path(__file__).parents[3]


def slow(seconds: float, status: int = 200) -> Answer:
    """Answer after a while."""

    def answer(_: bytes) -> tuple[int, bytes]:
        time.sleep(seconds)
        return status, b'{"predictions": [1.0]}'

    return answer


def drive(port: int, rate: float, seconds: float) -> dict[str, float]:
    """Drive a server from here."""
    driver = Driver([wrapped("/predict", b"{}")], rate, seconds)
    asyncio.run(driver.run("127.0.0.1", port))
    return driver.figures()


def test_percentiles_are_values_that_were_seen() -> None:
    """The smallest one that so many per cent do not exceed; of nothing, it is no number."""
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([7.0], 99) == 7
    assert percentile([], 99) != percentile([], 99)


def test_a_slow_server_is_asked_as_often() -> None:
    """A hundred a second for a second, though each answer takes a fifth of it."""
    with serving(slow(0.2)) as port:
        found = drive(port, 100, 1.0)
    assert 90 <= found["sent"] <= 100
    assert found["errors"] == 0
    assert 200 <= found["p50_ms"] < 400


def test_refusals_are_errors() -> None:
    """An answer that is not 200 counts as none."""
    with serving(slow(0, 503)) as port:
        found = drive(port, 50, 0.4)
    assert found["errors"] == found["sent"] > 0


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    """It takes the bodies from a file and prints one JSON object."""
    (tmp_path / "bodies").write_bytes(b"{}\n{}\n")
    with serving(slow(0)) as port:
        asked = (str(port), "/predict", str(tmp_path / "bodies"), "50", "0.5")
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.serving.rate", *asked],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    found = json.loads(ended.stdout)
    assert found["errors"] == 0
    assert found["sent"] == pytest.approx(25, abs=3)
