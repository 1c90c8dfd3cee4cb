"""Places for whole stacks: ports nobody uses, and a folder that Postgres' own user can reach."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.settings import Settings


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory's parent that every user may pass through, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="understudy-stack-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def settings(folder: Path) -> Settings:
    """Settings of a stack of its own, with one worker to start quickly."""
    ports = _free_ports(4)
    return Settings(
        endpoint="houses",
        data_dir=folder / "data",
        workers=1,
        port=ports[0],
        agent_port=ports[1],
        shadow_port=ports[2],
        watcher_port=ports[3],
    )


def _free_ports(count: int) -> list[int]:
    """Return ports that were free a moment ago, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
