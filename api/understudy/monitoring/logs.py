"""Logs as JSON lines in the fields of the Elastic Common Schema, written off the hot path."""

import json
import logging
import os
import queue
import sys
import threading
from collections.abc import Sequence
from logging.handlers import QueueHandler
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

import ecs_logging

from understudy import __version__
from understudy.settings import Settings

_LONGEST_QUEUE = 10_000
_PATIENCE_S = 5.0

# They bring handlers and a form of their own.
_FOREIGN = ("gunicorn.error", "uvicorn", "uvicorn.error")
# They tell every request a second time, with the path as the client sent it.
_SILENT = ("gunicorn.access", "uvicorn.access")
# Below an error they tell what is told already, connexion with bodies, alembic at every look.
_CHATTY = ("connexion", "httpx", "httpcore", "alembic")


def log_to_stderr(settings: Settings, part: str) -> "Lines":
    """
    Send the process's logs to standard error as ECS lines, through a thread of their own.

    `part` is the process's name among its siblings (`api`, `agent`, `shadow`, `watcher`). Warnings
    and exceptions that nobody catches become lines too. All lines are written when the process
    ends; whoever leaves by `os._exit` flushes the handler that is returned before.
    """
    out = logging.StreamHandler(_Stderr())
    out.setFormatter(_EcsLine(settings, part))
    lines = Lines(out)
    logging.basicConfig(level=settings.log_level, handlers=[lines], force=True)
    take_over_foreign_loggers()
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.ERROR)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    return lines


def take_over_foreign_loggers() -> None:
    """Let what gunicorn and uvicorn say pass through the process's own handler, in its form."""
    for name in _FOREIGN:
        foreign = logging.getLogger(name)
        foreign.handlers.clear()
        foreign.propagate = True
    for name in _SILENT:
        # Without a handler in reach, uvicorn does not even put the line together.
        silent = logging.getLogger(name)
        silent.handlers.clear()
        silent.propagate = False


class Lines(QueueHandler):
    """
    Hands records to a thread that writes them.

    The thread is started by the first record, anew after a flush and in a forked child. When
    nobody reads what is written, further records are dropped and counted instead of piling up.
    """

    def __init__(self, out: logging.Handler) -> None:
        self._lines: queue.SimpleQueue[logging.LogRecord | None] = queue.SimpleQueue()
        super().__init__(self._lines)
        self._out = out
        self._writer: threading.Thread | None = None
        self._pid = os.getpid()
        self._dropped = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Fix the message now, since its arguments may change before it is written."""
        # Unlike the parent class: the formatter needs the exception, not its text.
        record.msg = record.getMessage()
        record.args = None
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue a record; called with the handler's lock held."""
        if self._pid != os.getpid():
            self._pid, self._writer, self._lines = os.getpid(), None, queue.SimpleQueue()
        if self._lines.qsize() >= _LONGEST_QUEUE:
            self._dropped += 1
            return
        if self._dropped:
            self._lines.put_nowait(_about_dropped(self._dropped))
            self._dropped = 0
        self._lines.put_nowait(record)
        if self._writer is None:
            self._writer = threading.Thread(
                target=_write, args=(self._lines, self._out), name="logs", daemon=True
            )
            self._writer.start()

    def flush(self) -> None:
        """Return when everything logged so far is written, or nobody reads it."""
        if self.lock is None:
            return
        with self.lock:
            if self._writer is not None and self._pid == os.getpid():
                self._lines.put_nowait(None)
                self._writer.join(_PATIENCE_S)
                self._writer = None

    def close(self) -> None:
        """Write what is left."""
        self.flush()
        super().close()


class _Stderr:
    """
    Standard error without a buffer.

    A buffer has a lock of its own. Gunicorn forks its workers while the writing thread may hold it,
    and a worker that is born with a lock held never writes a line, nor answers a request.
    """

    def write(self, text: str) -> None:
        """Write all of the text, however little the other end takes at a time."""
        left = text.encode(errors="backslashreplace")
        while left:
            left = left[os.write(2, left) :]

    def flush(self) -> None:
        """Do nothing: what is written is written."""


def _write(lines: "queue.SimpleQueue[logging.LogRecord | None]", out: logging.Handler) -> None:
    while (record := lines.get()) is not None:
        out.handle(record)


def _about_dropped(count: int) -> logging.LogRecord:
    text = f"{count} log lines were dropped, since nobody read them fast enough"
    return logging.LogRecord(__name__, logging.WARNING, __file__, 0, text, None, None)


class _EcsLine(ecs_logging.StdlibFormatter):
    """One record as one line of JSON that holds no secret of this process."""

    def __init__(self, settings: Settings, part: str) -> None:
        super().__init__(
            exclude_fields=[
                "process.name",
                "process.thread.id",
                "log.original",
                "taskName",
                "color_message",
            ],
            extra={
                "service.name": "understudy",
                "service.version": __version__,
                "service.node.role": part,
                "labels.endpoint": settings.endpoint,
            },
        )
        self._secrets = [json.dumps(secret)[1:-1] for secret in _secrets(settings)]

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        # A driver's or a library's message may quote the very URL or header it was given.
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def _secrets(settings: Settings) -> Sequence[str]:
    found = [settings.api_key]
    for url in (settings.database_url, settings.artefact_store):
        parts = urlsplit(url or "")
        found += [parts.password, unquote(parts.password or "")]
        found += parse_qs(parts.query).get("password", [])
    return sorted({secret for secret in found if secret}, key=len, reverse=True)


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("understudy").critical(
        "The process ends by an error that nobody caught", exc_info=(kind, error, traceback)
    )


def _log_uncaught_in_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is None or issubclass(ended.exc_type, SystemExit):
        return
    logging.getLogger("understudy").critical(
        "The thread %s ends by an error that nobody caught",
        ended.thread.name if ended.thread else "(unnamed)",
        exc_info=(ended.exc_type, ended.exc_value, ended.exc_traceback),
    )
