"""Offline metrics are what scikit-learn calls by the same names, with honest intervals."""

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    log_loss,
    mean_absolute_error,
    r2_score,
    root_mean_squared_error,
)

from understudy.packaging.metrics import (
    class_numbers,
    classification_metrics,
    regression_metrics,
)

RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.normal(1e6, 10, 300)
VALUES = TRUTH + RANDOM.normal(0, 3, 300)


def test_regression_metrics_are_the_known_ones() -> None:
    """Also where the mean is huge beside the spread."""
    found = regression_metrics(TRUTH, VALUES, seed=0)
    assert found["mae"].value == pytest.approx(mean_absolute_error(TRUTH, VALUES))
    assert found["rmse"].value == pytest.approx(root_mean_squared_error(TRUTH, VALUES))
    assert found["r2"].value == pytest.approx(r2_score(TRUTH, VALUES))
    for metric in found.values():
        assert metric.low < metric.value < metric.high


def test_classification_metrics_are_the_known_ones() -> None:
    """Accuracy, log loss, and the Brier score of a binary model."""
    positive = RANDOM.uniform(0.01, 0.99, 300)
    truth = (RANDOM.random(300) < positive).astype(np.int64)
    probabilities = np.column_stack([1 - positive, positive])
    labels = probabilities.argmax(axis=1)
    found = classification_metrics(truth, labels, probabilities, 1, seed=0)
    assert found["accuracy"].value == pytest.approx(accuracy_score(truth, labels))
    assert found["log_loss"].value == pytest.approx(log_loss(truth, probabilities))
    assert found["brier"].value == pytest.approx(brier_score_loss(truth, positive))


def test_a_model_without_probabilities_has_its_accuracy() -> None:
    """There is nothing else to measure."""
    truth = np.array([0, 1, -1], dtype=np.int64)
    labels = np.array([0, 1, 1], dtype=np.int64)
    found = classification_metrics(truth, labels, None, None, seed=0)
    assert set(found) == {"accuracy"}
    assert found["accuracy"].value == pytest.approx(2 / 3)


def test_a_class_the_model_does_not_know_costs_dearly_and_not_infinitely() -> None:
    """It was given the probability zero."""
    found = classification_metrics(
        np.array([-1]), np.array([0]), np.array([[0.9, 0.1]]), None, seed=0
    )
    assert 30 < found["log_loss"].value < 40
    binary = classification_metrics(
        np.array([-1]), np.array([0]), np.array([[0.9, 0.1]]), 1, seed=0
    )
    assert binary["brier"].value == 1.0


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Of a hundred samples with a known error, some ninety-five intervals hold it."""
    random = np.random.default_rng(1)
    inside = 0
    for seed in range(100):
        error = random.normal(0, 1, 200)
        mae = regression_metrics(random.normal(0, 5, 200), np.zeros(200) + error, seed)["mae"]
        expected = np.sqrt(26) * np.sqrt(2 / np.pi)
        inside += mae.low <= expected <= mae.high
    assert 88 <= inside <= 100


def test_the_seed_decides() -> None:
    """The same seed gives the same interval, another one another."""
    one, same, other = (regression_metrics(TRUTH, VALUES, seed)["mae"] for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_a_target_that_does_not_vary_has_a_finite_r_squared() -> None:
    """As scikit-learn has it: 1 without any error, else 0."""
    constant = np.full(40, 1e9)
    assert regression_metrics(constant, constant + 1e6, seed=0)["r2"].value == 0
    assert regression_metrics(constant, constant, seed=0)["r2"].value == 1


def test_intervals_stay_within_what_is_possible() -> None:
    """For a handful of rows they are wide, but no error is negative."""
    truth = np.array([1.0, 2.0, 3.0])
    for name, metric in regression_metrics(truth, np.array([1.0, 2.0, 3.5]), seed=0).items():
        assert metric.low <= metric.value <= metric.high <= (1 if name == "r2" else np.inf)
        assert metric.low >= (-np.inf if name == "r2" else 0)


def test_an_accuracy_of_all_rows_is_not_certain() -> None:
    """Thirty of thirty right does not show that every row will be."""
    truth = np.zeros(30, dtype=np.int64)
    accuracy = classification_metrics(truth, truth, None, None, seed=0)["accuracy"]
    assert accuracy.value == accuracy.high == 1.0
    assert accuracy.low == pytest.approx(0.886, abs=0.001)


@pytest.mark.parametrize(
    ("target", "classes", "numbers"),
    [
        (np.array([1, 0, 2]), ("0", "1"), [1, 0, -1]),
        (np.array([1.0, 0.0]), ("0", "1"), [1, 0]),
        (np.array(["a", "b", "a"]), ("b", "a"), [1, 0, 1]),
        (np.array([True, 1, "true"], dtype=object), ("true", "1"), [0, 1, 0]),
        (np.array([False, True]), ("false", "true"), [0, 1]),
    ],
)
def test_targets_become_numbers_of_classes(
    target: np.typing.NDArray[np.generic], classes: tuple[str, ...], numbers: list[int]
) -> None:
    """By their spelling; -1 for a class that the model does not know."""
    assert class_numbers(target, classes).tolist() == numbers
