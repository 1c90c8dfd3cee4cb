"""What was answered is recorded, once, whoever dies and whatever is damaged."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.integration.agent.bench import ENDPOINT, Bench, execute, ids, served, until
from understudy.agent.courier import Courier
from understudy.agent.events import (
    BacklogMeasured,
    GapFound,
    InstancesLost,
    Quarantined,
    Shipped,
    SpoolSetAside,
)
from understudy.agent.follower import Follower
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import Field, InputSchema
from understudy.capture import Capture, CapturePolicy
from understudy.errors import LogUnavailable
from understudy.log.shipping import ship
from understudy.serving import deployment_file
from understudy.serving.deployment_file import Deployed
from understudy.serving.spool_reader import SpoolReader


def test_everything_is_shipped_and_acknowledged(bench: Bench) -> None:
    """All instances of all spools are in the log; the spools are empty and still there."""
    requests = [served(3), served(), served(2)]
    writers = [bench.writer(*requests[:2]), bench.writer(requests[2])]
    courier = bench.courier()
    assert courier.carry() == 3
    assert bench.recorded() == ids(requests)
    assert courier.carry() == 0
    for writer in writers:
        with SpoolReader(writer.path) as reader:
            assert reader.backlog().requests == 0
        writer.close()
    shipped = bench.seen.of(Shipped)
    assert sum(event.instances for event in shipped) == 6
    assert sorted(r.request_id for e in shipped for r in e.requests) == sorted(
        request.request_id for request in requests
    )
    courier.close()


def test_a_turn_that_ends_before_the_spool_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the next round comes at once, and not after the pause that lets requests gather."""
    monkeypatch.setattr("understudy.agent.courier.BATCH_INSTANCES", 1)
    writer = bench.writer(*(served() for _ in range(12)))
    courier = bench.courier()
    assert (courier.carry(), courier.is_behind) == (10, True)
    assert (courier.carry(), courier.is_behind) == (2, False)
    assert (courier.carry(), courier.is_behind) == (0, False)
    courier.close()
    writer.close()


@pytest.mark.promise("exactly once", "A crash between commit and acknowledgement doubles nothing")
def test_a_crash_before_the_acknowledgement_doubles_nothing(bench: Bench) -> None:
    """Shipped and not acknowledged, the requests are read again and recognised."""
    requests = [served() for _ in range(5)]
    writer = bench.writer(*requests)
    with SpoolReader(writer.path) as reader:
        ship(bench.engine, ENDPOINT, reader.uuid, reader.read(0, 3))
    writer.append([late := served()])
    courier = bench.courier()
    assert courier.carry() == 3
    assert bench.recorded() == ids([*requests, late])
    with SpoolReader(writer.path) as reader:
        assert reader.backlog().requests == 0
    assert bench.seen.of(GapFound) == []
    assert [len(event.requests) for event in bench.seen.of(Shipped)] == [3]
    courier.close()
    writer.close()


def test_inputs_are_counted_by_the_agent_that_ships_them(bench: Bench) -> None:
    """What another one had shipped is among what is read, and not among what is counted."""
    schema = InputSchema((Field("area", "number", required=True, nullable=True),), ())
    manifest = SimpleNamespace(name="tiny-houses", version="1.0.0", input_schema=schema)
    follower = Follower(bench.settings, bench.engine, bench.seen)
    follower.manifests = (cast(Manifest, manifest),)
    courier = bench.courier_of(follower)
    writer = bench.writer(*(served() for _ in range(5)))
    with SpoolReader(writer.path) as reader:
        ship(bench.engine, ENDPOINT, reader.uuid, reader.read(0, 3))
    assert courier.carry() == 2
    writer.append([served(4)])
    assert courier.carry() == 1
    counted = [[found.instances for found in event.inputs] for event in bench.seen.of(Shipped)]
    assert counted == [[2], [4]]
    courier.close()
    writer.close()


@pytest.mark.promise(
    "exactly once", "Several agents on the spools of one dead worker double nothing"
)
def test_several_agents_may_work_on_one_folder(bench: Bench) -> None:
    """While workers write, three couriers ship every request exactly once and find no gap."""
    writers = [bench.writer() for _ in range(3)]
    requests = [served() for _ in range(900)]
    with carrying(bench, couriers=3):
        for place, request in enumerate(requests):
            writers[place % 3].append([request])
        for writer in writers:
            writer.close()
        until(lambda: not bench.spools())
    assert bench.recorded() == ids(requests)
    assert sum(len(event.requests) for event in bench.seen.of(Shipped)) == 900
    assert bench.seen.of(GapFound) == []
    assert bench.seen.of(SpoolSetAside) == []


@contextmanager
def carrying(bench: Bench, couriers: int) -> Iterator[None]:
    """Let several couriers carry in threads of their own for as long as the block lasts."""
    done = threading.Event()

    def carry(courier: Courier) -> None:
        while courier.carry() or not done.is_set():
            pass
        courier.close()

    threads = [threading.Thread(target=carry, args=(bench.courier(),)) for _ in range(couriers)]
    for thread in threads:
        thread.start()
    yield
    done.set()
    for thread in threads:
        thread.join()


