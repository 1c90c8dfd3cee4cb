"""The spool keeps what was answered, whoever dies."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from understudy.errors import SpoolCorrupt
from understudy.records import ServedRequest
from understudy.serving import spool
from understudy.serving.notes import LOST, SHIPPED
from understudy.serving.spool import SpoolWriter
from understudy.serving.spool_file import connect, move_log
from understudy.serving.spool_reader import SpoolReader, set_aside


def served(request_id: str, instances: int = 1) -> ServedRequest:
    """Make one answered request."""
    return ServedRequest(
        seq=0,
        request_id=request_id,
        client_id="client-7",
        served_at=1_700_000_000.5,
        name="tiny",
        version="1.0.0",
        instances=[{"a": number, "b": None} for number in range(instances)],
        outputs=[float(number) for number in range(instances)],
        values=[float(number) for number in range(instances)],
        labels=[None] * instances,
    )


def test_what_is_appended_is_read_back_in_order(tmp_path: Path) -> None:
    """Requests come back as they went in, numbered without gaps from one."""
    writer = SpoolWriter(tmp_path)
    writer.append([served("r1", 2), served("r2")])
    writer.append([served("r3")])
    with SpoolReader(writer.path) as reader:
        found = reader.read(after=0, limit_instances=100)
        assert [request.seq for request in found] == [1, 2, 3]
        assert found[0].instances == [{"a": 0, "b": None}, {"a": 1, "b": None}]
        assert found[0].client_id == "client-7"
        assert [r.request_id for r in reader.read(after=1, limit_instances=1)] == ["r2"]
    writer.close()


def test_acknowledged_requests_go_and_numbers_go_on(tmp_path: Path) -> None:
    """Deleting shipped requests never makes a number come twice."""
    writer = SpoolWriter(tmp_path)
    writer.append([served(f"r{number}") for number in range(1200)])
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(1200)
        assert reader.backlog().requests == 0
        for _ in range(3):  # in silence, a thousand each time but the first
            writer.tidy()
        writer.append([served("later")])
        assert [request.seq for request in reader.read(0, 10)] == [1201]
        backlog = reader.backlog()
        assert (backlog.requests, backlog.instances, backlog.oldest) == (1, 1, 1_700_000_000.5)
        assert backlog.size_bytes > 0
    writer.close()


def test_a_reader_never_writes_into_a_spool(tmp_path: Path) -> None:
    """
    SQLite has one writer at a time, and predictions must not wait for the agent.

    Where the owner is gone the whole file goes in the end; until then the receipt says enough.
    """
    writer = SpoolWriter(tmp_path)
    writer.append([served(f"r{number}") for number in range(100)])
    watcher = sqlite3.connect(writer.path)
    with SpoolReader(writer.path) as reader:
        before = watcher.execute("PRAGMA data_version").fetchone()
        reader.acknowledge(60)
        assert watcher.execute("PRAGMA data_version").fetchone() == before
        assert [request.seq for request in reader.read(0, 1)] == [1]
        writer.close()
        assert reader.adopt()
        reader.acknowledge(70)
        assert watcher.execute("PRAGMA data_version").fetchone() == before
        assert reader.shipped() == 70
        assert reader.backlog().requests == 30
        reader.remove()
    watcher.close()
    assert list(tmp_path.iterdir()) == []


def test_an_append_clears_a_little_more_than_it_adds(tmp_path: Path) -> None:
    """However much was shipped at once, no request waits for all of it to be cleared."""
    writer = SpoolWriter(tmp_path)
    writer.append([served(f"r{number}") for number in range(100)])
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(50)
        writer.tidy()  # something was appended since the last look: not cleared here
        assert [request.seq for request in reader.read(0, 1)] == [1]
        firsts = []
        for number in range(100, 107):
            writer.append([served(f"r{number}")])
            firsts.append(reader.read(0, 1)[0].seq)
        assert firsts == [11, 21, 31, 41, 51, 51, 51]
    writer.close()


def test_an_append_that_fails_clears_nothing(tmp_path: Path) -> None:
    """What is shipped stays until a transaction takes it away for good."""
    writer = SpoolWriter(tmp_path)
    writer.append([served("r1"), served("r2")])
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(1)
        writer.tidy()
        with pytest.raises(sqlite3.Error):
            writer.append([served("r3")._replace(request_id=object())])  # type: ignore[arg-type]
        assert [request.seq for request in reader.read(0, 10)] == [1, 2]
        writer.append([served("r3")])
        assert [request.seq for request in reader.read(0, 10)] == [2, 3]
    writer.close()


@pytest.mark.parametrize("damage", [b"", b"\x05", b"\xff" * 16, bytes(16), b"\x09" + bytes(15)])
def test_a_damaged_receipt_clears_nothing(tmp_path: Path, damage: bytes) -> None:
    """Only a number that is there twice, the second time as its complement, counts."""
    writer = SpoolWriter(tmp_path)
    writer.append([served("r1")])
    writer.path.with_suffix(SHIPPED).write_bytes(damage)
    for _ in range(3):
        writer.tidy()
    with SpoolReader(writer.path) as reader:
        assert reader.shipped() == 0
        assert [request.seq for request in reader.read(0, 10)] == [1]
    writer.close()


def test_a_spool_of_an_earlier_version_is_cleared_by_its_reader(tmp_path: Path) -> None:
    """Its owner made no receipt and reads none."""
    writer = SpoolWriter(tmp_path)
    writer.append([served(f"r{number}") for number in range(10)])
    writer.path.with_suffix(SHIPPED).unlink()
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(7)
        assert [request.seq for request in reader.read(0, 10)] == [8, 9, 10]
        assert reader.backlog().requests == 3
    assert not writer.path.with_suffix(SHIPPED).exists()
    writer.close()


def test_a_living_owner_keeps_its_spool(tmp_path: Path) -> None:
    """Only the spool of an owner that let go can be adopted."""
    writer = SpoolWriter(tmp_path)
    with SpoolReader(writer.path) as reader:
        assert reader.is_ready()
        assert not reader.adopt()
        writer.close()
        assert reader.adopt()
        assert reader.adopt()
        with SpoolReader(writer.path) as other:
            assert not other.adopt()
        reader.remove()
    assert list(tmp_path.iterdir()) == []


def test_status_and_losses_are_told(tmp_path: Path) -> None:
    """The owner's word about its deployment and its losses reaches the reader."""
    writer = SpoolWriter(tmp_path, durability="power")
    with SpoolReader(writer.path) as reader:
        assert reader.status().deployment_id is None
        writer.count_lost(3)
        writer.tidy()
        assert reader.status().lost == 3
        writer.say(12, "2.0.0 fails its quiz")
        status = reader.status()
        assert (status.deployment_id, status.problem) == (12, "2.0.0 fails its quiz")
    writer.close()


