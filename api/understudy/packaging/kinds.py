"""What kind of model an estimator is, and what its output means."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.base import is_classifier, is_regressor

from understudy.artefacts.manifest import OutputDescription, Task
from understudy.packaging.refusals import Refusals
from understudy.serving.engines.fitted import label_texts


def check_estimator(estimator: Any, refusals: Refusals) -> None:
    """Refuse what cannot predict one target."""
    name = type(estimator).__name__
    if isinstance(estimator, type):
        refusals.add_if(
            True, f"{estimator.__name__} is a class: give a fitted estimator, which is one of it"
        )
    elif not hasattr(estimator, "predict"):
        refusals.add_if(
            True,
            f"{name} has no method `predict`: give a fitted estimator, a pipeline that ends in one,"
            " or an ONNX file",
        )
    elif isinstance(getattr(estimator, "classes_", None), list):
        refusals.add_if(
            True, f"{name} predicts several targets at once: package a model for each of them"
        )
    refusals.stop_if_any()


def task_of(estimator: Any, given: Task | None, refusals: Refusals) -> Task:
    """Return the task, which an estimator has to agree with; raises ArtefactRefused if not."""
    name = type(estimator).__name__
    classifies = _is(is_classifier, estimator)
    regresses = _is(is_regressor, estimator)
    if given is None:
        refusals.add_if(
            not (classifies or regresses),
            f"{name} says neither that it is a regressor nor a classifier;"
            " give task='regression', 'binary' or 'multiclass'",
        )
    refusals.add_if(
        given == "regression" and classifies,
        f"{name} is a classifier, and cannot have the task 'regression'",
    )
    refusals.add_if(
        given in ("binary", "multiclass") and regresses,
        f"{name} is a regressor, and cannot have the task {given!r}",
    )
    refusals.stop_if_any()
    if given == "regression" or (given is None and regresses):
        return "regression"
    return _classes_task(estimator, given, refusals)


def describe_output(
    estimator: Any, task: Task, output: OutputDescription, refusals: Refusals
) -> OutputDescription:
    """Add classes and threshold to the description of a classifier's output."""
    if task == "regression":
        return output
    classes = label_texts(estimator.classes_)
    has_probabilities = hasattr(estimator, "predict_proba")
    positive = output.positive if output.positive is not None else classes[-1]
    refusals.add_if(positive not in classes, f"the positive class {positive!r} is not in {classes}")
    refusals.add_if(len(set(classes)) < len(classes), f"classes are spelt alike: {classes}")
    refusals.stop_if_any()
    return replace(
        output,
        classes=classes,
        positive=positive if task == "binary" else None,
        threshold=_threshold(estimator) if task == "binary" and has_probabilities else None,
        has_probabilities=has_probabilities,
    )


def _classes_task(estimator: Any, given: Task | None, refusals: Refusals) -> Task:
    name = type(estimator).__name__
    classes = getattr(estimator, "classes_", None)
    refusals.add_if(
        classes is None,
        f"{name} is not fitted: call `fit` first"
        if _is(is_classifier, estimator)
        else f"{name} has no `classes_`, and cannot have the task {given!r}",
    )
    refusals.stop_if_any()
    count = len(np.asarray(classes))
    single = ", ".join(label_texts(np.asarray(classes)))
    refusals.add_if(count < 2, f"{name} was trained on rows of a single class: {single}")
    refusals.add_if(
        given == "binary" and count != 2, f"{name} knows {count} classes, and is not binary"
    )
    refusals.add_if(
        given == "multiclass" and count == 2, f"{name} knows two classes: its task is 'binary'"
    )
    refusals.stop_if_any()
    return "binary" if count == 2 else "multiclass"


def _is(claim: Callable[[Any], bool], estimator: Any) -> bool:
    """Tell what an estimator claims; one that is not of scikit-learn claims nothing."""
    try:
        return bool(claim(estimator))
    except (AttributeError, TypeError):
        return False


def _threshold(estimator: Any) -> float:
    tuned = getattr(estimator, "best_threshold_", getattr(estimator, "threshold", 0.5))
    return float(tuned) if isinstance(tuned, float | np.floating) else 0.5
