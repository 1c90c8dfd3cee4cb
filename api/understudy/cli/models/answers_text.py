"""How two versions answer the same rows, in words and a table, for a terminal."""

import click

from understudy.cli.models.columns import print_columns, say
from understudy.packaging.contrast import Contrast
from understudy.packaging.contrast.answers import AnswersContrast, Discrepancy
from understudy.presentation.numbers import count, number, percent


def print_answers(found: Contrast) -> None:
    """Print how often and how far two versions differ, and where most; or why nobody can tell."""
    click.echo("\nANSWERS TO THE HELD-OUT ROWS OF BOTH")
    answers = found.answers
    if answers is None:
        say(f"The answers cannot be compared: {found.problem}.")
        return
    say(_asked(found, answers))
    if not answers.compared:
        return
    say(_differing(answers))
    sizes = [("absolute", answers.absolute, number), ("relative", answers.relative, percent)]
    rows = [
        (name, write(one.mean), write(one.median), write(one.largest))
        for name, one, write in sizes
        if one is not None
    ]
    if rows and answers.differing:
        print_columns(("difference", "mean", "median", "largest"), rows, right=(1, 2, 3))
    if answers.largest:
        click.echo("\nThe largest differences; a row is numbered among the held-out rows it is of.")
        _largest(found, answers)


def _asked(found: Contrast, answers: AnswersContrast) -> str:
    refused = [
        f"{count(number)} that {title} refuses"
        for title, number in zip(found.labels, answers.refused, strict=True)
        if number
    ]
    if answers.unanswered:
        refused.append(f"{count(answers.unanswered)} without an answer")
    left_out = f", without {' and '.join(refused)}" if refused else ""
    return f"{count(answers.compared)} of {count(answers.rows)} rows are compared{left_out}."


def _differing(answers: AnswersContrast) -> str:
    share = percent(answers.differing / answers.compared)
    text = f"{count(answers.differing)} of them ({share}) are answered otherwise"
    if answers.labels_changed is None:
        return f"{text}."
    return f"{text}, {count(answers.labels_changed)} with another label."


def _largest(found: Contrast, answers: AnswersContrast) -> None:
    first, second = found.labels
    head = ["held out of", "row", "truth", first, second, "difference"]
    rows = [
        [
            first if one.of == "first" else second,
            count(one.row),
            _said(one.truth),
            _answer(one, 0),
            _answer(one, 1),
            number(one.difference, signed=answers.labels_changed is None),
        ]
        for one in answers.largest
    ]
    print_columns(head, rows, right=(1, 2, 3, 4, 5))


def _answer(one: Discrepancy, side: int) -> str:
    said = _said((one.before, one.after)[side])
    return said if one.probabilities is None else f"{said} ({percent(one.probabilities[side])})"


def _said(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)