def test_an_orphan_is_shipped_closed_and_removed(bench: Bench) -> None:
    """A worker that is gone leaves its spool to the agent; a living one keeps its own."""
    living, dead = bench.writer(served()), bench.writer(served())
    dead.close()
    courier = bench.courier()
    courier.carry()
    assert bench.spools() == [living.path]
    assert not dead.path.with_suffix(".lock").exists()
    closed = dict(bench.ask("SELECT uuid, closed FROM spool"))
    assert closed == {living.uuid: False, dead.uuid: True}
    courier.carry()
    assert dict(bench.ask("SELECT uuid, closed FROM spool")) == closed
    assert len(bench.recorded()) == 2
    courier.close()
    living.close()


def test_a_spool_that_was_never_made_is_removed(bench: Bench) -> None:
    """A worker killed in its first moment leaves a file without tables."""
    bench.settings.spool_dir.mkdir(parents=True)
    (bench.settings.spool_dir / f"{uuid4()}.spool").touch()
    courier = bench.courier()
    assert courier.carry() == 0
    assert bench.spools() == []
    courier.close()


def test_postgres_lost_within_a_batch_loses_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read on the way is forgotten with the shipment, and read again for the next."""
    monkeypatch.setattr("understudy.agent.batch._PIECE_INSTANCES", 2)
    requests = [served() for _ in range(9)]
    writer = bench.writer(*requests)
    with bench.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;"
                "CREATE TRIGGER break_off BEFORE INSERT ON prediction"
                " FOR EACH ROW EXECUTE FUNCTION break_off()"
            )
        )
    courier = bench.courier()
    with pytest.raises(LogUnavailable):
        courier.carry()
    assert bench.recorded() == []
    assert bench.seen.of(Shipped) == []
    with bench.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER break_off ON prediction"))
    assert courier.carry() == 9
    assert bench.recorded() == ids(requests)
    assert [event.instances for event in bench.seen.of(Shipped)] == [9]
    assert bench.seen.of(GapFound) == []
    courier.close()
    writer.close()


def test_each_answer_is_recorded_with_its_deployment(bench: Bench) -> None:
    """As the worker wrote it down; a spool of an earlier version is shipped without."""
    new = bench.writer(served(deployment_id=3), served(deployment_id=4))
    old = bench.writer(served(deployment_id=5))
    execute(old.path, "DROP TABLE answering")
    courier = bench.courier()
    assert courier.carry() == 3
    found = bench.ask("SELECT deployment_id FROM prediction ORDER BY 1 NULLS LAST")
    assert [row[0] for row in found] == [3, 4, None]
    courier.close()
    for writer in (new, old):
        writer.close()


def test_what_postgres_refuses_goes_to_quarantine(bench: Bench) -> None:
    """A text with a null byte has no place in Postgres; the request is not lost."""
    writer = bench.writer(served(), served(instances=1, client_id="a\0b"), served())
    courier = bench.courier()
    courier.carry()
    assert len(bench.recorded()) == 2
    assert bench.seen.of(Quarantined) == [Quarantined(1)]
    courier.close()
    writer.close()


@pytest.mark.parametrize("numbers", [[1], [2, 3], [1, 3]])
def test_a_gap_is_told(bench: Bench, numbers: list[int]) -> None:
    """Requests that vanish from a spool are noticed at the start and in the middle."""
    writer = bench.writer(*[served() for _ in range(5)])
    for number in numbers:
        execute(writer.path, "DELETE FROM request WHERE seq = ?", number)
    courier = bench.courier()
    courier.carry()
    assert bench.seen.of(GapFound) == [GapFound(len(numbers))]
    writer.append([served()])
    courier.carry()
    assert len(bench.seen.of(GapFound)) == 1
    courier.close()
    writer.close()


def test_a_worker_s_words_reach_postgres(bench: Bench) -> None:
    """What it serves, why not more, and what it lost; more losses are told once each."""
    writer = bench.writer()
    writer.count_lost(3)
    writer.say(7, "no disk")
    courier = bench.courier()
    courier.carry()
    assert bench.ask("SELECT deployment_id, problem, lost, closed FROM spool") == [
        (7, "no disk", 3, False)
    ]
    writer.count_lost(2)
    writer.say(8, None)
    courier.carry()
    courier.carry()
    assert bench.ask("SELECT deployment_id, problem, lost FROM spool") == [(8, None, 5)]
    assert bench.seen.of(InstancesLost) == [InstancesLost(3), InstancesLost(2)]
    courier.close()
    writer.close()


def test_the_backlog_is_measured(bench: Bench) -> None:
    """What waits is told with its age and size, at most once a second."""
    writer = bench.writer(served(2, served_at=1000.0), served())
    courier = bench.courier()
    courier.measure()
    courier.measure()
    (found,) = bench.seen.of(BacklogMeasured)
    assert (found.spools, found.requests, found.instances) == (1, 2, 3)
    assert found.oldest_s > 1e9
    assert found.size_bytes > 0
    courier.close()
    writer.close()


def test_an_empty_machine_has_an_empty_backlog(bench: Bench) -> None:
    """Before the first worker there is not even a folder."""
    courier = bench.courier()
    courier.measure()
    assert bench.seen.of(BacklogMeasured) == [BacklogMeasured(0, 0, 0, 0.0, 0)]
    assert courier.carry() == 0
    courier.close()


def test_a_file_that_is_no_spool_is_left_alone(bench: Bench) -> None:
    """A name without a UUID is none of ours, and stops nothing."""
    writer = bench.writer(served())
    stranger = bench.settings.spool_dir / "notes.spool"
    stranger.write_text("mine")
    courier = bench.courier()
    assert courier.carry() == 1
    assert stranger.read_text() == "mine"
    courier.close()
    writer.close()


def test_one_spool_that_cannot_be_shipped_lets_the_others_pass(bench: Bench) -> None:
    """Whatever Postgres has against one spool, the next round begins with the others."""
    stuck, fine = bench.writer(served()), bench.writer(served())
    (name,) = bench.ask("SELECT current_database()")[0]
    with bench.engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET lock_timeout = '100ms'"))
    bench.engine.dispose()
    courier = bench.courier()
    with bench.engine.connect() as other, other.begin() as transaction:
        other.execute(
            text("INSERT INTO spool (uuid, endpoint) VALUES (:uuid, 'other')"), {"uuid": stuck.uuid}
        )
        for _ in range(2):
            with pytest.raises(LogUnavailable):
                courier.carry()
        assert len(bench.recorded()) == 1
        transaction.rollback()
    courier.carry()
    assert len(bench.recorded()) == 2
    courier.close()
    stuck.close()
    fine.close()


def test_a_spool_that_takes_long_holds_no_other_up(bench: Bench) -> None:
    """While Postgres lets one wait, the rows of another arrive."""
    held, free = bench.writer(served()), bench.writer(served())
    courier = bench.courier()
    assert courier.carry() == 2
    held.append([waiting := served()])
    free.append([passing := served()])
    with bench.engine.connect() as other, other.begin():
        # As another agent does that ships the same spool.
        query = text("SELECT 1 FROM spool WHERE uuid = :uuid FOR UPDATE")
        other.execute(query, {"uuid": held.path.stem})
        round_ = threading.Thread(target=courier.carry)
        round_.start()
        until(lambda: passing.request_id in bench.recorded())
        assert waiting.request_id not in bench.recorded()
    round_.join(30)
    assert waiting.request_id in bench.recorded()
    courier.close()
    for writer in (held, free):
        writer.close()


def test_a_busy_spool_is_tried_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spool that is locked for the moment is no corrupt spool."""
    writer = bench.writer(served())
    courier = bench.courier()

    def busy(self: SpoolReader) -> bool:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as moment:
        moment.setattr(SpoolReader, "is_ready", busy)
        assert courier.carry() == 0
        courier.measure()
    assert courier.carry() == 1
    assert bench.seen.of(SpoolSetAside) == []
    courier.close()
    writer.close()


