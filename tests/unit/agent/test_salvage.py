"""One damaged payload does not stop the requests behind it."""

import json
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from understudy.agent.salvage import SalvagingReader, is_unreadable
from understudy.errors import SpoolCorrupt
from understudy.records import ServedRequest
from understudy.serving.spool import SpoolWriter


def served(number: int) -> ServedRequest:
    """Return a request with one instance."""
    return ServedRequest(
        0, str(uuid4()), None, 1.0, "tiny", "1.0.0", [{"n": number}], [1.0], [1.0], [None],
        deployment_id=number,
    )  # fmt: skip


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SpoolWriter]:
    """A spool of five requests."""
    made = SpoolWriter(tmp_path)
    made.append([served(number) for number in range(1, 6)])
    yield made
    made.close()


def damage(path: Path, seq: int, payload: object) -> None:
    """Overwrite the payload of one request."""
    with sqlite3.connect(path) as db:
        db.execute("UPDATE request SET payload = ? WHERE seq = ?", (payload, seq))
    db.close()


@pytest.mark.parametrize("payload", [b"\xff\x00", b"[1,2", b"[1, 2]", b"7", "text", b""])
def test_a_damaged_payload_keeps_its_place(writer: SpoolWriter, payload: object) -> None:
    """It comes back raw and without instances, between its good neighbours."""
    damage(writer.path, 3, payload)
    with SalvagingReader(writer.path) as reader:
        found = reader.read(0, 100)
        assert [request.seq for request in found] == [1, 2, 3, 4, 5]
        assert [is_unreadable(request) for request in found] == [False, False, True, False, False]
        raw = payload if isinstance(payload, str) else bytes(payload).hex()  # type: ignore[call-overload]
        assert found[2].outputs == ({"unreadable_payload_hex": raw},)
        assert [request.deployment_id for request in found] == [1, 2, 3, 4, 5]
        assert [request.seq for request in reader.read(3, 1)] == [4]


def test_a_sound_spool_is_read_as_ever(writer: SpoolWriter) -> None:
    """Nothing is unreadable where nothing is damaged."""
    with SalvagingReader(writer.path) as reader:
        assert [request.instances for request in reader.read(2, 2)] == [[{"n": 3}], [{"n": 4}]]


def test_a_damaged_file_is_corrupt(tmp_path: Path) -> None:
    """What is no database at all cannot be salvaged."""
    path = tmp_path / f"{uuid4()}.spool"
    path.write_bytes(b"no database, but long enough to look like a file of one" * 100)
    with pytest.raises(SpoolCorrupt):
        SalvagingReader(path)


@pytest.mark.parametrize("seed", range(4))
def test_all_that_can_be_read_behind_a_damaged_page_is_read(tmp_path: Path, seed: int) -> None:
    """Also the first request behind it: nothing leads to it over the damaged place."""
    path, count = _many(tmp_path, seed)
    content = path.read_bytes()
    page = content.find(b"request-%d-" % (count // 2)) // _PAGE_BYTES * _PAGE_BYTES
    path.write_bytes(content[:page] + b"\xff" * _PAGE_BYTES + content[page + _PAGE_BYTES :])
    readable = _readable(path, count)
    assert count // 2 < len(readable) < count
    assert _salvaged(path) == (readable, [])


@pytest.mark.parametrize("seed", range(8))
def test_of_a_file_that_was_cut_short_all_that_is_there_is_read_in_order(
    tmp_path: Path, seed: int
) -> None:
    """SQLite may be led astray by missing pages: nothing comes twice, or out of its turn."""
    path, count = _many(tmp_path, seed)
    os.truncate(path, int(path.stat().st_size * _chance(seed).uniform(0.3, 0.9)))
    readable = _readable(path, count)
    assert 0 < len(readable) < count
    whole, kept_aside = _salvaged(path)
    assert whole == readable
    assert len(kept_aside) <= 1  # the one through which the cut goes


_PAGE_BYTES = 4096


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def _many(folder: Path, seed: int) -> tuple[Path, int]:
    """Return a spool whose owner is gone, of so many requests of any size, all in its file."""
    chance = _chance(seed)
    writer = SpoolWriter(folder)
    for number in range(1, 121):
        size = chance.randint(1, 20)
        one = served(number)._replace(
            request_id=f"request-{number}-",
            instances=[{"n": n, "zone": "north"} for n in range(size)],
        )
        writer.append([one])
    writer.close()
    with closing(sqlite3.connect(writer.path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return writer.path, 120


def _readable(path: Path, count: int) -> list[int]:
    """Return the numbers that SQLite finds one by one, with a whole payload."""
    found = []
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA writable_schema = ON")  # or it opens no file that was cut short
        for number in range(1, count + 1):
            with suppress(sqlite3.DatabaseError, ValueError):
                query = "SELECT payload FROM request WHERE seq = ?"
                if row := db.execute(query, (number,)).fetchone():
                    json.loads(row[0])
                    found.append(number)
    return found


def _salvaged(path: Path) -> tuple[list[int], list[int]]:
    """Return the numbers of what is read whole, and of what is not, in the order they come."""
    whole: list[int] = []
    kept_aside: list[int] = []
    after = 0
    with SalvagingReader(path) as reader, suppress(SpoolCorrupt):
        while found := reader.read(after, 30):
            for request in found:
                assert request.seq > after
                after = request.seq
                (kept_aside if is_unreadable(request) else whole).append(request.seq)
    return whole, kept_aside
