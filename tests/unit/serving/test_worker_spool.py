"""A worker whose spool is damaged, taken away, or cannot be made."""

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import replace

import pytest

from tests.tiny import make_instances
from tests.unit.serving.conftest import deployed
from tests.unit.serving.workers import answering, status, with_worker
from understudy.artefacts.artefact import Artefact
from understudy.errors import SpoolFull
from understudy.serving import deployment_file
from understudy.serving.spool_reader import SpoolReader, SpoolStatus, set_aside
from understudy.serving.worker import Worker
from understudy.settings import Settings


@pytest.mark.parametrize("damage", ["set aside", "malformed"])
def test_a_worker_goes_on_in_a_new_spool(
    settings: Settings, linear_artefact: Artefact, damage: str
) -> None:
    """The old one is damaged: what is answered a moment later is recorded where the agent looks."""
    told: list[int] = []

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(7, linear_artefact))
        await worker.follow_once()
        (old,) = SpoolReader.all_in(settings.spool_dir)
        await worker.predict(worker.generation, "r1", None, make_instances(1))
        if damage == "set aside":
            set_aside(old)
        else:
            with closing(sqlite3.connect(old)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with old.open("r+b") as file:
                file.seek(4096)
                file.write(b"\xff" * (old.stat().st_size - 4096))
        deadline = time.monotonic() + 20
        asked = 1
        while not set(SpoolReader.all_in(settings.spool_dir)) - {old}:
            assert time.monotonic() < deadline
            asked += 1
            await worker.predict(worker.generation, f"r{asked}", None, make_instances(1))
            await asyncio.sleep(0.05)
        await worker.predict(worker.generation, "last", None, make_instances(1))
        (new,) = (path for path in SpoolReader.all_in(settings.spool_dir) if path != old)
        with SpoolReader(new) as reader:
            assert ("last", 7) in [(r.request_id, r.deployment_id) for r in reader.read(0, 100)]
            assert reader.status().deployment_id == 7
            if damage == "set aside":  # what went into the old one meanwhile is in nobody's hands
                assert reader.status().lost == sum(told) > 0

    with_worker(settings, act, told.append)


@pytest.fixture
def without_room(settings: Settings, linear_artefact: Artefact) -> Settings:
    """Settings of a worker that has a model, and less room than an empty spool needs."""
    deployment_file.write(settings.deployment_file, deployed(7, linear_artefact))
    return replace(settings, max_spool_bytes=4096)


def test_a_worker_without_room_for_a_spool_answers_and_counts(
    settings: Settings, without_room: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """It starts all the same, and tells what it lost as soon as it can make a spool."""

    told: list[int] = []

    async def act(worker: Worker) -> None:
        await worker.predict(worker.generation, "lost", None, make_instances(3))
        assert "No spool can be made" in caplog.text
        assert told == [3]
        object.__setattr__(without_room, "max_spool_bytes", settings.max_spool_bytes)
        deadline = time.monotonic() + 20
        while not list(without_room.spool_dir.glob("*.spool")):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        await worker.predict(worker.generation, "kept", None, make_instances(1))
        assert answering(without_room) == [("kept", 7)]
        assert status(without_room) == SpoolStatus(7, None, 3)

    with_worker(without_room, act, told.append)
    assert caplog.text.count("No spool can be made") == 1
    assert told == [3]  # the new spool takes it over, and nobody counts it again


def test_a_worker_that_never_finds_room_says_what_it_lost(
    without_room: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """In its last words: there is nowhere else to count."""

    async def act(worker: Worker) -> None:
        await worker.predict(worker.generation, "lost", None, make_instances(3))

    with_worker(without_room, act)
    assert "3 instances were answered without a record, and no spool" in caplog.text


def test_without_room_for_a_spool_strict_answers_nobody(without_room: Settings) -> None:
    """An answer that cannot be recorded is none."""

    async def act(worker: Worker) -> None:
        with pytest.raises(SpoolFull, match="no spool to record it in"):
            await worker.predict(worker.generation, "r", None, make_instances(3))

    with_worker(replace(without_room, spool_policy="strict"), act)
