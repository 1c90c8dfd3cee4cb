"""Who works on a data directory, and where its parts can be reached: `lock` and `run.json`."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from understudy.errors import AlreadyRunning
from understudy.file_locks import is_locked
from understudy.serving.replacing import replace_file
from understudy.settings import Settings

_ASK_AGAIN_S = 1.0


@dataclass(frozen=True)
class Running:
    """
    A stack that runs on this machine.

    `database_url` is None where the URL holds a password: it then comes from the environment of
    whoever needs it. `metrics` and `logs` are keyed by part. `trusted_keys` is None where
    no signature is asked for, `policy` where the endpoint has no file of its own.
    """

    pid: int
    started: str
    endpoint: str
    data_dir: str
    api: str
    artefacts: str
    database_url: str | None
    metrics: dict[str, str]
    logs: dict[str, str]
    trusted_keys: str | None = None
    policy: str | None = None


@contextmanager
def hold_data_dir(settings: Settings) -> Iterator[bool]:
    """
    Own the data directory until the block ends; yields whether the last owner was killed.

    The lock belongs to this process alone and ends with it, however it ends. Raises
    AlreadyRunning, naming the owner.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = _open_lock(settings)
    try:
        if not _take(lock):
            raise AlreadyRunning(_describe_owner(settings))
        # What a killed owner left behind would send commands to the wrong place.
        was_killed = settings.run_file.exists()
        settings.run_file.unlink(missing_ok=True)
        yield was_killed
    finally:
        os.close(lock)


def is_held(settings: Settings) -> bool:
    """Say whether some process owns the data directory."""
    return is_locked(_lock_path(settings))


def announce(settings: Settings, running: Running) -> None:
    """Write the run file in one step, readable by its owner only."""
    replace_file(settings.run_file, orjson.dumps(asdict(running), option=orjson.OPT_INDENT_2))


class Announcement:
    """The run file of a stack that serves already: what cannot be written now is written later."""

    def __init__(self, settings: Settings, running: Running, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._running = running
        self._say = say
        self._is_made = False
        self._again_at: float | None = None

    def tend(self) -> None:
        """Write the file if it is not there yet, and not at once again if that fails."""
        if self._is_made or (self._again_at is not None and time.monotonic() < self._again_at):
            return
        try:
            announce(self._settings, self._running)
            self._is_made = True
        except OSError as error:
            if self._again_at is None:
                self._say(
                    f"{self._settings.run_file} cannot be written ({error}). Until it can be,"
                    " other commands do not find this stack."
                )
            self._again_at = time.monotonic() + _ASK_AGAIN_S


def withdraw(settings: Settings) -> None:
    """Remove the run file; one that cannot be removed is believed by nobody."""
    with suppress(OSError):
        settings.run_file.unlink(missing_ok=True)


def find_running(settings: Settings) -> Running | None:
    """Return the stack that runs on the data directory, or None where none does."""
    return _read(settings.run_file) if is_held(settings) else None


def _read(path: Path) -> Running | None:
    try:
        return Running(**orjson.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None  # about to start, about to end, or of another version of this program


def _describe_owner(settings: Settings) -> str:
    running = _read(settings.run_file)
    if running is None:
        return (
            f"Another `understudy up` is starting or stopping on {settings.data_dir}."
            " Wait for it, or set UNDERSTUDY_DATA_DIR to another directory."
        )
    return (
        f"`understudy up` already runs on {running.data_dir}: process {running.pid}, since"
        f" {running.started}, api at {running.api}. Stop it with Ctrl-C there or"
        f" `kill {running.pid}`, or set UNDERSTUDY_DATA_DIR to another directory."
    )


def _lock_path(settings: Settings) -> Path:
    return settings.data_dir / "lock"


def _open_lock(settings: Settings) -> int:
    return os.open(_lock_path(settings), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _take(lock: int) -> bool:
    # A command that looks whether somebody is here holds the lock for an instant: look twice.
    for pause_s in (0.05, 0.1, 0.0):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(pause_s)
        else:
            return True
    return False
