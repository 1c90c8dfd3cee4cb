"""Long commands say how far they are, without spoiling their output."""

import sys

import pytest

from understudy.cli.progress import _Lines, progress


def test_elsewhere_a_line_comes_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """A log is not flooded: one line in ten seconds, with the rate and what remains."""
    now = 0.0
    lines = _Lines("rows", 100, clock=lambda: now)
    lines.advance(10)
    now = 11.0
    lines.advance(20)
    lines.advance(5)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "rows: 30 of 100, 2.7/s, about 0:00:26 left\n"


def test_what_was_there_before_counts_for_the_total_and_not_for_the_rate(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Half a job that goes on does not seem to end at once."""
    now = 0.0
    lines = _Lines("rows", 100, done=50, clock=lambda: now)
    now = 10.0
    lines.advance(10)
    assert capsys.readouterr().err == "rows: 60 of 100, 1.0/s, about 0:00:40 left\n"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_stdout_stays_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_terminal: bool
) -> None:
    """Progress goes to stderr, so that results can be piped."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    with progress("rows", 2) as advance:
        advance(2)
    said = capsys.readouterr()
    assert said.out == ""
    assert ("rows" in said.err) == is_terminal
