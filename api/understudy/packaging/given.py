"""What a person gives to packaging, checked before anything is made of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.manifest import (
    NAME_PATTERN,
    VERSION_PATTERN,
    OutputDescription,
    Task,
)
from understudy.artefacts.schema import InputSchema
from understudy.errors import ArgumentRefused, ArtefactRefused
from understudy.packaging.forms import as_frame, frames_of, input_form
from understudy.packaging.inference import infer_schema
from understudy.packaging.kinds import check_estimator, describe_output, task_of
from understudy.packaging.onnx_estimator import OnnxEstimator, check_fields, opened, with_outputs
from understudy.packaging.refusals import Refusals
from understudy.packaging.schema_overrides import (
    FieldUnfit,
    OverridesUnfit,
    SchemaOverrides,
    read_overrides,
)
from understudy.packaging.targets import check_labels, targets_of
from understudy.serving.engines.fitted import FittedModel

__all__ = ["Given", "Refusals", "as_frame", "check_title", "examine", "feature_names"]

RESERVED = re.compile(r"__.*__")
# Rows that the meaning of an ONNX file's outputs is found out from.
ANSWERED_ROWS = 1000


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
    overrides: SchemaOverrides | str | Path | None,
    output: OutputDescription,
    task: Task | None,
) -> Given:
    """
    Check rows and targets and find out what kind of model this is.

    `data` holds them by the names that `package_model` gives them, and perhaps its `time_column`,
    which is carried if the model does not use it.

    Raises ArtefactRefused with all that is wrong (ArgumentRefused if it is what was said of the
    rows), and ExtraMissing for an ONNX file without onnxruntime.
    """
    estimator = opened(estimator, refusals)
    check_estimator(estimator, refusals)
    frames = frames_of(data["X_train"], data["X_test"], refusals)
    columns = _Columns.find(estimator, frames, carried, data.get("time_column"), refusals)
    targets = targets_of(data["y_train"], data["y_test"], frames, refusals)
    refusals.stop_if_any()
    try:
        schema = columns.schema(overrides)
    except FieldUnfit as error:
        is_said = isinstance(error, OverridesUnfit)
        kind = ArgumentRefused if is_said else ArtefactRefused
        raise kind(refusals.name, refusals.version, [str(error)]) from error
    train, test = columns.rows
    form = input_form(estimator, data["X_train"], train, columns.features)
    model = FittedModel(estimator, schema.features, form, output)
    model, task = _with_task(model, task, train, targets[0], refusals)
    check_labels(task, model.output.classes or (), targets, refusals)
    refusals.stop_if_any()
    return Given(model, task, schema, train, targets[0], test, targets[1])


@dataclass(frozen=True)
class _Columns:
    """Training and test rows with the columns the model uses and those that are carried."""

    rows: tuple[pd.DataFrame, pd.DataFrame]
    features: list[str]
    carried: list[str]

    @classmethod
    def find(
        cls,
        estimator: Any,
        frames: tuple[pd.DataFrame, pd.DataFrame],
        carried: pd.DataFrame | Sequence[str] | None,
        time_column: str | None,
        refusals: Refusals,
    ) -> "_Columns":
        """Choose the columns, or refuse frames that lack any; carried ones may lack in tests."""
        train, test = _with_carried(frames[0], carried, refusals), frames[1]
        names = _carried_names(carried)
        if _is_carried_itself(time_column, estimator, train, names):
            names.append(str(time_column))
        features = feature_names(estimator, train, names)
        others = [name for name in names if name not in features]
        _check_columns(refusals, train, test, features, others)
        _check_count(estimator, features, refusals)
        chosen = [*features, *others]
        rows = train[chosen].reset_index(drop=True), test.reindex(columns=chosen)
        return cls((rows[0], rows[1].reset_index(drop=True)), features, others)

    def schema(self, overrides: SchemaOverrides | str | Path | None) -> InputSchema:
        """Describe the columns as the training rows have them."""
        return infer_schema(
            self.rows[0],
            features=self.features,
            carried=self.carried,
            overrides=read_overrides(overrides),
        )


def feature_names(estimator: Any, frame: pd.DataFrame, carried: Sequence[str]) -> list[str]:
    """Return the columns the model uses: as fitted, or else all that are not carried."""
    fitted = getattr(estimator, "feature_names_in_", None)
    if fitted is not None:
        return [str(name) for name in fitted]
    return [str(name) for name in frame.columns if name not in set(carried)]


def _with_task(
    model: FittedModel,
    task: Task | None,
    train: pd.DataFrame,
    target: NDArray[Any],
    refusals: Refusals,
) -> tuple[FittedModel, Task]:
    """Complete a model by what its output means."""
    estimator = model.estimator
    if isinstance(estimator, OnnxEstimator):
        check_fields(estimator, model.fields, refusals)
        refusals.stop_if_any()
        rows = model.inputs_of(train.head(ANSWERED_ROWS))
        estimator, found = with_outputs(estimator, task, rows, target, refusals)
    else:
        found = task_of(estimator, task, refusals)
    output = describe_output(estimator, found, model.output, refusals)
    return replace(model, estimator=estimator, output=output), found


def _carried_names(carried: pd.DataFrame | Sequence[str] | None) -> list[str]:
    if carried is None:
        return []
    if isinstance(carried, str):
        return [carried]
    names = carried.columns if isinstance(carried, pd.DataFrame) else carried
    return [str(name) for name in names]


def _is_carried_itself(
    time_column: str | None, estimator: Any, train: pd.DataFrame, carried: Sequence[str]
) -> bool:
    """Tell whether nobody needs to say that the time column is carried: it is no feature."""
    if time_column not in train.columns or time_column in carried:
        return False
    features = feature_names(estimator, train, carried)
    if hasattr(estimator, "feature_names_in_"):
        return time_column not in features
    # Columns that were only counted at the fit are one too many with it.
    return getattr(estimator, "n_features_in_", None) == len(features) - 1


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
    absent = [name for name in carried if name not in train.columns]
    refusals.add_if(
        bool(absent),
        f"X_train lacks the carried field {', '.join(absent)}; its columns are"
        f" {', '.join(train.columns)}",
    )
    refusals.stop_if_any(ArgumentRefused)
    for title, frame in (("X_train", train), ("X_test", test)):
        doubled = sorted(set(frame.columns[frame.columns.duplicated()]))
        refusals.add_if(bool(doubled), f"{title} has two columns called {', '.join(doubled)}")
        lacking = [name for name in features if name not in frame.columns]
        refusals.add_if(bool(lacking), f"{title} lacks the feature {', '.join(lacking)}")
    reserved = [name for name in [*features, *carried] if RESERVED.fullmatch(name)]
    refusals.add_if(bool(reserved), f"{', '.join(reserved)}: names in double underscores are ours")
    refusals.add_if(not features, "the model uses no features")
    refusals.stop_if_any()


def _check_count(estimator: Any, features: Sequence[str], refusals: Refusals) -> None:
    """Refuse columns too many or too few, where the estimator only counted them."""
    count = getattr(estimator, "n_features_in_", None)
    if count is None or hasattr(estimator, "feature_names_in_"):
        return
    refusals.add_if(
        count != len(features),
        f"the model takes {count} columns, but X_train has {len(features)}:"
        f" {', '.join(features[:5])}{', …' if len(features) > 5 else ''}; name those that it does"
        " not use in `carried`",
    )
