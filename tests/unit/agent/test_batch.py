"""A batch is read as it is asked for, and ends where the spool does."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import uuid4

import pytest

from understudy.agent.batch import Batch
from understudy.agent.inputs import InputCounts
from understudy.agent.salvage import SalvagingReader, is_unreadable
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import Field, InputSchema
from understudy.errors import SpoolCorrupt
from understudy.records import ServedRequest
from understudy.serving.spool import SpoolWriter
from understudy.serving.spool_reader import SpoolReader

NUMBER = Field("n", "integer", required=True, nullable=False, minimum=10)
SCHEMA = InputSchema((NUMBER,), ())
MANIFEST = cast(Manifest, SimpleNamespace(name="tiny", version="1.0.0", input_schema=SCHEMA))


def served(number: int, **more: object) -> ServedRequest:
    """Return a request with one instance."""
    return ServedRequest(
        0, str(uuid4()), None, 1.0, "tiny", "1.0.0", [{"n": number} | more], [1.0], [1.0], [None]
    )


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.agent.batch._PIECE_INSTANCES", 3)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SpoolWriter]:
    """A spool of ten requests."""
    made = SpoolWriter(tmp_path)
    made.append([served(number) for number in range(1, 11)])
    yield made
    made.close()


def test_pieces_are_read_as_they_are_asked_for(writer: SpoolWriter) -> None:
    """What lies behind the piece in hand is not touched."""
    with SalvagingReader(writer.path) as reader:
        batch = Batch(reader, 2, 100, ())
        assert not batch.is_empty
        assert batch.requests == []
        asked = iter(batch)
        assert [next(asked).seq for _ in range(4)] == [3, 4, 5, 6]
        assert [request.seq for request in batch.requests] == [3, 4, 5, 6, 7, 8]
        assert [request.seq for request in asked] == [7, 8, 9, 10]
        assert batch.requests == reader.read(2, 100)
        assert (batch.instances, batch.is_full) == (8, False)
        assert Batch(reader, 10, 100, ()).is_empty


@pytest.mark.parametrize("limit", [1, 3, 5, 6, 10])
def test_a_batch_ends_at_its_limit(writer: SpoolWriter, limit: int) -> None:
    """It is full then, whether or not something waits behind it."""
    with SalvagingReader(writer.path) as reader:
        batch = Batch(reader, 0, limit, ())
        assert [request.seq for request in batch] == list(range(1, limit + 1))
        assert batch.is_full


def test_requests_are_never_split(writer: SpoolWriter) -> None:
    """The last one may go beyond the limit."""
    many = served(1)._replace(
        instances=[{}] * 5, outputs=[1.0] * 5, values=[1.0] * 5, labels=[None] * 5
    )
    writer.append([many, served(2)])
    with SalvagingReader(writer.path) as reader:
        batch = Batch(reader, 10, 4, ())
        assert [request.seq for request in batch] == [11]
        assert (batch.instances, batch.is_full) == (5, True)


def test_a_damaged_payload_keeps_its_place_in_a_later_piece(writer: SpoolWriter) -> None:
    """What is behind it comes with the next batch."""
    with sqlite3.connect(writer.path) as db:
        db.execute("UPDATE request SET payload = ? WHERE seq = 5", (b"\xff",))
    db.close()
    with SalvagingReader(writer.path) as reader:
        batch = Batch(reader, 0, 100, (MANIFEST,))
        assert [is_unreadable(request) for request in batch] == [False] * 4 + [True, False]
        assert [request.seq for request in Batch(reader, 6, 100, ())] == [7, 8, 9, 10]
        assert [found.instances for found in batch.inputs()] == [5]


def test_a_file_that_is_damaged_further_on_ends_the_batch_there(tmp_path: Path) -> None:
    """What came before is good; the next batch begins with the damage and raises it."""
    writer = SpoolWriter(tmp_path)
    writer.append([served(number, text="x" * 2000) for number in range(100)])
    writer.close()
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(0)
    size = writer.path.stat().st_size
    with writer.path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size - size // 2))
    with SalvagingReader(writer.path) as reader:
        batch = Batch(reader, 0, 1000, ())
        found = [request.seq for request in batch]
        assert found == list(range(1, len(found) + 1))
        assert 3 <= len(found) < 100
        assert not batch.is_full
        with pytest.raises(SpoolCorrupt):
            Batch(reader, found[-1], 1000, ())


def test_inputs_are_counted_as_far_as_they_were_asked_for(writer: SpoolWriter) -> None:
    """Piece by piece, and once."""
    with SalvagingReader(writer.path) as reader:
        batch = Batch(reader, 0, 100, (MANIFEST,))
        assert batch.inputs() == []
        assert len(list(batch)) == 10
        (found,) = batch.inputs()
        assert (found.instances, found.features["n"].out_of_range) == (10, 9)


def test_what_cannot_be_counted_is_taken_all_the_same(
    writer: SpoolWriter, caplog: pytest.LogCaptureFixture
) -> None:
    """No model would have answered such an instance, but what lies in a spool is to be kept."""
    strange = served(1)._replace(instances=[7])  # type: ignore[list-item]
    writer.append([strange, served(2)])
    with SalvagingReader(writer.path) as reader:
        batch = Batch(reader, 9, 100, (MANIFEST,))
        assert [request.seq for request in batch] == [10, 11, 12]
        assert batch.inputs() == list[InputCounts]()
    assert "could not be counted" in caplog.text