def test_a_failed_append_records_nothing_of_its_batch(tmp_path: Path) -> None:
    """A batch with a request that cannot be stored leaves the spool as it was."""
    writer = SpoolWriter(tmp_path)
    bad = served("bad")._replace(instances=[{1, 2}])  # type: ignore[list-item]
    with pytest.raises(TypeError):
        writer.append([served("good"), bad])
    writer.append([served("next")])
    with SpoolReader(writer.path) as reader:
        assert [(r.seq, r.request_id) for r in reader.read(0, 10)] == [(1, "next")]
    writer.close()


def test_kill_minus_nine_of_the_owner_loses_nothing(tmp_path: Path) -> None:
    """A worker killed at once after its append leaves an orphan with everything in it."""
    script = (
        "import sys; from pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from test_spool import served\n"
        "from understudy.serving.spool import SpoolWriter\n"
        "writer = SpoolWriter(Path(sys.argv[1]))\n"
        "for number in range(50): writer.append([served(f'r{number}')])\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        (path,) = SpoolReader.all_in(tmp_path)
        with SpoolReader(path) as reader:
            assert not reader.adopt()
            os.kill(owner.pid, signal.SIGKILL)
            owner.wait()
            assert reader.adopt()
            assert len(reader.read(0, 1000)) == 50


def test_a_damaged_spool_is_named_and_set_aside(tmp_path: Path) -> None:
    """A file that is no database is reported as corrupt and moved out of the way."""
    path = tmp_path / "9f0c8c36-94b5-4d8c-a1f4-0d6a3ea5a1c4.spool"
    path.write_bytes(b"not a database, whatever its name says" * 50)
    path.with_name(path.name + "-wal").write_bytes(b"")
    with pytest.raises(SpoolCorrupt, match="set aside"):
        SpoolReader(path)
    aside = set_aside(path)
    assert aside.exists()
    assert SpoolReader.all_in(tmp_path) == []


def test_a_damaged_payload_is_named(tmp_path: Path) -> None:
    """A request whose payload is no JSON is reported with its number."""
    writer = SpoolWriter(tmp_path)
    writer.append([served("r1")])
    writer._db.execute("UPDATE request SET payload = x'00'")
    with SpoolReader(writer.path) as reader, pytest.raises(SpoolCorrupt, match="request 1"):
        reader.read(0, 10)
    writer.close()


def test_a_spool_that_holds_its_most_is_full_until_it_is_shipped(tmp_path: Path) -> None:
    """An append fails as on a full disk, records nothing, and is possible again later."""
    writer = SpoolWriter(tmp_path, max_bytes=200_000)
    large = served("r")._replace(instances=[{"text": "x" * 1000}])
    appended = 0

    def fill() -> None:
        nonlocal appended
        while appended < 1000:
            writer.append([large])
            appended += 1

    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill()
    assert 100 < appended < 200
    writer.count_lost(1)
    with SpoolReader(writer.path) as reader:
        assert len(reader.read(0, 1000)) == appended
        writer.tidy()
        assert reader.status().lost == 1
        reader.acknowledge(appended)
        writer.tidy()
        writer.append([served("r")])
        (last,) = reader.read(appended, 10)
    assert last.seq == appended + 1
    writer.close()


def test_the_log_begins_anew_under_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long appends go on without a pause, what SQLite keeps beside the file stays short."""
    monkeypatch.setattr(spool, "_LONGEST_LOG_BYTES", 200_000)
    writer = SpoolWriter(tmp_path)
    log, longest, appended = writer.path.with_name(f"{writer.path.name}-wal"), 0, 1000
    with SpoolReader(writer.path) as reader:
        for number in range(1, 501):
            writer.append([served("r")])
            reader.acknowledge(number)
            writer.append([served("r")])  # so that there is always something left in the log
            if writer.has_long_log:
                move_log(writer.path)
                writer.append([served("r")])
                appended += 1
                assert writer.begin_log_anew()
                assert not writer.has_long_log
            longest = max(longest, log.stat().st_size)
        assert longest < 300_000
        assert reader.backlog().requests == appended - 500
    writer.close()


def test_whoever_reads_keeps_the_log(tmp_path: Path) -> None:
    """The owner does not wait for a reader: it goes on, and begins the log anew later."""
    writer = SpoolWriter(tmp_path)
    writer.append([served("r"), served("r")])
    with SpoolReader(writer.path) as reader:
        rows = reader.rows(0, 10)
        next(rows)
        writer.append([served("r")])
        assert not writer.begin_log_anew()
        writer.append([served("r")])
        rows.close()  # type: ignore[attr-defined]
        assert writer.begin_log_anew()
        assert len(reader.read(0, 10)) == 4
    writer.close()


def test_what_is_cleared_is_gone_from_the_file(tmp_path: Path) -> None:
    """Overwritten, not only unlisted: the log beside it goes when the worker does."""
    writer = SpoolWriter(tmp_path)
    writer.append([served(request_id=f"planted-secret-{number}") for number in range(50)])
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(50)
        assert b"planted-secret" in writer.path.read_bytes()
        writer.tidy()  # which looks whether anything is appended
        writer.tidy()
        reader.acknowledge(50)
        assert b"planted-secret" not in writer.path.read_bytes()
    writer.close()


def test_a_spool_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    """Neither a file that the agent would look into for ever, nor an open one."""
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError, match="full"):
            SpoolWriter(tmp_path, max_bytes=4096)
    assert list(tmp_path.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == open_files


def test_what_was_lost_is_known_though_the_spool_was_never_written_again(tmp_path: Path) -> None:
    """The count stands beside the spool: neither a full disk nor a kill takes it along."""
    writer = SpoolWriter(tmp_path)
    writer.count_lost(3)
    writer.count_lost(4)
    with SpoolReader(writer.path) as reader:
        assert (reader.lost(), reader.status().lost) == (7, 7)
        writer.tidy()
        assert reader.status().lost == 7
        writer.path.with_suffix(LOST).write_bytes(b"\xff" * 16)
        assert (reader.lost(), reader.status().lost) == (0, 7)
    writer.close()


def test_the_rest_of_a_disk_is_kept_for_clearing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a disk that the spools filled would stay full: clearing itself needs some room."""
    real = os.statvfs(tmp_path)
    blocks = {"f_bavail": 0}

    class Disk:
        f_frsize = real.f_frsize
        f_blocks = real.f_blocks

        def __init__(self, _: Path) -> None:
            self.f_bavail = blocks["f_bavail"]

    def tidy() -> None:
        for _ in range(2):  # as the worker does: one look at the disk, and what follows from it
            if writer.has_long_log:
                move_log(writer.path)
                writer.begin_log_anew()
            writer.tidy()

    writer = SpoolWriter(tmp_path)
    writer.append([served("r1")])
    monkeypatch.setattr(os, "statvfs", Disk)
    tidy()
    with pytest.raises(OSError, match="kept for clearing"):
        writer.append([served("r2")])
    assert writer.path.with_suffix(".spool-wal").stat().st_size == 0  # its room is given back
    blocks["f_bavail"] = 64 * 1024 * 1024 // real.f_frsize
    tidy()
    writer.append([served("r3")])
    with SpoolReader(writer.path) as reader:
        assert [request.request_id for request in reader.read(0, 10)] == ["r1", "r3"]
    writer.close()


def test_an_append_goes_on_where_what_is_shipped_cannot_be_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own rows are well; that the file is damaged is told, so that another one is begun."""
    monkeypatch.setattr(spool, "connect", _with_hardly_any_memory)
    writer = SpoolWriter(tmp_path)
    writer.append([served(f"r{number}", 40) for number in range(1, 400)])
    with SpoolReader(writer.path) as reader:
        reader.acknowledge(399)
        content = writer.path.read_bytes()
        page = content.find(b"r200") // 4096 * 4096
        with writer.path.open("r+b") as file:
            file.seek(page)
            file.write(b"\xff" * 4096)
        writer.tidy()
        for number in range(400, 700):
            writer.append([served(f"r{number}")])
        assert not writer.is_good
        assert [request.seq for request in reader.read(399, 1_000)] == list(range(400, 700))
    writer.close()


def _with_hardly_any_memory(path: Path) -> sqlite3.Connection:
    """Open a spool as ever, with so small a cache that pages come from the file."""
    db = connect(path)
    db.execute("PRAGMA cache_size = 1")
    return db