def test_a_worker_of_an_earlier_version_does_not_pass_for_one_that_redacts(bench: Bench) -> None:
    """It reads the file, says that it serves the deployment, and records fields as they are."""
    policy = CapturePolicy.from_json({"fields": {"agent": "drop"}})
    told = Deployed(7, ENDPOINT, None, None, capture=Capture(7, policy))
    deployment_file.write(bench.settings.deployment_file, told)
    new, old = bench.writer(served()), bench.writer(served())
    for writer in (new, old):
        writer.say(7, None)
    execute(old.path, "PRAGMA user_version = 0")
    courier = bench.courier()
    courier.carry()
    found = dict(bench.ask("SELECT uuid, deployment_id FROM spool"))
    assert found == {new.uuid: 7, old.uuid: None}
    (problem,) = bench.ask("SELECT problem FROM spool WHERE problem IS NOT NULL")
    assert "start it anew" in problem[0]
    courier.close()
    for writer in (new, old):
        writer.close()


def test_a_spool_that_fails_in_an_unknown_way_does_not_end_the_others(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Here its receipt lies on a full disk: what it holds is recorded once, the rest goes on."""
    first, second = served(2), served(3)
    stuck, sound = bench.writer(first), bench.writer(second)
    receipt = stuck.path.with_suffix(".shipped")
    receipt.unlink()
    receipt.symlink_to("/dev/full")
    courier = bench.courier()
    for _ in range(3):
        courier.carry()
    assert bench.recorded() == ids([first, second])
    assert "No space left on device" in caplog.text
    sound.append([later := served()])
    courier.carry()
    assert bench.recorded() == ids([first, second, later])
    courier.close()
    stuck.close()
    sound.close()
