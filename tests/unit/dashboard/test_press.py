"""The press draws each sheet once, keeps nobody waiting for long, and outlives its child."""

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from understudy.dashboard.press import MOST_READERS, MOST_SHEETS, Press
from understudy.dashboard.printer import reply, serve
from understudy.errors import BoardNotDrawn, LogUnavailable, RecordUnknown
from understudy.settings import Settings

SLOW = str(Path(__file__).with_name("slow_printer.py"))

Start = Callable[..., Press]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that makes a press with the printer for tests."""
    made: list[Press] = []

    def run(**options: float) -> Press:
        program = (sys.executable, SLOW, str(tmp_path))
        made.append(Press(Settings(data_dir=tmp_path), program=program, **options))
        return made[-1]

    yield run
    (tmp_path / "go").touch()
    for press in made:
        press.close()


def eventually(is_true: Callable[[], object]) -> None:
    """Wait until a condition holds, at most twenty seconds."""
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def asked(folder: Path) -> list[str]:
    """Return what the printer has been asked for so far."""
    return [file.read_text() for file in sorted(folder.glob("asked-*"))]


def test_readers_at_the_same_time_have_one_sheet_drawn(start: Start, tmp_path: Path) -> None:
    """Five readers of a cold dashboard cost one comparison, and all get it."""
    press = start()
    with ThreadPoolExecutor(5) as readers:
        waiting = [readers.submit(press.sheet, "a:1", 1) for _ in range(5)]
        eventually(lambda: asked(tmp_path))
        (tmp_path / "go").touch()
        titles = {reader.result(20).title for reader in waiting}
    assert titles == {"a:1 1"}
    assert press.sheet("a:1", 1).title == "a:1 1"
    assert asked(tmp_path) == ["a:1"]


def test_another_deployment_asks_for_another_sheet(start: Start, tmp_path: Path) -> None:
    """After a promotion nobody sees the verdict from before it."""
    (tmp_path / "go").touch()
    press = start()
    assert press.sheet("a:1", 1).title == "a:1 1"
    assert press.sheet("a:1", 2).title == "a:1 2"


def test_a_stale_sheet_is_shown_while_the_next_one_is_drawn(start: Start, tmp_path: Path) -> None:
    """The reader of an old sheet waits a moment only."""
    (tmp_path / "go").touch()
    press = start(fresh_s=0.0)
    assert press.sheet("a:1", 1).title == "a:1 1"
    (tmp_path / "go").unlink()
    eventually(lambda: press.sheet("a:1", 1).title == "a:1 1" and len(asked(tmp_path)) == 2)
    (tmp_path / "go").touch()
    eventually(lambda: press.sheet("a:1", 1).title != "a:1 1")


def test_a_reader_gives_up_and_the_next_one_finds_the_sheet(start: Start, tmp_path: Path) -> None:
    """What took too long is not begun again: it goes on being drawn."""
    press = start(patience_s=0.1)
    with pytest.raises(BoardNotDrawn, match="a:1 was not made: it is still being made"):
        press.sheet("a:1", 1)
    (tmp_path / "go").touch()

    def is_there() -> bool:
        try:
            return press.sheet("a:1", 1).title == "a:1 1"
        except BoardNotDrawn:
            return False

    eventually(is_there)
    assert asked(tmp_path) == ["a:1"]


def test_an_error_of_the_comparison_is_the_error_of_the_reader(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of the tree comes as itself; a crash is logged and comes as BoardNotDrawn."""
    (tmp_path / "go").touch()
    press = start()
    with pytest.raises(RecordUnknown, match="unknown:1 is not a shadow"):
        press.sheet("unknown:1", 1)
    with pytest.raises(BoardNotDrawn, match="the log of the api says more"):
        press.sheet("crash:1", 1)
    assert "something nobody thought of" in caplog.text
    assert press.sheet("a:1", 1).title == "a:1 3"


def test_a_child_that_ended_is_replaced(start: Start, tmp_path: Path) -> None:
    """Killed while it drew, or idle since: the next reader gets a new child."""
    (tmp_path / "go").touch()
    press = start()
    with pytest.raises(BoardNotDrawn, match="its process ended"):
        press.sheet("die:1", 1)
    assert press.sheet("a:1", 1).title == "a:1 1"


