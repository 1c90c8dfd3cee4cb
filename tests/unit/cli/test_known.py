"""Outcomes are read beside their ids, or joined with what was sent."""

import json
from pathlib import Path

import pytest

from understudy.cli.known import read_outcomes
from understudy.errors import UsageError


def write(path: Path, *lines: object) -> Path:
    """Write lines of text, or of JSON."""
    text = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(f"{line}\n" for line in text))
    return path


def test_outcomes_stand_beside_their_ids(tmp_path: Path) -> None:
    """Numbers are numbers, no instance means the first, rows without a value are passed over."""
    file = write(
        tmp_path / "known.csv", "request_id,instance,price", "r1,0,12.5", "r1,1,", "r2,0,x"
    )
    assert list(read_outcomes(file, "price", None, as_labels=False)) == [
        {"request_id": "r1", "instance": 0, "value": 12.5},
        {"request_id": "r2", "instance": 0, "value": "x"},
    ]
    short = write(tmp_path / "known.jsonl", {"request_id": "r1", "value": 3})
    assert list(read_outcomes(short, "value", None, as_labels=True)) == [
        {"request_id": "r1", "instance": 0, "value": "3"}
    ]


def test_outcomes_are_joined_with_what_was_sent(tmp_path: Path) -> None:
    """The ids may be in any order; rows that were not answered are passed over."""
    file = write(tmp_path / "sales.csv", "area,price", "1,100", "2,200", "3,300")
    ids = write(
        tmp_path / "ids.jsonl",
        {"row": 2, "request_id": "r2", "instance": 0, "status": 200},
        {"row": 0, "request_id": "r1", "instance": 0, "status": 200},
        {"row": 1, "request_id": None, "instance": 1, "status": 400},
    )
    assert list(read_outcomes(file, "price", ids, as_labels=False)) == [
        {"request_id": "r2", "instance": 0, "value": 300},
        {"request_id": "r1", "instance": 0, "value": 100},
    ]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["request_id,other", "r1,2"], "has no 'price'"),
        (["instance,price", "0,2"], "has no 'request_id'"),
        (["request_id,instance,price", "r1,first,2"], "has the instance 'first'"),
    ],
)
def test_a_file_of_another_form_says_so(tmp_path: Path, lines: list[str], complaint: str) -> None:
    """The person hears which row and column it is."""
    file = write(tmp_path / "known.csv", *lines)
    with pytest.raises(UsageError, match=complaint):
        list(read_outcomes(file, "price", None, as_labels=False))


@pytest.mark.parametrize("line", [{"row": 5, "request_id": "r", "instance": 0}, {"id": 1}])
def test_ids_of_another_file_are_refused(tmp_path: Path, line: object) -> None:
    """A row number beyond the file means that the two do not belong together."""
    file = write(tmp_path / "sales.csv", "price", "100")
    ids = write(tmp_path / "ids.jsonl", line)
    with pytest.raises(UsageError, match="does not belong to"):
        list(read_outcomes(file, "price", ids, as_labels=False))
