"""A log is kept from growing for ever while somebody writes to it."""

import errno
from pathlib import Path

import pytest

from understudy.rotation import Rotation


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time of the test."""
        return self.now


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log that does not exist yet."""
    return tmp_path / "serve.log"


def test_a_short_log_stays(log: Path) -> None:
    """So does one that is not there."""
    rotation = Rotation(log, 10)
    assert not rotation.tend()
    log.write_text("0123456789")
    assert not rotation.tend()
    assert log.read_text() == "0123456789"


def test_a_long_log_goes_on_from_its_beginning(log: Path) -> None:
    """Whoever writes keeps its file; one older log is kept, the one before it goes."""
    rotation = Rotation(log, 10)
    with log.open("a") as writer:
        for text in ("the first of all\n", "the second\n", "the third\n"):
            writer.write(text)
            writer.flush()
            assert rotation.tend() == (len(text) > 10)
    assert log.with_suffix(".log.1").read_text() == "the second\n"
    assert log.read_text() == "the third\n"


def test_a_full_disk_keeps_the_log_as_it_is(log: Path) -> None:
    """Nothing is raised or lost, half of a copy goes, and a minute later it is tried again."""
    clock = Clock()
    rotation = Rotation(log, 10, clock)
    older = log.with_suffix(".log.1")
    older.symlink_to("/dev/full")
    with pytest.raises(OSError) as full:  # noqa: PT011 - what it is, is looked at below
        older.write_text("there is no room")
    assert full.value.errno == errno.ENOSPC
    log.write_text("longer than ten")
    assert not rotation.tend()
    assert log.read_text() == "longer than ten"
    assert not older.is_symlink()
    clock.now = 59
    assert not rotation.tend()
    clock.now = 60
    assert rotation.tend()
    assert older.read_text() == "longer than ten"
