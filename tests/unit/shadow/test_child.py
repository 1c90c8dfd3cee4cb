"""The child's side of the conversation, without a process."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from understudy.artefacts.schema import Field, InputSchema
from understudy.errors import QuizFailed
from understudy.serving.engines import Predictions, Scores
from understudy.shadow.child import Model, converse
from understudy.shadow.contract import ShadowContract
from understudy.shadow.framing import pack, read


class Doubling:
    """An engine that doubles `x`, and raises for 13."""

    name = "doubling"

    def predict(self, instances: Sequence[Mapping[str, Any]]) -> Predictions:
        """Return twice `x`."""
        if any(instance["x"] == 13 for instance in instances):
            raise ValueError("unlucky")
        values = [2 * instance["x"] for instance in instances]
        return Predictions(values, values, [None] * len(values))

    def score(self, instances: Sequence[Mapping[str, Any]]) -> Scores:
        """Never asked by a child."""
        raise NotImplementedError


def _doubling() -> Model:
    fields = (Field("x", "number", required=True, nullable=False),)
    return Model(Doubling(), ShadowContract(InputSchema(fields)))


def _converse(prepare: Any, *questions: dict[str, Any]) -> list[dict[str, object]]:
    answers = BytesIO()
    converse(prepare, BytesIO(b"".join(map(pack, questions))), answers)
    answers.seek(0)
    return list(iter(lambda: read(answers), None))  # type: ignore[arg-type]


def test_it_greets_and_answers_until_its_parent_hangs_up() -> None:
    """One answer per question, with the number of its turn."""
    found = _converse(
        _doubling, {"turn": 1, "instances": [{"x": 1}, {"x": 2.5}]}, {"turn": 2, "instances": []}
    )
    assert found == [
        {"turn": 0, "ready": True},
        {"turn": 1, "outputs": [2, 5.0], "values": [2, 5.0], "labels": [None, None], "refused": []},
        {"turn": 2, "outputs": [], "values": [], "labels": [], "refused": []},
    ]


def test_the_model_is_not_asked_about_what_breaks_its_contract() -> None:
    """The others are predicted; of those it is told where they were, and why."""
    (_, found) = _converse(
        _doubling, {"turn": 1, "instances": [{}, {"x": 1, "y": 2}, {"x": "wide"}, {"x": 3}]}
    )
    assert found["outputs"] == [2, 6]
    assert found["refused"] == [
        [0, "x: the shadow requires it, but it is missing"],
        [2, "x: not of type number"],
    ]


def test_an_engine_that_raises_is_told_to_the_parent() -> None:
    """The conversation goes on after it."""
    found = _converse(
        _doubling, {"turn": 1, "instances": [{"x": 13}]}, {"turn": 2, "instances": [{"x": 1}]}
    )
    assert found[1] == {"turn": 1, "failed": "raised ValueError: unlucky"}
    assert found[2]["outputs"] == [2]


def test_numbers_that_json_does_not_know_are_told_by_name() -> None:
    """NaN and infinity are not turned into null."""
    found = _converse(_doubling, {"turn": 1, "instances": [{"x": 1e308}]})
    assert found[1]["outputs"] == ["inf"]


def test_a_model_that_cannot_be_opened_is_broken() -> None:
    """Our own errors speak for themselves, others are named."""

    def failing(error: Exception) -> Any:
        def prepare() -> Model:
            raise error

        return prepare

    assert _converse(failing(QuizFailed("2 + 2 is not 5."))) == [
        {"turn": 0, "broken": "2 + 2 is not 5."}
    ]
    assert _converse(failing(OSError("no disk"))) == [
        {"turn": 0, "broken": "raised OSError: no disk"}
    ]
