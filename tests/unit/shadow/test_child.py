"""The child's side of the conversation, without a process."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from understudy.errors import QuizFailed
from understudy.serving.engines import Engine, Predictions, Scores
from understudy.shadow.child import converse
from understudy.shadow.framing import pack, read


class Doubling:
    """An engine that doubles `x`, and raises where there is none."""

    name = "doubling"

    def predict(self, instances: Sequence[Mapping[str, Any]]) -> Predictions:
        """Return twice `x`."""
        values = [2 * instance["x"] for instance in instances]
        return Predictions(values, values, [None] * len(values))

    def score(self, instances: Sequence[Mapping[str, Any]]) -> Scores:
        """Never asked by a child."""
        raise NotImplementedError


def _converse(prepare: Any, *questions: dict[str, Any]) -> list[dict[str, object]]:
    answers = BytesIO()
    converse(prepare, BytesIO(b"".join(map(pack, questions))), answers)
    answers.seek(0)
    return list(iter(lambda: read(answers), None))  # type: ignore[arg-type]


def test_it_greets_and_answers_until_its_parent_hangs_up() -> None:
    """One answer per question, with the number of its turn."""
    found = _converse(
        Doubling, {"turn": 1, "instances": [{"x": 1}, {"x": 2.5}]}, {"turn": 2, "instances": []}
    )
    assert found == [
        {"turn": 0, "ready": True},
        {"turn": 1, "outputs": [2, 5.0], "values": [2, 5.0], "labels": [None, None]},
        {"turn": 2, "outputs": [], "values": [], "labels": []},
    ]


def test_an_engine_that_raises_is_told_to_the_parent() -> None:
    """The conversation goes on after it."""
    found = _converse(
        Doubling, {"turn": 1, "instances": [{}]}, {"turn": 2, "instances": [{"x": 1}]}
    )
    assert found[1] == {"turn": 1, "failed": "raised KeyError: 'x'"}
    assert found[2]["outputs"] == [2]


def test_numbers_that_json_does_not_know_are_told_by_name() -> None:
    """NaN and infinity are not turned into null."""
    found = _converse(Doubling, {"turn": 1, "instances": [{"x": 1e308}]})
    assert found[1]["outputs"] == ["inf"]


def test_a_model_that_cannot_be_opened_is_broken() -> None:
    """Our own errors speak for themselves, others are named."""

    def failing(error: Exception) -> Any:
        def prepare() -> Engine:
            raise error

        return prepare

    assert _converse(failing(QuizFailed("2 + 2 is not 5."))) == [
        {"turn": 0, "broken": "2 + 2 is not 5."}
    ]
    assert _converse(failing(OSError("no disk"))) == [
        {"turn": 0, "broken": "raised OSError: no disk"}
    ]