def test_only_so_many_sheets_are_kept(start: Start, tmp_path: Path) -> None:
    """Whatever is asked for, memory has an end."""
    (tmp_path / "go").touch()
    press = start()
    for number in range(MOST_SHEETS + 1):
        press.sheet("a:1", number)
    press.sheet("a:1", MOST_SHEETS)
    assert len(asked(tmp_path)) == MOST_SHEETS + 1
    press.sheet("a:1", 0)
    assert len(asked(tmp_path)) == MOST_SHEETS + 2


def test_the_real_printer_says_that_there_is_no_log(tmp_path: Path) -> None:
    """Through the process as it is started in service."""
    press = Press(Settings(data_dir=tmp_path))
    try:
        with pytest.raises(LogUnavailable, match="UNDERSTUDY_DATABASE_URL is not set"):
            press.sheet("a:1", 1)
        with pytest.raises(LogUnavailable, match="UNDERSTUDY_DATABASE_URL is not set"):
            press.comparison("a:1")
    finally:
        press.close()


def test_programs_that_ask_together_share_a_comparison_begun_after_they_asked(
    start: Start, tmp_path: Path
) -> None:
    """One is under way: it may not know of what the others posted, so they share the next one."""
    press = start(programs_patience_s=0.1)
    for _ in range(4):
        with pytest.raises(BoardNotDrawn, match="Ask again in some seconds"):
            press.comparison("a:1")
        eventually(lambda: asked(tmp_path))
    (tmp_path / "go").touch()
    eventually(lambda: not press._waiting and len(asked(tmp_path)) == 2)

    def is_there() -> bool:
        with suppress(BoardNotDrawn):
            return press.comparison("a:1")["verdict"] == "HOLD"
        return False

    eventually(is_there)


def test_a_crowd_of_readers_does_not_hold_every_thread(start: Start, tmp_path: Path) -> None:
    """So many wait for what is being made; who comes then is told at once to come again."""
    press = start()
    with ThreadPoolExecutor(MOST_READERS) as readers:
        waiting = [readers.submit(press.comparison, "a:1") for _ in range(MOST_READERS)]
        eventually(lambda: press._seats._value == 0)
        for ask in (press.comparison, lambda shadow: press.sheet(shadow, 1)):
            with pytest.raises(BoardNotDrawn, match=f"{MOST_READERS} wait for one already"):
                ask("a:1")
        (tmp_path / "go").touch()
        assert all(one.result(20) for one in waiting)
    assert press.comparison("a:1")


def test_a_name_of_two_lines_is_one_question(start: Start, tmp_path: Path) -> None:
    """What stands in an address may hold anything, and later answers stay with their questions."""
    (tmp_path / "go").touch()
    press = start()
    assert press.comparison("a:1\nb:1")["number"] == 1
    assert press.sheet("c:1", 1).title == "c:1 2"


def make(kind: str, shadow: str) -> dict[str, str]:
    """Make one sheet, and fail on another."""
    if shadow == "bad:1":
        raise ZeroDivisionError("by zero")
    return {"title": f"{kind} of {shadow}"}


def test_a_printer_answers_line_by_line_until_its_parent_ends() -> None:
    """The end of the pipe is the end of the parent, however that came."""
    reading, writing = os.pipe()
    answers = io.BytesIO()
    os.write(writing, b'["sheet", "a:1"]\n["comparison", "bad:1"]\n')
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as questions:
        serve(questions, answers, make, idle_s=20)
    good, bad = map(orjson.loads, answers.getvalue().splitlines())
    assert good["made"]["title"] == "sheet of a:1"
    assert "ZeroDivisionError: by zero" in bad["crash"]


def test_a_printer_that_nobody_asks_ends() -> None:
    """It holds as much memory as a comparison needs, so it does not stay for nothing."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as questions, os.fdopen(writing, "wb"):
        serving = threading.Thread(target=serve, args=(questions, io.BytesIO(), make, 0.05))
        serving.start()
        serving.join(20)
        assert not serving.is_alive()


def test_an_error_keeps_its_name_on_the_way() -> None:
    """What the tree knows is told by name and message."""

    def unknown(kind: str, shadow: str) -> None:
        raise RecordUnknown(f"{shadow} is nothing")

    assert orjson.loads(reply(b'["sheet", "a:1"]', unknown)) == {
        "error": "RecordUnknown", "message": "a:1 is nothing",
    }  # fmt: skip
