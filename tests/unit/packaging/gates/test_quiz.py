"""One wrong answer to a known question is one too many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from understudy.artefacts.artefact import QuizItem
from understudy.errors import ScoringFailed
from understudy.packaging.gates import quiz
from understudy.packaging.gates.case import Case
from understudy.serving.engines import Engine
from understudy.serving.engines.predictions import Predictions
from understudy.serving.engines.scores import Scores

MakeCase = Callable[..., Case]


@dataclass(frozen=True)
class Silent:
    """An engine that has no answer for a house of more than seven rooms."""

    engine: Engine
    name: str = "silent"

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        """Refuse a batch with such a house."""
        for number, instance in enumerate(instances):
            if instance["rooms"] == 8:
                raise ScoringFailed(f"No answer for instance {number}.")
        return self.engine.predict(instances)

    def score(self, instances: Sequence[Mapping[str, object]]) -> Scores:
        """Score as the engine does."""
        return self.engine.score(instances)


def question(case: Case, off: float = 0.0, **changes: Any) -> QuizItem:
    """Return a question whose known answer is off the model's by so much."""
    instance = {**case.questions[0].instance, **changes}
    value = case.engine.predict([instance]).values[0]
    assert value is not None
    return QuizItem(instance, value + off, 1.0, "given")


def test_right_answers_pass(make_case: MakeCase) -> None:
    """Given and generated questions are counted apart."""
    case = make_case()
    found = quiz.judge(replace(case, questions=[question(case), *case.questions]))
    assert found.status == "passed"
    assert found.figures == {"given": 1, "generated": 5, "wrong": 0}
    assert "1 of 1 given questions are answered rightly" in found.summary


def test_a_model_that_nobody_asked_passes(make_case: MakeCase) -> None:
    """And the summary says that nobody did."""
    found = quiz.judge(make_case())
    assert found.status == "passed"
    assert "nobody gave a question; 5 of the model's own" in found.summary


def test_wrong_answers_are_refused(make_case: MakeCase) -> None:
    """The first three are named, with what was wanted and what came."""
    case = make_case()
    wrong = [question(case, off=5000) for _ in range(4)]
    found = quiz.judge(replace(case, questions=[question(case), *wrong]))
    assert found.status == "refused"
    assert found.figures["wrong"] == 4
    assert found.summary.startswith("4 of 5 questions are answered wrongly: question 1 wants ")
    assert found.summary.count(" wants ") == 3
    assert found.summary.endswith("and 1 more")


def test_no_answer_is_a_wrong_answer(make_case: MakeCase) -> None:
    """The question is named, and nothing is raised."""
    case = make_case()
    asked = [question(case, rooms=2), question(case, rooms=8)]
    found = quiz.judge(replace(case, engine=Silent(case.engine), questions=asked))
    assert found.status == "refused"
    assert "question 1 gets none: No answer for instance 0" in found.summary
