"""Tables for a terminal stay within a width, whatever is in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.cli.models.columns import WIDTH, columns, print_columns, say

CELLS = st.text(st.sampled_from("ab é-\x1b\n日"), max_size=150)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_no_line_is_longer_than_a_hundred_signs(rows: list[tuple[str, str, str]]) -> None:
    """And nothing but white space is lost."""
    lines = list(columns(rows))
    assert all(len(line) <= WIDTH for line in lines)
    assert all(line.isprintable() for line in lines)
    shown = sorted("".join(lines).replace(" ", ""))
    given_signs = sorted("".join("".join(row) for row in rows).replace("\x1b", "\\x1b"))
    assert shown == [sign for sign in given_signs if not sign.isspace()]


def test_short_tables_are_as_wide_as_they_need() -> None:
    """Figures stand on the right of their column."""
    assert list(columns([("name", "rows"), ("a", 5), ("long name", 12)], right=(1,))) == [
        "name       rows", "a             5", "long name    12",
    ]  # fmt: skip


def test_a_long_cell_goes_on_in_its_column(capsys: pytest.CaptureFixture[str]) -> None:
    """The widest column gives way first."""
    print_columns(("gate", "what it found"), [("live", "word " * 30)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("live  word word")
    assert lines[2].startswith("      word")


def test_a_sentence_takes_as_many_lines_as_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    """And no sign in it is obeyed by the terminal."""
    say("word " * 30 + "\x1b[31m")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[1].endswith("\\x1b[31m")
