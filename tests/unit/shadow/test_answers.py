"""The check of what a child answered."""

import pytest

from understudy.shadow.answers import BatchRefused, Failed, Refused, Scored, read_answers

_LABELS = ("no", "yes")


def _numbers(*outputs: object) -> dict[str, object]:
    return {"outputs": list(outputs), "values": list(outputs), "labels": [None] * len(outputs)}


def _labelled(output: object, label: object, value: object = 0.7) -> dict[str, object]:
    return {"outputs": [output], "values": [value], "labels": [label]}


def test_finite_numbers_are_predictions() -> None:
    """A regression's answers come back in order, whole numbers as floats."""
    answers = read_answers(_numbers(1.5, 2), 2, None)
    assert answers == [Scored(1.5, 1.5, None), Scored(2, 2.0, None)]


def test_what_the_shadow_cannot_be_asked_about_keeps_its_place() -> None:
    """The predictions are laid beside the others, in order."""
    message = _numbers(1.0, 3.0) | {"refused": [[1, "x: it is missing"]]}
    one, refused, three = read_answers(message, 3, None)
    assert (one, three) == (Scored(1.0, 1.0, None), Scored(3.0, 3.0, None))
    assert refused == Refused("x: it is missing")


@pytest.mark.parametrize("found", [None, "nan", "-inf", "12", True, [1.0], {"label": "yes"}])
def test_what_is_no_finite_number_fails_alone(found: object) -> None:
    """Each bad output is a failure that names what was found; its neighbours stand."""
    first, bad, last = read_answers(_numbers(1.0, found, 3.0), 3, None)
    assert first == Scored(1.0, 1.0, None)
    assert last == Scored(3.0, 3.0, None)
    assert isinstance(bad, Failed)
    assert "instead of a finite number" in bad.reason


def test_a_label_with_probabilities_is_a_prediction() -> None:
    """The label and the primary number are kept beside the output."""
    output = {"label": "yes", "probabilities": {"no": 0.3, "yes": 0.7}}
    assert read_answers(_labelled(output, "yes"), 1, _LABELS) == [Scored(output, 0.7, "yes")]


def test_a_label_without_probabilities_is_a_prediction() -> None:
    """Some classifiers know no probabilities."""
    output = {"label": "no"}
    assert read_answers(_labelled(output, "no", None), 1, _LABELS) == [Scored(output, None, "no")]


@pytest.mark.parametrize(
    ("output", "label", "value"),
    [
        (1.0, None, 1.0),
        ({"label": "maybe"}, "maybe", None),
        ({"label": "yes"}, "no", None),
        ({"label": "yes", "probabilities": {"yes": 1.0}}, "yes", 1.0),
        ({"label": "yes", "probabilities": [0.3, 0.7]}, "yes", 0.7),
        ({"label": "yes", "probabilities": {"no": 0.3, "yes": None}}, "yes", 0.7),
        ({"label": "yes"}, "yes", "nan"),
    ],
)
def test_a_wrong_label_or_probability_fails(output: object, label: object, value: object) -> None:
    """Unknown labels, labels that disagree, and probabilities that are none."""
    (answer,) = read_answers(_labelled(output, label, value), 1, _LABELS)
    assert isinstance(answer, Failed)


def test_a_long_output_is_not_repeated_in_full() -> None:
    """The reason stays short."""
    (answer,) = read_answers(_numbers("x" * 5000), 1, None)
    assert isinstance(answer, Failed)
    assert len(answer.reason) < 150


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"failed": "raised ValueError: no"}, "raised ValueError: no"),
        ({"outputs": 1}, "no list"),
        (_numbers(1.0), "gave 1 predictions for 2 instances"),
        (_numbers(1.0, 2.0) | {"refused": [[0, "why"]]}, "gave 2 predictions for 1 instances"),
        (_numbers(1.0) | {"refused": [[2, "why"]]}, "refused .*, which is no instance"),
        (_numbers(1.0) | {"refused": [[0, None]]}, "refused .*, which is no instance"),
        (_numbers(1.0, 2.0) | {"refused": "all"}, "refused all, which is no instance"),
        ({"outputs": [1, 2], "values": [1, 2], "labels": []}, "gave 2 predictions"),
    ],
)
def test_an_answer_that_cannot_be_aligned_is_refused(
    message: dict[str, object], reason: str
) -> None:
    """Without one prediction per instance nobody knows whose is whose."""
    with pytest.raises(BatchRefused, match=reason):
        read_answers(message, 2, None)
