"""What an ONNX model gives is read in every form that exporters have for it, or refused."""

from typing import Any

import numpy as np
import pytest

from understudy.errors import ArtefactInvalid, OutputInvalid
from understudy.serving.engines.onnx_outputs import OutputReader, classes_of_maps
from understudy.serving.engines.onnx_session import Output

LABEL = Output("label", "tensor(int64)", 1)
NAMES = Output("output_label", "tensor(string)", 1)
NUMBER = Output("variable", "tensor(float)", 1)
SHARES = Output("probabilities", "tensor(float)", 3)
MAPS = Output("output_probability", "seq(map(int64,tensor(float)))", None)
THREE = ("0", "1", "2")
ROWS = np.array([[0.5, 0.25, 0.25], [0.125, 0.25, 0.625]], dtype=np.float32)


def read(outputs: list[Output], classes: Any, *found: Any) -> Any:
    """Read what a model gave for two instances."""
    return OutputReader(outputs, classes).read(found, 2)


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_a_regression_is_one_number_per_row(shape: tuple[int, ...]) -> None:
    """With a second dimension or without."""
    scores = read([NUMBER], None, np.array([1.5, np.nan], dtype=np.float32).reshape(shape))
    np.testing.assert_array_equal(scores.values, [1.5, np.nan])


@pytest.mark.parametrize("labels", [np.array([0, 2]), np.array([[0], [2]])])
def test_labels_and_probabilities_are_told_apart(labels: Any) -> None:
    """In whatever order the outputs come."""
    reader = OutputReader([SHARES, LABEL], THREE)
    assert reader.names == ["label", "probabilities"]
    assert reader.has_probabilities
    scores = reader.read([labels, ROWS], 2)
    assert scores.labels.tolist() == [0, 2]
    np.testing.assert_array_equal(scores.probabilities, ROWS.astype(np.float64))


def test_probabilities_may_come_with_names() -> None:
    """In the order of the classes, whatever theirs is."""
    maps = [{2: 0.25, 0: 0.5, 1: 0.25}, {2: 0.625, 0: 0.125, 1: 0.25}]
    scores = read([LABEL, MAPS], THREE, np.array([0, 2]), maps)
    np.testing.assert_array_equal(scores.probabilities, ROWS.astype(np.float64))
    assert classes_of_maps(maps) == ("2", "0", "1")
    assert classes_of_maps(ROWS) is None


def test_the_largest_probability_is_the_label_where_there_is_none() -> None:
    """No label is made of what is no number."""
    scores = read([SHARES], THREE, np.vstack([ROWS[:1], [[np.nan] * 3]]))
    assert scores.labels.tolist() == [0, -1]
    assert scores.is_valid().tolist() == [True, False]


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_one_probability_is_that_of_the_last_of_two(shape: tuple[int, ...]) -> None:
    """As a sigmoid gives it."""
    found = np.array([0.25, 0.75], dtype=np.float32).reshape(shape)
    scores = read([NUMBER], ("no", "yes"), found)
    np.testing.assert_array_equal(scores.probabilities, [[0.75, 0.25], [0.25, 0.75]])
    assert scores.labels.tolist() == [0, 1]


def test_labels_may_come_alone() -> None:
    """A label of no class is no answer."""
    reader = OutputReader([NAMES], ("a", "b"))
    assert not reader.has_probabilities
    scores = reader.read([np.array(["b", "z"], dtype=object)], 2)
    assert scores.labels.tolist() == [1, -1]
    assert scores.probabilities is None


def test_probabilities_are_chosen_by_name_among_others() -> None:
    """Some exporters give raw scores beside them."""
    raw = Output("scores", "tensor(float)", 3)
    assert OutputReader([LABEL, raw, SHARES], THREE).names == ["label", "probabilities"]
    with pytest.raises(ArtefactInvalid, match="not one of them is called probabilities"):
        OutputReader([LABEL, raw, NUMBER], THREE)


@pytest.mark.parametrize(
    ("outputs", "classes", "reason"),
    [
        ([NUMBER, NUMBER], None, "a regression is one output of numbers"),
        ([LABEL], None, r"gives label \(tensor\(int64\)\), but a regression"),
        ([], None, "gives nothing"),
        ([Output("y", "tensor(bool)", 1)], THREE, "neither labels nor probabilities"),
    ],
)
def test_outputs_of_another_kind_are_refused(outputs: Any, classes: Any, reason: str) -> None:
    """What they are is told."""
    with pytest.raises(ArtefactInvalid, match=reason):
        OutputReader(outputs, classes)


@pytest.mark.parametrize(
    ("outputs", "classes", "found", "reason"),
    [
        ([NUMBER], None, [np.ones((2, 2))], r"shape \(2, 2\) for 2"),
        ([NUMBER], None, [np.ones(3)], r"shape \(3,\) for 2"),
        ([SHARES], THREE, [ROWS[:1]], "gave 1 outputs for 2"),
        ([SHARES], ("a", "b"), [ROWS], r"3 probabilities for 2 classes \(a, b\)"),
        ([LABEL], THREE, [np.array([1])], "gave 1 outputs for 2"),
        ([MAPS], THREE, [[{0: 1.0, 1: 0.0, 2: 0.0}]], "gave 1 outputs for 2"),
    ],
)
def test_outputs_of_another_shape_are_refused(
    outputs: Any, classes: Any, found: Any, reason: str
) -> None:
    """One answer for each instance and one probability for each class."""
    with pytest.raises(OutputInvalid, match=reason):
        read(outputs, classes, *found)
