"""The gate quiz: the known questions are answered rightly, and the model's own are repeated."""

from understudy.artefacts.artefact import QuizItem
from understudy.errors import ModelError
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling, passed, refused
from understudy.serving.engines.quiz import wrong_answers

# Wrong answers that the summary names.
MOST_NAMED = 3


def judge(case: Case) -> Ruling:
    """Ask the engine that will serve every question; one wrong answer is one too many."""
    questions = list(case.questions)
    wrong = _wrong_answers(case, questions)
    given = sum(item.origin == "given" for item in questions)
    figures = {"given": given, "generated": len(questions) - given, "wrong": len(wrong)}
    if wrong:
        more = f" and {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
        return refused(
            f"{len(wrong)} of {len(questions)} questions are answered wrongly:"
            f" {'; '.join(wrong[:MOST_NAMED])}{more}",
            **figures,
        )
    own = f"{len(questions) - given} of the model's own answers are repeated"
    if not given:
        return passed(f"nobody gave a question; {own}", **figures)
    return passed(f"{given} of {given} given questions are answered rightly, {own}", **figures)


def _wrong_answers(case: Case, questions: list[QuizItem]) -> list[str]:
    try:
        return wrong_answers(case.engine, questions)
    except ModelError:
        # Somewhere there is no answer at all: ask one by one to tell where.
        return [
            f"question {number} gets none: {told.rstrip('.')}"
            for number, item in enumerate(questions)
            if (told := _failure(case, item))
        ]


def _failure(case: Case, item: QuizItem) -> str:
    try:
        case.engine.predict([item.instance])
    except ModelError as error:
        return str(error)
    return ""
