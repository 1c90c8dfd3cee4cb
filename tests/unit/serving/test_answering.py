"""A spool knows which deployment answered, at the price of one row per change."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.records import ServedRequest
from understudy.serving.answering import Answering, read_answering
from understudy.serving.spool import SpoolWriter
from understudy.serving.spool_reader import SpoolReader

PLAIN = ServedRequest(0, "r", None, 1.0, "tiny", "1.0.0", [{"n": 1}], [1.0], [1.0], [None])


def by(*deployments: int | None) -> list[ServedRequest]:
    """Return one request for each deployment that answered it."""
    return [PLAIN._replace(deployment_id=deployment) for deployment in deployments]


def told(path: Path, after: int = 0) -> list[int | None]:
    """Return which deployment answered each request, as the agent reads it."""
    with SpoolReader(path) as reader:
        return [request.deployment_id for request in reader.read(after, 1000)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.none() | st.integers(1, 3), min_size=1, max_size=5), max_size=6))
def test_every_request_keeps_its_deployment(batches: list[list[int | None]]) -> None:
    """However deployments change, within a batch or between two, forward or back."""
    with TemporaryDirectory() as folder:
        writer = SpoolWriter(Path(folder))
        for batch in batches:
            writer.append(by(*batch))
        everything = [deployment for batch in batches for deployment in batch]
        assert told(writer.path) == everything
        assert told(writer.path, after=2) == everything[2:]
        writer.close()


def test_the_deployment_of_what_is_shipped_already_still_holds(tmp_path: Path) -> None:
    """The request that came with a change goes, those behind it are told as before."""
    writer = SpoolWriter(tmp_path)
    writer.append(by(7, 7, 7))
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(2)
    writer.tidy()
    writer.append(by(7))
    assert told(writer.path) == [7, 7]
    writer.close()


def test_an_append_that_fails_forgets_its_change_too(tmp_path: Path) -> None:
    """The next request of the new deployment is not taken for one of the old."""
    writer = SpoolWriter(tmp_path)
    writer.append(by(1))
    with pytest.raises(sqlite3.ProgrammingError):
        writer.append([PLAIN._replace(request_id=object(), deployment_id=2)])  # type: ignore[arg-type]
    writer.append(by(2))
    assert told(writer.path) == [1, 2]
    writer.close()


def test_a_spool_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """It lacks the table, so nobody knows which deployment answered, and nothing is lost."""
    writer = SpoolWriter(tmp_path)
    writer.append(by(1, 1))
    with sqlite3.connect(writer.path) as db:
        db.execute("DROP TABLE answering")
    db.close()
    assert told(writer.path) == [None, None]
    writer.close()


def test_an_agent_of_an_earlier_version_reads_the_spool(tmp_path: Path) -> None:
    """It asks for all columns of a request, and unpacks exactly the eight that it knows."""
    writer = SpoolWriter(tmp_path)
    writer.append(by(1))
    with sqlite3.connect(writer.path) as db:
        (row,) = db.execute("SELECT * FROM request WHERE seq > ? ORDER BY seq LIMIT ?", (0, 10))
    db.close()
    assert row[:7] == (1, "r", None, 1.0, "tiny", "1.0.0", 1)
    assert row[7] == b'[[{"n":1}],[1.0],[1.0],[null]]'
    writer.close()


def test_damage_costs_the_knowledge_and_no_request(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The page that says who answered is unreadable; the answers are not."""
    writer = SpoolWriter(tmp_path)
    writer.append(by(1, 1))
    with sqlite3.connect(writer.path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'answering'"
        ).fetchone()
    db.close()
    with writer.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert told(writer.path) == [None, None]
    assert "does not say which deployments answered" in caplog.text
    writer.close()


def test_a_spool_that_is_busy_is_no_damage() -> None:
    """Whoever cannot look now looks again, instead of recording that nobody knows."""
    db = sqlite3.connect(":memory:")
    db.set_progress_handler(lambda: 1, 1)  # interrupts whatever runs: an OperationalError
    with pytest.raises(sqlite3.OperationalError):
        read_answering(db)
    db.close()


def test_before_the_first_change_nobody_is_known() -> None:
    """Requests that were answered by no deployment that was written down."""
    found = Answering((3, 5), (7, None))
    known = [found.deployment_of(seq) for seq in (1, 2, 3, 4, 5, 9)]
    assert known == [None, None, 7, 7, None, None]
