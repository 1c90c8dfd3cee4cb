"""The examiner has policies held against models elsewhere, and says so where that fails."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from understudy.dashboard.examiner import Examiner
from understudy.errors import PolicyUnexamined, UsageError
from understudy.settings import Settings

SLOW = str(Path(__file__).with_name("slow_printer.py"))


@pytest.fixture
def examiner(tmp_path: Path) -> Iterator[Examiner]:
    """An examiner with the printer for tests, which answers once a file tells it to."""
    yield Examiner(
        Settings(data_dir=tmp_path), patience_s=0.05, program=(sys.executable, SLOW, str(tmp_path))
    )
    (tmp_path / "go").touch()


def asked(folder: Path) -> list[dict[str, object]]:
    """Return what was to be examined so far."""
    return [orjson.loads(file.read_bytes()) for file in folder.glob("asked-*")]


def test_where_there_is_no_policy_nobody_is_asked(examiner: Examiner, tmp_path: Path) -> None:
    """A shadow without a policy costs no process."""
    assert examiner.settle(None, "a", "1") is None
    assert asked(tmp_path) == []


def test_the_policy_of_the_endpoint_is_examined_too(tmp_path: Path) -> None:
    """Whoever gives none is judged by that one, which the other process reads."""
    (tmp_path / "go").touch()
    settings = Settings(data_dir=tmp_path, policy=tmp_path / "policy.yaml")
    program = (sys.executable, SLOW, str(tmp_path))
    Examiner(settings, program=program).settle(None, "a", "1")
    assert asked(tmp_path) == [{"policy": None, "name": "a", "version": "1"}]


@pytest.mark.parametrize(
    ("program", "words"),
    [("raise SystemExit", "its process ended"),
     ("input(); print('{\"crash\": \"Traceback\"}')", "it failed; the log of the api says more")],
)  # fmt: skip
def test_what_was_not_examined_is_told(program: str, words: str, tmp_path: Path) -> None:
    """Nothing is decided then, and the next one is examined anew."""
    examiner = Examiner(Settings(data_dir=tmp_path), program=(sys.executable, "-c", program))
    for _ in range(2):
        with pytest.raises(PolicyUnexamined, match=f"{words}. Nothing was decided"):
            examiner.settle({}, "a", "1")


def test_an_error_of_ours_comes_back_as_it_is(tmp_path: Path) -> None:
    """The one who asks hears what a command line would say."""
    said = 'input(); print(\'{"error": "UsageError", "message": "no such file"}\')'
    examiner = Examiner(Settings(data_dir=tmp_path), program=(sys.executable, "-c", said))
    with pytest.raises(UsageError, match="no such file"):
        examiner.settle({}, "a", "1")


def test_one_is_examined_at_a_time(examiner: Examiner, tmp_path: Path) -> None:
    """Whoever comes meanwhile waits for a while and is then sent away."""
    refused = threading.Event()

    def settle(number: int) -> object:
        try:
            return examiner.settle({}, "a", str(number))
        except PolicyUnexamined:
            refused.set()
            (tmp_path / "go").touch()
            return None

    with ThreadPoolExecutor(2) as people:
        results = list(people.map(settle, range(2)))
    assert refused.is_set()
    assert results.count(None) == 1
    assert len(asked(tmp_path)) == 1
