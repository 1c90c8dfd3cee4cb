"""Asks a loaded engine the questions whose answers are known."""

from collections.abc import Sequence

from understudy.artefacts.artefact import Artefact, QuizItem
from understudy.errors import QuizFailed
from understudy.serving.engines import Engine


def check_quiz(engine: Engine, artefact: Artefact) -> int:
    """
    Ask an engine the quiz of its artefact and return the number of questions.

    Raises QuizFailed naming the first wrong answers.
    """
    items = artefact.quiz()
    if wrong := wrong_answers(engine, items):
        raise QuizFailed(
            f"{artefact.manifest.title} fails {len(wrong)} of {len(items)} quiz questions: "
            + "; ".join(wrong[:3])
        )
    return len(items)


def wrong_answers(engine: Engine, items: Sequence[QuizItem]) -> list[str]:
    """Return what is wrong, one line for each question answered wrongly."""
    predictions = engine.predict([item.instance for item in items])
    wrong = []
    for number, item in enumerate(items):
        answer: object = predictions.labels[number]
        if answer is None:
            answer = predictions.values[number]
        if not _is_right(item, answer):
            within = "" if item.tolerance is None else f" (within {item.tolerance:g})"
            wrong.append(f"question {number} wants {item.expected!r}{within} and gets {answer!r}")
    return wrong


def _is_right(item: QuizItem, answer: object) -> bool:
    if isinstance(answer, float) and isinstance(item.expected, int | float):
        return abs(answer - item.expected) <= (item.tolerance or 0.0)
    return answer == item.expected
