"""`understudy serve`: gunicorn with uvicorn workers, each an application of its own."""

import ctypes
import fcntl
import gc
import importlib
import logging
import os
import shutil
import signal
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from uvicorn_worker import UvicornWorker

from understudy.controllers.access_log import SparingWarnings
from understudy.controllers.connection import Doors, protocol
from understudy.descriptors import make_room
from understudy.errors import KeysUnreadable, SettingInvalid
from understudy.hosts import is_loopback
from understudy.monitoring.logs import log_to_stderr, take_over_foreign_loggers
from understudy.serving import key_file
from understudy.settings import Settings

GRACEFUL_S = 10
KEEP_ALIVE_S = 75  # longer than balancers keep a connection: whoever ends it first sees no reset
_COLLECT_AFTER = (10_000, 20, 20)
_OWN_DESCRIPTORS = 128  # spool, metrics, a model that is loaded: some 40, and room to spare
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of sys/prctl.h
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - only in a folder of our own, which is looked at

logger = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """
    Answer requests until SIGTERM or SIGINT.

    Raises SettingInvalid for an address beyond loopback where nobody is asked for an API key, and
    where the system lets a process have no connection beside the files it needs.
    """
    refuse_open_doors(settings)
    folder, _lock = own_folder(_place_of_counts(settings))
    # Workers are the parallelism; a model's own threads would only fight them for the processors.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # prometheus_client looks at this once, when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder.absolute())
    log_to_stderr(settings, "api")
    settings = _within_the_system_s_limit(settings)
    _load_libraries()
    _Gunicorn(settings).run()


def _within_the_system_s_limit(settings: Settings) -> Settings:
    """
    Let a worker hold its connections and all else it needs, or take fewer connections.

    Otherwise nobody beyond the limit would be told to come again, and no spool could be opened.
    """
    asked = settings.max_connections
    room = make_room(asked + _OWN_DESCRIPTORS)
    fitting = room - _OWN_DESCRIPTORS
    if fitting < 1:
        raise SettingInvalid(
            "UNDERSTUDY_MAX_CONNECTIONS",
            str(asked),
            f"a process may have {room} files open here, and a worker needs {_OWN_DESCRIPTORS}"
            " besides its connections; raise the hard limit (ulimit -Hn)",
        )
    if fitting >= asked:
        return settings
    logger.warning(
        "Each worker takes %d connections instead of the %d of UNDERSTUDY_MAX_CONNECTIONS: a"
        " process may have %d files open here (ulimit -Hn), and a worker needs %d for the rest.",
        fitting,
        asked,
        room,
        _OWN_DESCRIPTORS,
    )
    return replace(settings, max_connections=fitting)


def _load_libraries() -> None:
    """Load once what every worker needs: they start at once then, and share the memory."""
    importlib.import_module("understudy.app")
    importlib.import_module("understudy.monitoring.http")
    from understudy.controllers.contract import load_controllers, read_contract

    load_controllers(read_contract())
    gc.freeze()  # or the first collection of a worker would copy the pages that hold them


def _set_apart() -> None:
    """Keep what is loaded out of every later collection, which would walk through it in vain."""
    gc.collect()
    gc.freeze()


def _place_of_counts(settings: Settings) -> Path:
    """
    Return where workers share what they count: in memory, where the system has files there.

    Each has such files mapped, and they grow: on a full disk the next new count would be a SIGBUS,
    the end of a worker that otherwise goes on answering.
    """
    ours = _IN_MEMORY / f"understudy-{os.getuid()}"
    with suppress(OSError):
        ours.mkdir(mode=0o700, exist_ok=True)
        found = ours.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
            ours.chmod(0o700)
            return ours / "metrics"
    return settings.data_dir / "metrics"


def own_folder(parent: Path) -> tuple[Path, int]:
    """
    Make a folder that is this process's for as long as it holds the lock, and return both.

    Folders of services that have ended, however they ended, are removed; those of services that
    still run on the same data are left alone.
    """
    parent.mkdir(parents=True, exist_ok=True)
    # One at a time: a folder that is made and not locked yet looks like one that was left.
    turn = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for old in parent.glob("api-*"):
            with suppress(FileNotFoundError):  # others tidy up as well
                _remove_if_left(old)
        folder = Path(tempfile.mkdtemp(prefix="api-", dir=parent))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        os.close(turn)
    return folder, lock


def _remove_if_left(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY)
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


def refuse_open_doors(settings: Settings) -> None:
    """Refuse to listen beyond this machine where nobody is asked for an API key."""
    if not is_loopback(settings.host) and not asks_for_keys(settings):
        raise SettingInvalid(
            "UNDERSTUDY_HOST",
            settings.host,
            "without API keys the api listens on loopback only; set UNDERSTUDY_API_KEY, or"
            " UNDERSTUDY_ACCESS=keys and make keys with `understudy keys create`",
        )


def asks_for_keys(settings: Settings) -> bool:
    """Say whether the api asks for a key, as far as this machine knows yet."""
    if settings.api_key is not None or settings.access == "keys":
        return True
    try:
        return key_file.read(settings.key_file).asks
    except KeysUnreadable:
        return True  # the api lets nobody in then


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """Gunicorn told by our settings, not by files or the command line."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._doors = Doors()  # each worker has a copy, from the fork on
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs to know."""
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        options: dict[str, Any] = {
            "bind": f"{host}:{self._settings.port}",
            "workers": self._settings.workers,
            "worker_class": _worker(self._settings, self._doors),
            "graceful_timeout": GRACEFUL_S,
            "timeout": 60,
            "keepalive": KEEP_ALIVE_S,
            "accesslog": None,
            "logger_class": _Log,
            "proc_name": "understudy-api",
            "post_fork": _end_with_the_arbiter,
            "child_exit": _forget,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application of one worker, after the fork."""
        from understudy.app import create_app
        from understudy.monitoring.http import HttpMetrics

        # Uvicorn's worker class has just given its loggers other handlers.
        take_over_foreign_loggers()
        logging.getLogger("uvicorn.error").addFilter(SparingWarnings())
        # Requests leave much garbage, hardly any of it in cycles.
        gc.set_threshold(*_COLLECT_AFTER)
        metrics = HttpMetrics(self._settings.endpoint)
        return create_app(self._settings, metrics, self._doors, loaded=_set_apart)


def _worker(settings: Settings, doors: Doors) -> type[UvicornWorker]:
    """Return a worker on uvloop and httptools; what is to be said of a request, `Edge` says."""

    class Worker(UvicornWorker):  # type: ignore[misc]
        CONFIG_KWARGS = {  # noqa: RUF012 - as the base class has it
            "lifespan": "on",  # or who cannot start would go on, and be not ready for good
            "loop": "uvloop",
            "http": protocol(settings, doors),
            "access_log": False,
            "server_header": False,
        }

    return Worker


class _Log(Logger):  # type: ignore[misc]
    """Gunicorn's log as lines like all others of this process."""

    def setup(self, cfg: Any) -> None:
        """Take back the handlers that gunicorn gives its loggers."""
        super().setup(cfg)
        take_over_foreign_loggers()


def _end_with_the_arbiter(arbiter: Any, _: Any) -> None:
    """
    Let a worker be asked to end when its arbiter is gone, however that came.

    It would hold the port of whoever starts the service again, and have nobody to replace it.
    """
    with suppress(AttributeError):  # not Linux
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != arbiter.pid:
        sys.exit("The arbiter is gone.")


def _forget(_: Any, worker: Any) -> None:
    """Drop the live gauges of a worker that ended."""
    from understudy.monitoring.http import forget_worker

    forget_worker(worker.pid)
