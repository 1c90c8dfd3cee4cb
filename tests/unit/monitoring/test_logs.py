"""What a process writes to standard error, seen from outside."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

_START = """
import logging, os, sys, threading, warnings
from understudy.monitoring.logs import log_to_stderr, take_over_foreign_loggers
from understudy.settings import Settings
settings = Settings(
    endpoint="houses", api_key="k-1234567890", log_level="INFO",
    database_url="postgresql://u:p%40ss-word@db/understudy",
)
lines = log_to_stderr(settings, "agent")
log = logging.getLogger("understudy.test")
"""
_REQUIRED = {"@timestamp", "log.level", "message", "ecs.version", "service", "labels"}


def run(script: str, timeout_s: float = 20.0) -> tuple[list[dict], int]:
    """Run a script after the start of the logs; returns its lines and its exit status."""
    done = subprocess.run(
        [sys.executable, "-c", _START + dedent(script)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return [json.loads(line) for line in done.stderr.splitlines()], done.returncode


def test_every_line_is_ecs_json() -> None:
    """A line has what ECS requires, and says which part of which endpoint wrote it."""
    (line,), _ = run('log.info("The spool %s is empty.", "ä-1")')
    assert line.keys() >= _REQUIRED
    assert line["message"] == "The spool ä-1 is empty."
    assert line["log.level"] == "info"
    assert line["log"]["logger"] == "understudy.test"
    assert line["service"]["name"] == "understudy"
    assert line["service"]["node"]["role"] == "agent"
    assert line["labels"]["endpoint"] == "houses"
    assert line["process"]["pid"] > 0


def test_an_exception_is_structured() -> None:
    """Type, message and stack trace are fields of one line, not lines of their own."""
    (line,), _ = run(
        """
        try:
            1 / 0
        except ZeroDivisionError:
            log.exception("The batch failed")
        """
    )
    assert line["message"] == "The batch failed"
    assert line["error"]["type"] == "ZeroDivisionError"
    assert line["error"]["message"] == "division by zero"
    assert "1 / 0" in line["error"]["stack_trace"] or "<string>" in line["error"]["stack_trace"]


def test_fields_of_a_request_are_nested() -> None:
    """Dotted names, as the edge gives them, become ECS objects."""
    (line,), _ = run('log.warning("no", extra={"http.request.id": "r-1", "url.path": "/v1/x"})')
    assert line["http"]["request"]["id"] == "r-1"
    assert line["url"]["path"] == "/v1/x"


def test_arguments_are_taken_when_logged() -> None:
    """A value that changes after the call is written as it was."""
    (line,), _ = run('found = [1]; log.info("found %s", found); found.append(2)')
    assert line["message"] == "found [1]"


@pytest.mark.parametrize(
    "leaving",
    [
        pytest.param("sys.exit(0)", id="by sys.exit"),
        pytest.param("lines.flush(); os._exit(0)", id="by os._exit after a flush"),
    ],
)
def test_nothing_is_lost_at_the_end(leaving: str) -> None:
    """All lines are written before the process ends."""
    found, status = run(f'for n in range(2000): log.info("line %d", n)\n{leaving}')
    assert [line["message"] for line in found] == [f"line {n}" for n in range(2000)]
    assert status == 0


def test_a_forked_child_writes_too() -> None:
    """A child of fork, as gunicorn's workers are, has a writing thread of its own."""
    found, _ = run(
        """
        log.info("parent")
        child = os.fork()
        if child == 0:
            log.info("child")
            sys.exit(0)
        os.waitpid(child, 0)
        log.info("parent again")
        """
    )
    assert sorted(line["message"] for line in found) == ["child", "parent", "parent again"]


def test_logging_goes_on_after_a_flush() -> None:
    """A flush is not the end."""
    found, _ = run('log.info("one"); lines.flush(); log.info("two")')
    assert [line["message"] for line in found] == ["one", "two"]


def test_no_secret_is_written() -> None:
    """The API key and the database's password are blotted out wherever they appear."""
    found, _ = run(
        """
        log.error("sent k-1234567890 to %s", settings.database_url)
        log.error("connecting with p@ss-word failed")
        """
    )
    text = json.dumps(found)
    assert "k-1234567890" not in text
    assert "ss-word" not in text
    assert found[1]["message"] == "connecting with [secret] failed"


def test_an_uncaught_error_is_a_line() -> None:
    """The last words of a process and of a thread are JSON too."""
    found, status = run(
        """
        def fail(): raise KeyError("gone")
        thread = threading.Thread(target=fail, name="follower")
        thread.start(); thread.join()
        raise ValueError("out of order")
        """
    )
    assert [line["error"]["type"] for line in found] == ["KeyError", "ValueError"]
    assert "follower" in found[0]["message"]
    assert [line["log.level"] for line in found] == ["critical", "critical"]
    assert status == 1


def test_ctrl_c_is_no_error() -> None:
    """An interrupt at the terminal leaves no line, nor does a thread that exits."""
    found, _ = run(
        """
        thread = threading.Thread(target=sys.exit)
        thread.start(); thread.join()
        raise KeyboardInterrupt
        """
    )
    assert found == []


def test_warnings_are_lines() -> None:
    """What Python or a library warns of has the same form."""
    (line,), _ = run('warnings.warn("old way", UserWarning)')
    assert "old way" in line["message"]
    assert line["log.level"] == "warning"


def test_gunicorn_and_uvicorn_speak_the_same_form() -> None:
    """Handlers that the servers bring are removed, and access lines with raw paths are dropped."""
    found, _ = run(
        """
        for name in ("gunicorn.error", "gunicorn.access", "uvicorn.error", "uvicorn.access"):
            foreign = logging.getLogger(name)
            foreign.addHandler(logging.StreamHandler(sys.stderr))
            foreign.propagate = False
            foreign.setLevel(logging.INFO)
        take_over_foreign_loggers()
        for name in ("gunicorn.error", "gunicorn.access", "uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).info("from %s", name)
        assert not logging.getLogger("uvicorn.access").hasHandlers()
        """
    )
    assert [line["message"] for line in found] == ["from gunicorn.error", "from uvicorn.error"]


def test_the_level_is_kept() -> None:
    """What is below the level of the settings is not written."""
    found, _ = run('log.debug("hidden"); log.info("shown")')
    assert [line["message"] for line in found] == ["shown"]


def test_lines_nobody_reads_are_dropped_and_counted(tmp_path: Path) -> None:
    """A blocked reader costs lines, never memory without end, and the loss is told."""
    found, _ = run(
        """
        from understudy.monitoring import logs
        gate = threading.Event()
        class Blocked(logging.StreamHandler):
            def handle(self, record):
                gate.wait(20)
                return super().handle(record)
        logs._LONGEST_QUEUE = 10
        out = Blocked(sys.stderr)
        out.setFormatter(lines._out.formatter)
        slow = logs.Lines(out)
        logging.basicConfig(handlers=[slow], force=True, level="INFO")
        for n in range(100): log.info("line %d", n)
        gate.set(); slow.flush(); log.info("after")
        """
    )
    texts = [line["message"] for line in found]
    assert texts[-1] == "after"
    assert "log lines were dropped" in texts[-2]
    dropped = int(texts[-2].split()[0])
    assert dropped + len(texts) - 2 == 100
    assert dropped >= 85
