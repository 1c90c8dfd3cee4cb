"""Faults: a disk is full. Needs root, who may mount a small file system in memory."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from tests.chaos.faults.processes import held, kill
from tests.chaos.stage import Stage, current
from tests.stack import Stack, eventually
from understudy.log.premises import find_premises

_MIB = 1024 * 1024
_LEFT = "filling"


@contextmanager
def small_for_spools(stack: Stack) -> Iterator[Path]:
    """Let the spools lie on a small disk of their own."""
    folder = stack.folder / "spool"
    folder.mkdir(exist_ok=True)
    with _mounted(folder, 24):
        yield folder


@contextmanager
def small_for_postgres(stack: Stack) -> Iterator[Path]:
    """Let the data of the embedded Postgres lie on a small disk of its own."""
    folder = find_premises(stack.folder).pgdata
    with _mounted(folder, 400):
        yield folder


def fill(seconds: float, strict: bool = False) -> int:
    """
    Fill the disk for so many seconds and return how many bytes that took.

    If it is `strict`, requests are refused before it is emptied, which its setting asks for.
    """
    stage = current()
    with stage.taking_the_api() if strict else nullcontext():
        failed = len(stage.ledger.failed)
        filled = _hold_full(stage, seconds)
        if strict:
            eventually(lambda: _fill(stage) and len(stage.ledger.failed) > failed + 20, 120)
        else:
            age_s = stage.stack.metric("understudy_spool_oldest_age_seconds", port=1)
            assert age_s > seconds / 2, f"the oldest waits for {age_s:.0f} s: Postgres took more"
        empty()
        stage.fault()
        stage.wait_for_answers(20)
    return filled


def lose_some(seconds: float) -> int:
    """Fill the disk until answers are lost and for so many seconds more; wait until it is told."""
    stage = current()
    _fill_until_lost(stage)
    _hold_full(stage, seconds)
    return _give_back(stage)


def lose_some_and_kill_a_worker(seconds: float) -> int:
    """Do the same, and kill a worker meanwhile: its successor finds no room for a spool."""
    stage = current()
    _fill_until_lost(stage)
    kill("worker")
    log = stage.stack.folder / "logs" / "serve.log"
    eventually(lambda: _fill(stage) and "No spool can be made" in log.read_text(), 60)
    _hold_full(stage, seconds)
    return _give_back(stage)


def fill_with_spools() -> int:
    """Hold the agent until the spools themselves have filled the disk, and let it go on."""
    stage = current()
    stage.may_lose = True
    with held(stage.stack.pids("agent")[:1]):
        eventually(lambda: _said_lost(stage), 240)
    return _give_back(stage)


def _fill_until_lost(stage: Stage) -> None:
    stage.may_lose = True
    # SQLite has room in its own files for a while.
    eventually(lambda: _fill(stage) and _said_lost(stage), 120)


def _give_back(stage: Stage) -> int:
    """Wait until what was lost is told, and answers are recorded again without a loss."""
    empty()
    stage.fault()
    eventually(lambda: _lost(stage) > 0, 60)
    eventually(lambda: _loses_nothing_for(stage, answers=100), 60)
    return int(_lost(stage))


def _loses_nothing_for(stage: Stage, answers: int) -> bool:
    before = _said_lost(stage)
    stage.wait_for_answers(answers)
    return _said_lost(stage) == before


def empty() -> None:
    """Give the room back."""
    folder = current().prepared
    assert isinstance(folder, Path)
    (folder / _LEFT).unlink(missing_ok=True)


def _said_lost(stage: Stage) -> int:
    """Count how often the api has said that it could not record something."""
    return (stage.stack.folder / "logs" / "serve.log").read_text().count("without a record")


def _lost(stage: Stage) -> float:
    return stage.stack.metric("understudy_lost_instances_total", port=1)


def _hold_full(stage: Stage, seconds: float) -> int:
    """Keep the disk full, whatever is given back, for so many seconds."""
    until = time.monotonic() + seconds
    filled = _fill(stage)
    while time.monotonic() < until:
        time.sleep(0.2)
        filled = max(filled, _fill(stage))
    return filled


def _fill(stage: Stage) -> int:
    folder = stage.prepared
    assert isinstance(folder, Path)
    with suppress(OSError), (folder / _LEFT).open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    return (folder / _LEFT).stat().st_size


@contextmanager
def _mounted(folder: Path, mib: int) -> Iterator[None]:
    """Put a small file system in the place of a folder, with what is in it."""
    if os.geteuid() != 0:
        raise RuntimeError("A small disk can be mounted by root only: run this experiment as root.")
    aside = folder.with_name(f"{folder.name}.aside")
    folder.rename(aside)
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mib * _MIB}", "chaos", str(folder)], check=True
    )
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", str(folder)], check=True)
        yield
    finally:
        # Whoever still uses it may do so until it is killed, a moment later.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(aside, ignore_errors=True)
