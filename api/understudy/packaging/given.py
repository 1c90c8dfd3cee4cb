"""What a person gives to packaging, checked before anything is made of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray
from sklearn.base import is_classifier, is_regressor

from understudy.artefacts.manifest import (
    NAME_PATTERN,
    VERSION_PATTERN,
    OutputDescription,
    Task,
)
from understudy.artefacts.schema import InputSchema
from understudy.errors import ArtefactRefused
from understudy.packaging.inference import FieldUnfit, Overrides, infer_schema
from understudy.serving.engines.fitted import FittedModel, label_texts

RESERVED = re.compile(r"__.*__")


@dataclass(frozen=True)
class Given:
    """A fitted model with its data: frames hold features and carried fields, nothing else."""

    model: FittedModel
    task: Task
    schema: InputSchema
    train: pd.DataFrame
    train_target: NDArray[Any]
    test: pd.DataFrame
    test_target: NDArray[Any]


class Refusals:
    """Collects the reasons against a model, so that a person hears all of them at once."""

    def __init__(self, name: str, version: str) -> None:
        self.name, self.version = name, version
        self.reasons: list[str] = []

    def add_if(self, refused: bool, reason: str) -> None:
        """Note a reason if it holds."""
        if refused:
            self.reasons.append(reason)

    def stop_if_any(self) -> None:
        """Raise ArtefactRefused if there is any reason so far."""
        if self.reasons:
            raise ArtefactRefused(self.name, self.version, self.reasons)


def check_title(name: str, version: str) -> None:
    """Refuse a name or a version that cannot stand in a file name and a URL."""
    refusals = Refusals(name, version)
    refusals.add_if(
        not NAME_PATTERN.fullmatch(name),
        f"the name {name!r} may hold only a-z, 0-9 and inner hyphens, at most 64 of them",
    )
    refusals.add_if(
        not VERSION_PATTERN.fullmatch(version),
        f"the version {version!r} is not of the form 1.2.3 or 1.2.3-rc1",
    )
    refusals.stop_if_any()


def examine(
    estimator: Any,
    refusals: Refusals,
    data: Mapping[str, Any],
    carried: pd.DataFrame | Sequence[str] | None,
    overrides: Overrides | str | Path | None,
    output: OutputDescription,
    task: Task | None,
) -> Given:
    """Check frames and targets and find out what kind of model this is."""
    for title in ("X_train", "X_test"):
        shape = np.shape(data[title])
        refusals.add_if(len(shape) != 2, f"{title} has the shape {shape}, not rows and columns")
    refusals.stop_if_any()
    form = _input_form(estimator, data["X_train"])
    train, test = as_frame(data["X_train"]), as_frame(data["X_test"])
    train = _with_carried(train, carried, refusals)
    names = carried if not isinstance(carried, pd.DataFrame) else list(carried.columns)
    features = feature_names(estimator, train, list(names or []))
    others = [name for name in (names or []) if name not in features]
    _check_columns(refusals, train, test, features, others)
    test = test.reindex(columns=[*test.columns, *[n for n in others if n not in test.columns]])
    targets = np.asarray(data["y_train"]), np.asarray(data["y_test"])
    _check_targets(refusals, (train, test), targets)
    refusals.stop_if_any()
    try:
        schema = infer_schema(
            train, features=features, carried=others, overrides=read_overrides(overrides)
        )
    except FieldUnfit as error:
        raise ArtefactRefused(refusals.name, refusals.version, [str(error)]) from error
    task = task or _task(estimator, refusals)
    described = describe_output(estimator, task, output, refusals)
    columns = [field.name for field in schema.fields]
    model = FittedModel(estimator, schema.features, form, described)
    train, test = train[columns].reset_index(drop=True), test[columns].reset_index(drop=True)
    return Given(model, task, schema, train, targets[0], test, targets[1])


def as_frame(given: Any) -> pd.DataFrame:
    """Return a frame with text for column names; the columns of an array are x0, x1, …."""
    if isinstance(given, pd.DataFrame):
        return given.rename(columns=str)
    array = np.asarray(given)
    return pd.DataFrame(array, columns=[f"x{i}" for i in range(array.shape[1])])


def feature_names(estimator: Any, frame: pd.DataFrame, carried: Sequence[str]) -> list[str]:
    """Return the columns the model uses: as fitted, or else all that are not carried."""
    fitted = getattr(estimator, "feature_names_in_", None)
    if fitted is not None:
        return [str(name) for name in fitted]
    return [str(name) for name in frame.columns if name not in set(carried)]


def read_overrides(overrides: Overrides | str | Path | None) -> Overrides | None:
    """Read overrides of the schema from a YAML file, unless they are given as they are."""
    if isinstance(overrides, str | Path):
        content: Overrides = yaml.safe_load(Path(overrides).read_text(encoding="utf-8")) or {}
        return content
    return overrides


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


def _threshold(estimator: Any) -> float:
    tuned = getattr(estimator, "best_threshold_", getattr(estimator, "threshold", 0.5))
    return float(tuned) if isinstance(tuned, float | np.floating) else 0.5


def _input_form(estimator: Any, given: Any) -> Literal["frame", "array"]:
    """An estimator that counted its columns but kept no names was trained on an array."""
    if not isinstance(given, pd.DataFrame):
        return "array"
    nameless = hasattr(estimator, "n_features_in_") and not hasattr(estimator, "feature_names_in_")
    return "array" if nameless else "frame"


def _with_carried(
    frame: pd.DataFrame, carried: pd.DataFrame | Sequence[str] | None, refusals: Refusals
) -> pd.DataFrame:
    """Put carried columns that came as a frame of their own beside the features."""
    if not isinstance(carried, pd.DataFrame):
        return frame
    if len(carried) != len(frame):
        refusals.add_if(True, f"{len(carried)} carried rows for {len(frame)} training rows")
        refusals.stop_if_any()
    new = [name for name in carried.columns if name not in frame.columns]
    return pd.concat([frame.reset_index(drop=True), carried[new].reset_index(drop=True)], axis=1)


def _check_columns(
    refusals: Refusals,
    train: pd.DataFrame,
    test: pd.DataFrame,
    features: Sequence[str],
    carried: Sequence[str],
) -> None:
    for title, frame in (("X_train", train), ("X_test", test)):
        doubled = sorted(set(frame.columns[frame.columns.duplicated()]))
        refusals.add_if(bool(doubled), f"{title} has two columns called {', '.join(doubled)}")
        lacking = [name for name in features if name not in frame.columns]
        refusals.add_if(bool(lacking), f"{title} lacks the feature {', '.join(lacking)}")
    absent = [name for name in carried if name not in train.columns]
    refusals.add_if(bool(absent), f"X_train lacks the carried field {', '.join(absent)}")
    reserved = [name for name in [*features, *carried] if RESERVED.fullmatch(name)]
    refusals.add_if(bool(reserved), f"{', '.join(reserved)}: names in double underscores are ours")
    refusals.add_if(not features, "the model uses no features")
    refusals.stop_if_any()


def _check_targets(
    refusals: Refusals,
    frames: tuple[pd.DataFrame, pd.DataFrame],
    targets: tuple[NDArray[Any], NDArray[Any]],
) -> None:
    for title, frame, target in zip(("train", "test"), frames, targets, strict=True):
        refusals.add_if(len(frame) == 0, f"X_{title} has no rows")
        refusals.add_if(
            len(frame) != len(target),
            f"X_{title} has {len(frame)} rows, but y_{title} has {len(target)}",
        )
        refusals.add_if(target.ndim != 1, f"y_{title} has the shape {target.shape}, not one column")
        missing = bool(pd.isna(target).any()) if target.ndim == 1 else False
        refusals.add_if(missing, f"y_{title} has missing values")


def _task(estimator: Any, refusals: Refusals) -> Task:
    if is_classifier(estimator):
        refusals.add_if(not hasattr(estimator, "classes_"), "the classifier is not fitted")
        refusals.stop_if_any()
        return "binary" if len(estimator.classes_) == 2 else "multiclass"
    refusals.add_if(
        not is_regressor(estimator),
        f"{type(estimator).__name__} says neither that it is a regressor nor a classifier;"
        " give task='regression', 'binary' or 'multiclass'",
    )
    refusals.stop_if_any()
    return "regression"
