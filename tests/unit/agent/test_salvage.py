"""One damaged payload does not stop the requests behind it."""

import sqlite3
from collections.abc import Iterator
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
