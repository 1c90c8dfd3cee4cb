"""Whole stacks for tests: ports nobody uses, and waiting on conditions."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.stack import new_folder
from understudy.settings import Settings
from understudy.stack.running import find_running


def settings_in(folder: Path) -> Settings:
    """Return settings of a stack of its own, with one worker to start quickly."""
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


def start(
    settings: Settings,
    more: Mapping[str, str] = MappingProxyType({}),
    stdout: int = subprocess.PIPE,
) -> "subprocess.Popen[str]":
    """
    Start `understudy up` as a person does, who may have more in the environment.

    What it says goes to `stdout`, which may be a file's descriptor.
    """
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "understudy", "up"],
        env=inherited | dict(more) | settings.environment(),
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def running_stack(**changes: Any) -> Iterator[Settings]:
    """Give the settings of a stack that runs in a folder of its own, with some changes to them."""
    folder = new_folder("understudy-stack-")
    settings = replace(settings_in(folder), **changes)
    stack = start(settings)
    try:
        until(lambda: find_running(settings) or stack.poll() is not None)
        assert stack.poll() is None, stack.communicate()
        yield settings
    finally:
        stack.send_signal(signal.SIGINT)
        stack.communicate(timeout=60)
        shutil.rmtree(folder)


def until(condition: Callable[[], object], seconds: float = 60, pause_s: float = 0.05) -> None:
    """Wait until a condition holds, and fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"the condition did not come true in {seconds} s"
        time.sleep(pause_s)


def _free_ports(count: int) -> list[int]:
    """Return ports that were free a moment ago, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
