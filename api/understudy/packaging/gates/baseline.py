"""The gate `baseline`: a model must be shown to be better than one constant answer."""

import numpy as np

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.difference import difference_of
from understudy.packaging.gates.losses import common_loss, row_losses
from understudy.packaging.gates.ruling import Ruling, passed, refused
from understudy.packaging.gates.wording import exactly
from understudy.packaging.given import Given
from understudy.packaging.metrics import class_numbers
from understudy.serving.engines.scores import Scores


def judge(case: Case) -> Ruling:
    """
    Refuse a model unless the whole interval of its loss is better than the constant answer's.

    The constant is learned from the training targets: their median, the shares of the classes, or
    the most frequent class where the model has no probabilities.
    """
    constant, answer = _constant(case.given, case.test_scores)
    loss = common_loss(case.test_scores)
    ours, theirs = (row_losses(case.given, s, loss) for s in (case.test_scores, constant))
    found = difference_of(ours, theirs, loss, case.seed)
    figures = found.figures("constant") | {"constant": answer}
    whom = f"the {exactly(found.theirs)} of a constant answer"
    if found.interval.high < 0:
        return passed(f"{found.name} is better than {whom} by {found.by}", **figures)
    return refused(f"{found.name} is not shown to be better than {whom}: {found.size}", **figures)


def _constant(given: Given, like: Scores) -> tuple[Scores, object]:
    """Return the constant answer to every test row, and what it is."""
    rows = len(given.test)
    if like.values is not None:
        median = float(np.median(given.train_target.astype(np.float64)))
        return Scores(values=np.full(rows, median)), median
    classes = given.model.output.classes or ()
    numbers = class_numbers(given.train_target, classes)
    counts = np.bincount(numbers[numbers >= 0], minlength=len(classes))
    labels = np.full(rows, counts.argmax())
    if like.probabilities is None:
        return Scores(labels=labels), classes[int(counts.argmax())]
    shares = counts / max(1, counts.sum())
    answer = dict(zip(classes, shares.tolist(), strict=True))
    return Scores(probabilities=np.tile(shares, (rows, 1)), labels=labels), answer
