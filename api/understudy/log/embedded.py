"""A Postgres of our own on this machine, which lives and dies with the process that starts it."""

import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import psycopg2

from understudy.errors import AlreadyRunning, EmbeddedPostgresFailed, EmbeddedPostgresKilled
from understudy.log.account import ENVIRONMENT
from understudy.log.binaries import Binaries, find_binaries
from understudy.log.premises import (
    Premises,
    clear_stale_pid,
    find_premises,
    make_socket_dir,
    remove_socket_dir,
)
from understudy.priority import step_back, step_back_children
from understudy.rotation import Rotation

_START_DEADLINE_S = 120.0  # recovery after a crash may read a lot of log
_STOP_DEADLINE_S = 30.0
_QUIT_DEADLINE_S = 5.0
_ANSWER_S = 5  # for one attempt to connect: a server may accept it and fall silent
_POLL_S = 0.02
_LONGEST_LOG = 5_000_000

# Small, durable, and silent about the data: an error that Postgres logs must not quote a row.
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "60",
    "max_locks_per_transaction": "512",  # one query may touch every index of every day
    "shared_buffers": "128MB",
    "work_mem": "32MB",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class EmbeddedPostgres:
    """
    A Postgres server that keeps its data in `data_dir` and listens on a private socket only.

    It stops when its owner does, also by `kill -9`: the kernel interrupts it when the *thread*
    that started it ends. Therefore `start` is for the main thread only. As root it runs as
    another user. `settings` override single settings of the server.

    Two locks say who is there. The owner holds the first: a second start on the same data raises
    AlreadyRunning. Every process of the server inherits the second: a start after a crash waits
    for it, so that two servers never meet on one cluster and process ids are never trusted.
    """

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.log_file = self.data_dir / "postgres.log"
        self._settings = _SETTINGS | dict(settings or {})
        self._owner_lock: int | None = None
        self._premises: Premises | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._rotation = Rotation(self.log_file, _LONGEST_LOG)
        self._log_start = 0

    @property
    def url(self) -> str:
        """The address of the server for SQLAlchemy; the port is said, as PGPORT may differ."""
        if self._premises is None:
            raise EmbeddedPostgresFailed("The embedded Postgres was not started.")
        where = urlencode({"host": str(self._premises.socket_dir), "port": "5432"})
        return f"postgresql+psycopg2://postgres@/postgres?{where}"

    @property
    def pid(self) -> int | None:
        """The process id of the server, if it was started."""
        return None if self._server is None else self._server.pid

    @property
    def is_running(self) -> bool:
        """Whether the server was started and has not ended."""
        return self._server is not None and self._server.poll() is None

    def start(self, meanwhile: Callable[[], None] = lambda: None) -> str:
        """
        Start the server, making the cluster at first, and return its URL once it answers.

        `meanwhile` is called again and again while this waits; what it raises ends the start, and
        the server with it. Raises AlreadyRunning when another process has a server on this
        data, and EmbeddedPostgresFailed with the last lines of the log for everything else.
        """
        if threading.current_thread() is not threading.main_thread():
            raise EmbeddedPostgresFailed(
                "The embedded Postgres ends with the thread that starts it:"
                " start it from the main thread."
            )
        if self._owner_lock is not None:
            raise AlreadyRunning(f"This process already runs the database in {self.data_dir}.")
        try:
            self._start(meanwhile)
        except OSError as error:
            self.stop()
            raise EmbeddedPostgresFailed(
                f"The embedded Postgres cannot use {self.data_dir} ({error})."
                " Start as the user who owns it, or choose another UNDERSTUDY_DATA_DIR."
            ) from error
        except BaseException:
            self.stop()
            raise
        return self.url

    def tend(self) -> None:
        """Keep the log from growing for ever, and new backends behind; to be called often."""
        self._tend_log()
        if self._server is not None:
            step_back_children(self._server.pid)

    def _tend_log(self) -> None:
        if self._rotation.tend():
            self._log_start = 0

    def stop(self) -> None:
        """Stop the server if it runs: sessions are ended, nothing committed is lost."""
        server, self._server = self._server, None
        if server is not None:
            _end(server)
            if self._premises is not None:
                remove_socket_dir(self._premises)
        if self._owner_lock is not None:
            os.close(self._owner_lock)
            self._owner_lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self, meanwhile: Callable[[], None]) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._owner_lock = _own(self.data_dir / "postgres.lock", self.data_dir)
        server_lock = os.open(self.data_dir / "postgres.server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._wait_for_predecessor(server_lock, meanwhile)
            self._premises = premises = find_premises(self.data_dir)
            binaries = find_binaries(premises.account)
            self._tend_log()
            self._log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
            if not (premises.pgdata / "PG_VERSION").exists():
                self._make_cluster(premises, binaries, server_lock)
            clear_stale_pid(premises)
            make_socket_dir(premises)
            self._server = self._spawn(self._server_command(premises, binaries), server_lock)
            step_back(self._server.pid)
        finally:
            os.close(server_lock)
        self._wait_until_ready(self._server, premises, meanwhile)

    def _wait_for_predecessor(self, server_lock: int, meanwhile: Callable[[], None]) -> None:
        """Take the lock of the server, once no process of an earlier server is left."""
        deadline = time.monotonic() + _STOP_DEADLINE_S
        while not _locked(server_lock):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresFailed(
                    f"An earlier Postgres on {self.data_dir} does not end. Find it with"
                    f" `fuser {self.data_dir / 'postgres.server.lock'}` and stop it."
                )
            meanwhile()
            time.sleep(_POLL_S)

    def _make_cluster(self, premises: Premises, binaries: Binaries, server_lock: int) -> None:
        """Make the cluster beside its place and move it there whole."""
        if premises.pgdata != premises.link:
            premises.account.give(premises.pgdata.parent)
        unfinished = premises.pgdata.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        premises.account.give(unfinished)
        command = premises.account.command(
            binaries.initdb, "-D", unfinished, "--username=postgres", "--auth=trust",
            "--encoding=UTF8", "--locale-provider=libc", "--locale=C", "--no-instructions",
        )  # fmt: skip
        if status := self._spawn(command, server_lock).wait():
            raise self._ended("The embedded Postgres cannot make its database", status)
        unfinished.rename(premises.pgdata)
        if premises.pgdata != premises.link:
            premises.link.symlink_to(premises.pgdata)

    def _server_command(self, premises: Premises, binaries: Binaries) -> list[str]:
        settings = self._settings | {"unix_socket_directories": f'"{premises.socket_dir}"'}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return premises.account.command(binaries.postgres, "-D", premises.pgdata, *options)

    def _spawn(self, command: list[str], server_lock: int) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C at the terminal is for the owner, who stops things in order.
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,
                cwd="/",
                pass_fds=[server_lock],
                start_new_session=True,
            )

    def _wait_until_ready(
        self, server: subprocess.Popen[bytes], premises: Premises, meanwhile: Callable[[], None]
    ) -> None:
        deadline = time.monotonic() + _START_DEADLINE_S
        while True:
            if (status := server.poll()) is not None:
                raise self._ended("The embedded Postgres does not start", status)
            try:
                psycopg2.connect(
                    host=str(premises.socket_dir),
                    port=5432,
                    user="postgres",
                    dbname="postgres",
                    connect_timeout=_ANSWER_S,
                ).close()
            except psycopg2.OperationalError as error:
                if time.monotonic() > deadline:
                    raise self._failed("The embedded Postgres does not answer") from error
                meanwhile()
                time.sleep(_POLL_S)
            else:
                return

    def _ended(self, what: str, status: int) -> EmbeddedPostgresFailed:
        """Return what to raise for a process that has ended: 0 and less say that it was told to."""
        if status > 0:
            return self._failed(what)
        by = f"ended by {signal.Signals(-status).name}" if status else "told to shut down"
        return EmbeddedPostgresKilled(f"{what}: it was {by}.")

    def _failed(self, what: str) -> EmbeddedPostgresFailed:
        with self.log_file.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").splitlines()[-15:]
        said = "\n".join(f"  {line}" for line in lines)
        return EmbeddedPostgresFailed(f"{what}. The end of {self.log_file} says:\n{said}")


def _own(path: Path, data_dir: Path) -> int:
    """Take the lock of the owner and write into it who has it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if not _locked(lock):
        owner = os.read(lock, 32).decode().strip() or "unknown"
        os.close(lock)
        raise AlreadyRunning(
            f"Process {owner} already runs the database in {data_dir}."
            " Stop it, or choose another UNDERSTUDY_DATA_DIR."
        )
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown; a server that does not obey is stopped hard and recovers later."""
    for request, patience_s in (
        (signal.SIGINT, _STOP_DEADLINE_S),
        (signal.SIGQUIT, _QUIT_DEADLINE_S),
    ):
        server.send_signal(request)
        try:
            server.wait(patience_s)
        except subprocess.TimeoutExpired:
            continue
        return
    server.kill()
    server.wait()
