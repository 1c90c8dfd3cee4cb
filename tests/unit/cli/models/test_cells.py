"""A cell that spoils its column is named by its file and line."""

import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from understudy.cli.models.cells import at_line, explained, odd_cells
from understudy.cli.models.table import DataFiles
from understudy.errors import ArgumentRefused, ArtefactRefused

STABLE = "stable: on the training rows: could not convert string to float: 'n/a'"


def files(folder: Path, train: str, test: str, ending: str = "csv") -> DataFiles:
    """Return two files with this content, price to be predicted."""
    paths = [folder / f"train.{ending}", folder / f"test.{ending}"]
    for path, content in zip(paths, (train, test), strict=True):
        path.write_text(content)
    return DataFiles(*paths, "price")


@pytest.fixture
def data(tmp_path: Path) -> DataFiles:
    """Return files of which the training rows hold n/a among numbers."""
    return files(tmp_path, "bmi,zone,price\n1,a,1\n\n2,,2\nn/a,b,3\n", "bmi,zone,price\n4,7,1\n")


def told(data: DataFiles, *reasons: str, used: list[str] | None = None) -> tuple[str, ...]:
    """Return the reasons of a refusal once it is explained."""
    estimator = SimpleNamespace() if used is None else SimpleNamespace(feature_names_in_=used)
    error = ArtefactRefused("m", "1.0.0", reasons)
    return explained(error, data, {"estimator": estimator}).reasons


def test_a_cell_among_numbers_is_odd(data: DataFiles) -> None:
    """Its line is the editor's; what meant null before still has to be said."""
    assert odd_cells(data) == {
        "bmi": f"bmi is a number in 2 of 3 rows; line 5 of {data.train} holds 'n/a';"
        " if that means no value, say --missing n/a --missing ''"
    }
    assert odd_cells(data, ["bmi"]) == {}


def test_numbers_in_one_file_and_text_in_the_other_are_odd(tmp_path: Path) -> None:
    """A cell that looks like a value is not said to mean none."""
    data = files(tmp_path, "bmi,price\n1,1\n", "bmi,price\n4,1\nlots,2\n")
    assert odd_cells(data) == {
        "bmi": f"bmi is a number in all rows of {data.train}; line 3 of {data.test} holds 'lots'"
    }


def test_json_and_parquet_hold_odd_values_too(tmp_path: Path) -> None:
    """There nothing but the value itself means null; Parquet has rows, not lines."""
    lines = "".join(json.dumps({"bmi": bmi, "price": 1}) + "\n" for bmi in (1, None, True, 2))
    data = files(tmp_path, lines, '{"bmi": 1, "price": 1}\n', "jsonl")
    assert odd_cells(data) == {
        "bmi": f"bmi is a number in 2 of 3 rows; line 3 of {data.train} holds True"
    }
    test = tmp_path / "test.parquet"
    pd.DataFrame({"bmi": ["1", "2"], "price": [1, 2]}).to_parquet(test)
    (tmp_path / "train.jsonl").write_text('{"bmi": 1, "price": 1}\n')
    (sentence,) = odd_cells(DataFiles(data.train, test, "price")).values()
    assert sentence.endswith(f"; row 0 of {test} holds '1'")


def test_a_refusal_names_the_cell_in_place_of_what_came_of_it(data: DataFiles) -> None:
    """Other reasons stay."""
    first, second = told(data, STABLE, "y_test has missing values")
    assert first.startswith("schema: bmi is a number in 2 of 3 rows; line 5 of ")
    assert second == "y_test has missing values"
    blamed = "schema: 1 of 3 training rows hold no text in bmi, first 1 in row 0"
    assert told(data, blamed) == (first,)
    assert told(data, "schema_overrides of bmi: a string has no range") == (first,)


def test_a_bad_cell_of_the_target_is_named(tmp_path: Path) -> None:
    """The target is a column of the file like any other."""
    data = files(tmp_path, "bmi,price\n1,1\n2,2\n3,?\n", "bmi,price\n4,1\n")
    (reason,) = told(data, "y_train holds text, but a regression predicts numbers", used=["bmi"])
    assert reason.startswith("schema: price is a number in 2 of 3 rows; line 4 of ")
    assert reason.endswith("say --missing '?'")


def test_what_has_another_cause_stays_as_it_is(data: DataFiles) -> None:
    """No cell is blamed for a column that the model does not use, or for what a gate found."""
    assert told(data, STABLE, used=["zone"]) == (STABLE,)
    assert told(data, "X_test lacks the feature area") == ("X_test lacks the feature area",)
    error = ArgumentRefused("m", "1.0.0", [STABLE], [object()])
    assert explained(error, data, {"estimator": None}) is error
    assert explained(error, None, {}) is error


def test_a_question_is_named_by_its_line(tmp_path: Path) -> None:
    """If it comes from a file."""
    quiz = tmp_path / "quiz.jsonl"
    quiz.write_text("{}\n{}\n")
    reason = "quiz: question 1 has no __expected__"
    assert at_line(reason, quiz) == f"quiz: line 2 of {quiz}: the question has no __expected__"
    assert at_line(reason, None) == reason
    assert at_line("other", quiz) == "other"
    assert at_line("quiz: question 7 is none", quiz) == "quiz: question 7 is none"
