"""Spools that are damaged: what can be read of them is shipped, and the rest told."""

from uuid import uuid4

import pytest

from tests.integration.agent.bench import Bench, execute, ids, served
from understudy.agent.events import (
    GapFound,
    InstancesLost,
    Quarantined,
    Shipped,
    SpoolSetAside,
)
from understudy.serving.spool_reader import SpoolReader


def test_a_corrupt_spool_is_set_aside_and_the_others_go_on(bench: Bench) -> None:
    """The damaged file is renamed, loudly; nobody waits behind it."""
    good, bad = bench.writer(served()), bench.writer(served())
    bad.close()
    bad.path.write_bytes(b"this was a database once " * 1000)
    for suffix in (".spool-wal", ".spool-shm"):
        bad.path.with_suffix(suffix).unlink(missing_ok=True)
    courier = bench.courier()
    assert courier.carry() == 1
    (event,) = bench.seen.of(SpoolSetAside)
    assert event.path.exists()
    assert bench.spools() == [good.path]
    courier.carry()
    assert len(bench.seen.of(SpoolSetAside)) == 1
    courier.close()
    good.close()


def test_a_spool_damaged_inside_is_set_aside_when_it_is_met(bench: Bench) -> None:
    """The damage may lie behind a sound first page, and come while the spool is open."""
    writer = bench.writer(*[served(20) for _ in range(200)])
    writer.close()
    courier = bench.courier()
    with SpoolReader(writer.path):
        pass  # the last one to close moves the log into the file
    with writer.path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * 4096 * 20)
    while courier.carry():
        pass
    assert bench.spools() == []
    assert len(bench.seen.of(SpoolSetAside)) == 1
    courier.close()


@pytest.mark.parametrize("is_alive", [True, False])
def test_what_lies_behind_a_damaged_place_is_shipped(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, is_alive: bool
) -> None:
    """Only what lay in the place is missing, which is told; the file is kept for a person."""
    monkeypatch.setattr("understudy.agent.batch._PIECE_INSTANCES", 10)
    requests = [served(2) for _ in range(200)]
    writer = bench.writer(*requests)
    if not is_alive:
        writer.close()
    execute(writer.path, "PRAGMA wal_checkpoint(TRUNCATE)")
    pages = writer.path.stat().st_size // 4096
    with writer.path.open("r+b") as file:
        file.seek(4096 * (pages // 2))
        file.write(b"\xff" * 4096)
    courier = bench.courier()
    while courier.carry():
        pass
    recorded = set(bench.recorded())
    missing = [n for n, request in enumerate(requests) if request.request_id not in recorded]
    assert 0 < len(missing) < 40  # as many as one page has
    assert missing == list(range(missing[0], missing[-1] + 1))
    told = [event.requests for event in bench.seen.of(GapFound) + bench.seen.of(Quarantined)]
    assert sum(told) == len(missing)
    assert len(bench.seen.of(SpoolSetAside)) == (0 if is_alive else 1)
    assert bench.spools() == ([writer.path] if is_alive else [])
    courier.close()
    if is_alive:
        writer.close()


def test_a_spool_that_was_cut_short_is_shipped_as_far_as_it_goes(bench: Bench) -> None:
    """The pages that are gone are missing, and the others are not."""
    requests = [served(2) for _ in range(600)]
    writer = bench.writer(*requests)
    writer.close()
    execute(writer.path, "PRAGMA wal_checkpoint(TRUNCATE)")
    with writer.path.open("r+b") as file:
        file.truncate(4096 * (writer.path.stat().st_size // 4096 // 2))
    courier = bench.courier()
    while courier.carry():
        pass
    recorded = set(bench.recorded())
    kept = [request.request_id in recorded for request in requests]
    assert 100 < sum(kept) < 500
    assert bench.spools() == []
    assert len(bench.seen.of(SpoolSetAside)) == 1
    courier.close()


def test_a_damaged_payload_goes_to_quarantine(bench: Bench) -> None:
    """Its neighbours are recorded, and the raw bytes are kept for a person."""
    requests = [served() for _ in range(3)]
    writer = bench.writer(*requests)
    execute(writer.path, "UPDATE request SET payload = ? WHERE seq = 2", b"\xffgone")
    courier = bench.courier()
    assert courier.carry() == 3
    assert bench.recorded() == ids([requests[0], requests[2]])
    ((seq, payload),) = bench.ask("SELECT seq, payload FROM quarantine")
    assert seq == 2
    assert b"\xffgone".hex() in bytes(payload).decode()
    assert bench.seen.of(Quarantined) == [Quarantined(1)]
    assert bench.seen.of(Shipped)[0].instances == 2
    assert courier.carry() == 0
    courier.close()
    writer.close()


def test_a_text_that_is_none_costs_only_its_request(bench: Bench) -> None:
    """Bytes that are no UTF-8 do not make the agent try again for ever."""
    requests = [served() for _ in range(5)]
    writer = bench.writer(*requests)
    execute(writer.path, "UPDATE request SET request_id = CAST(X'ff41' AS TEXT) WHERE seq = 3")
    courier = bench.courier()
    while courier.carry():
        pass
    assert bench.recorded() == ids(requests[:2] + requests[3:])
    assert bench.seen.of(GapFound) == [GapFound(1)]
    courier.close()
    writer.close()


def test_damage_in_what_is_read_on_the_way_costs_only_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payload is damaged where Postgres has been given the first ones already."""
    monkeypatch.setattr("understudy.agent.batch._PIECE_INSTANCES", 2)
    requests = [served() for _ in range(9)]
    writer = bench.writer(*requests)
    execute(writer.path, "UPDATE request SET payload = ? WHERE seq = 6", b"\xffgone")
    courier = bench.courier()
    while courier.carry():
        pass
    assert bench.recorded() == ids(requests[:5] + requests[6:])
    assert bench.ask("SELECT seq FROM quarantine") == [(6,)]
    assert bench.seen.of(GapFound) == []
    courier.close()
    writer.close()


def test_a_request_without_a_time_is_kept_aside_and_ends_nobody(bench: Bench) -> None:
    """A damaged row may have anything in any place."""
    writer = bench.writer(*(requests := [served() for _ in range(3)]))
    execute(writer.path, "UPDATE request SET served_at = 'noon' WHERE seq = 2")
    courier = bench.courier()
    courier.carry()
    assert bench.recorded() == ids([requests[0], requests[2]])
    assert bench.seen.of(Quarantined) == [Quarantined(1)]
    courier.close()
    writer.close()


def test_what_a_damaged_spool_lost_is_told_and_its_rows_are_shipped(bench: Bench) -> None:
    """Where even what it says of itself cannot be read any more."""
    writer = bench.writer(*(requests := [served() for _ in range(3)]))
    writer.count_lost(5)
    writer.close()
    execute(writer.path, "DELETE FROM status")
    courier = bench.courier()
    courier.carry()
    courier.close()
    assert bench.recorded() == ids(requests)
    assert bench.seen.of(InstancesLost) == [InstancesLost(5)]


def test_two_agents_set_a_spool_aside_once(bench: Bench) -> None:
    """The slower one finds nothing to rename and says nothing."""
    bench.settings.spool_dir.mkdir(parents=True)
    path = bench.settings.spool_dir / f"{uuid4()}.spool"
    first, second = bench.courier(), bench.courier()
    path.write_bytes(b"no database at all, but long enough" * 100)
    first.carry()
    second.carry()
    assert len(bench.seen.of(SpoolSetAside)) == 1
