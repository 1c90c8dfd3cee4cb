"""The gate `simpler`: a model should be better than a linear one on its few strongest columns."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.feature_selection import SelectKBest, f_classif, f_regression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.difference import Difference, difference_of
from understudy.packaging.gates.intervals import rows_needed
from understudy.packaging.gates.losses import common_loss, row_losses
from understudy.packaging.gates.plain import plain_columns, plain_frame
from understudy.packaging.gates.ruling import Ruling, passed, refused, skipped, warned
from understudy.packaging.gates.wording import exactly, percent, settled_by, shown
from understudy.packaging.given import Given
from understudy.packaging.metrics import class_numbers
from understudy.serving.engines.scores import Scores

Integers = NDArray[np.int64]

# Enough for a handful of coefficients, whatever the size of the training data.
MOST_TRAINING_ROWS = 20_000
# Enough to tell models apart; preparing the text of millions would take minutes.
MOST_TEST_ROWS = 100_000


def judge(case: Case) -> Ruling:
    """
    Refuse a model that is shown to be worse than a linear one with very few columns.

    After Breck et al., "The ML Test Score" (IEEE Big Data 2017), Model 6: a simpler model is not
    better. Ridge or logistic regression on the `columns` plainly prepared columns that tell most
    of the target by the F-test, learned from at most 20,000 seeded training rows and held against
    the model on at most 100,000 test rows. Where the model itself has no more columns, prepared as
    plainly, nothing is simpler about the other, and being worse is no more than a warning.
    """
    given, target = case.given, _target(case.given)
    learned = _drawn(np.flatnonzero(~np.isnan(target)), MOST_TRAINING_ROWS, case.seed)
    if len(np.unique(target[learned])) < 2:
        return skipped("the training rows hold a single target, so that nothing can be learned")
    tested = _drawn(np.arange(len(given.test)), MOST_TEST_ROWS, case.seed)
    held_out = replace(given, test=given.test.iloc[tested], test_target=given.test_target[tested])
    model = _fitted(case, target, learned)
    simple = _scores(model, held_out)
    loss = common_loss(case.test_scores, simple)
    ours = row_losses(given, case.test_scores, loss)[tested]
    margin = case.limits.simpler.margin
    found = difference_of(ours, row_losses(held_out, simple, loss), loss, case.seed, margin)
    names = _prepared(model)
    used = [names[place] for place in model["strongest"].get_support(indices=True)]
    return _ruling(found, margin, used, len(names))


def _target(given: Given) -> NDArray[np.float64]:
    """Return numbers, or numbers of classes; NaN for a class that the model does not know."""
    if given.task == "regression":
        return np.asarray(given.train_target.astype(np.float64))
    numbers = class_numbers(given.train_target, given.model.output.classes or ())
    return np.where(numbers >= 0, numbers, np.nan)


def _drawn(places: Integers, most: int, seed: int) -> Integers:
    if len(places) <= most:
        return places
    return np.sort(np.random.default_rng(seed).choice(places, most, replace=False))


def _fitted(case: Case, target: NDArray[np.float64], rows: Integers) -> Pipeline:
    fields = case.given.schema.features
    is_regression = case.given.task == "regression"
    strength = partial(_strength, f_regression if is_regression else f_classif)
    train = plain_frame(case.given.train.iloc[rows], fields)
    model = Pipeline(
        [
            ("prepare", plain_columns(train, fields)),
            ("strongest", SelectKBest(strength, k=case.limits.simpler.columns)),
            ("dense", FunctionTransformer(_dense, accept_sparse=True)),
            ("linear", Ridge() if is_regression else LogisticRegression(max_iter=1000)),
        ]
    )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Columns that do not vary, or fewer than wanted, make a weak model, and that is all.
        warnings.simplefilter("ignore")
        return model.fit(train, target[rows])


def _strength(test: Callable[[Any, Any], Any], columns: Any, target: Any) -> NDArray[np.float64]:
    """Return F, which rounding makes hugely negative where a column tells everything."""
    return np.asarray(np.abs(test(columns, target)[0]))


def _dense(columns: Any) -> Any:
    """Few columns are left here, on which the exact solvers work."""
    return columns.toarray() if issparse(columns) else columns


def _scores(model: Pipeline, given: Given) -> Scores:
    """Score the test rows, with the classes in the order of the model on trial."""
    test = plain_frame(given.test, given.schema.features)
    if given.task == "regression":
        return Scores(values=model.predict(test))
    probabilities = np.zeros((len(test), len(given.model.output.classes or ())))
    probabilities[:, model.classes_.astype(np.int64)] = model.predict_proba(test)
    return Scores(probabilities=probabilities, labels=probabilities.argmax(axis=1))


def _prepared(model: Pipeline) -> list[str]:
    names = model["prepare"].get_feature_names_out()
    return [str(name).split("__", 1)[1] for name in names]


def _ruling(found: Difference, share: float, used: list[str], prepared: int) -> Ruling:
    figures = found.figures("simpler") | found.margin_figures(share)
    figures |= {"columns": used, "prepared_columns": prepared}
    whom = f"the {exactly(found.theirs)} of a linear model on {len(used)} columns"
    if found.interval.high < 0:
        return passed(f"{found.name} is better than {whom} by {found.by}", **figures)
    beyond = f", beyond the margin of {shown(share * found.theirs)} ({percent(share)})"
    worse = f"{found.name} is worse than {whom} by {found.by}{beyond if share else ''}"
    is_simpler = prepared > len(used)
    if found.excess.low > 0:
        if is_simpler:
            return refused(worse, **figures)
        return warned(f"{worse}, but it is no simpler: {_only(prepared)}", **figures)
    if not is_simpler:
        return skipped(
            f"a linear model on {len(used)} columns is no simpler: {_only(prepared)}"
            f" ({found.name} is {found.size})",
            **figures,
        )
    needed = _needed(found)
    return warned(
        f"{found.name} is not shown to be better than {whom}: {found.size}; {settled_by(needed)}",
        **figures | {"rows_needed": needed},
    )


def _only(prepared: int) -> str:
    return f"the model itself has only {prepared} column{'' if prepared == 1 else 's'}"


def _needed(found: Difference) -> int | None:
    """Return at how many rows it is shown to be better, or worse beyond the margin."""
    if found.excess.mean > 0:
        return rows_needed(found.excess, 0.0)
    # Between nought and the margin, more rows would only show that it stands there.
    return None if found.interval.mean > 0 else rows_needed(found.interval, 0.0)
