"""What `understudy models package` is pointed at: training code, or a file that holds a model."""

import difflib
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from understudy.cli.models.training_code import run_training
from understudy.errors import UsageError

WANTED = "FILE.py:function, package.module:function, model.onnx or model.skops"
PICKLES = (".pkl", ".pickle", ".joblib")


def read_source(source: str) -> dict[str, Any]:
    """
    Return the arguments for `package_model` that a source gives.

    Training code gives whatever it returns, a file of a model the estimator alone. Raises
    UsageError for anything that is no source, TrainingFailed if training code raises, and
    ArtefactInvalid for an estimator of types that may not be loaded.
    """
    path = Path(source)
    if path.suffix in PICKLES:
        raise UsageError(
            f"{path} is a pickle, and to load one is to run whatever code somebody put into it."
            " Write the estimator with skops instead: skops.io.dump(model, 'model.skops');"
            " or name the function that trains it: FILE.py:function."
        )
    if path.suffix in (".onnx", ".skops"):
        if not path.is_file():
            raise UsageError(f"There is no file {path}.")
        return {"estimator": path if path.suffix == ".onnx" else _read_skops(path), "code": path}
    if path.suffix == ".py" and path.is_file():
        raise UsageError(f"Say which function of {path} trains the model: {path}:train.")
    if ":" not in source:
        raise UsageError(f"{source!r} is no source of a model; give {WANTED}.")
    return _checked(source, run_training(source))


def _read_skops(path: Path) -> Any:
    from skops.io import get_untrusted_types

    from understudy.serving.engines.distributions import defining_distributions
    from understudy.serving.engines.exact import load_estimator

    content = path.read_bytes()
    try:
        unknown = get_untrusted_types(data=content)
    except Exception as error:
        raise UsageError(f"{path} was not written by skops ({error}).") from error
    return load_estimator(content, list(defining_distributions(unknown)))


def _checked(source: str, returned: object) -> dict[str, Any]:
    """Return what training code returned, if it is what `package_model` is called with."""
    from understudy.packaging.package import package_model

    if not isinstance(returned, Mapping):
        raise UsageError(
            f"{source} returned {_described(returned)}, but a mapping of package_model's arguments"
            " is wanted: {'estimator': model, 'X_train': …, 'y_train': …, …}."
        )
    known = inspect.signature(package_model).parameters
    for name in returned:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            meant = f"did you mean {near[0]!r}?" if near else f"it knows {', '.join(known)}."
            raise UsageError(
                f"{source} returned {name!r}, which package_model does not know; {meant}"
            )
    return {"code": _file_of(source)} | dict(returned)


def _file_of(source: str) -> Path:
    place = source.rpartition(":")[0]
    return Path(place if place.endswith(".py") else str(sys.modules[place].__file__))


def _described(value: object) -> str:
    if value is None:
        return "nothing"
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
