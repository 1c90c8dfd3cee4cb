"""A person's own training code: found, run, and shown where it fails."""

import difflib
import importlib.util
import inspect
import re
import sys
import sysconfig
import traceback
from collections.abc import Callable
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from understudy.errors import TrainingFailed, UsageError

# Files below these are not the person's own.
_LIBRARIES = tuple(
    str(Path(folder).resolve())
    for name, folder in sysconfig.get_paths().items()
    if name in ("stdlib", "platstdlib", "purelib", "platlib")
)
_OURS = str(Path(__file__).resolve().parents[2])


def run_training(source: str) -> object:
    """
    Call the function that `FILE.py:function` or `package.module:function` names.

    A file is imported as `python FILE.py` would, with its folder on the path, a module with the
    working directory on it. Raises UsageError if there is no such function or it needs arguments,
    TrainingFailed with the places in the person's own files if their code raises.
    """
    place, _, name = source.rpartition(":")
    module = _file_module(Path(place)) if place.endswith(".py") else _named_module(place)
    function = getattr(module, name, None)
    if not callable(function):
        raise UsageError(f"{place} has no function {name!r}{_known(module, name)}")
    what = f"{name}() of {place}"
    try:
        inspect.signature(function).bind()
    except TypeError:
        raise UsageError(f"{what} needs arguments, but it is called with none.") from None
    except ValueError:
        pass  # a function written in C, which does not say what it takes
    return _guarded(what, function)


def _file_module(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"There is no file {path}.")
    name = _module_name(path)
    spec = cast(ModuleSpec, importlib.util.spec_from_file_location(name, path.resolve()))
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.resolve().parent))
    # Under its name, because dataclasses and worker processes look it up there.
    sys.modules[name] = module
    loader = cast(Loader, spec.loader)
    _guarded(str(path), lambda: loader.exec_module(module))
    return module


def _module_name(path: Path) -> str:
    """Return the name of a file as a module, out of the way of what is installed."""
    name = re.sub(r"\W", "_", path.stem)
    found = sys.modules.get(name) or importlib.util.find_spec(name)
    place = getattr(found, "__file__", None) or getattr(found, "origin", None)
    is_free = found is None or place == str(path.resolve())
    return name if is_free else f"{name}_file"


def _named_module(place: str) -> ModuleType:
    sys.path.insert(0, str(Path.cwd()))
    try:
        is_there = importlib.util.find_spec(place) is not None
    except (ModuleNotFoundError, ValueError):
        is_there = False
    if not is_there:
        raise UsageError(
            f"There is no module {place!r} here or among what is installed."
            " A file is named with its ending: FILE.py:function."
        )
    found: ModuleType = _guarded(place, lambda: importlib.import_module(place))
    return found


def _known(module: ModuleType, wanted: str) -> str:
    """Name the function that may be meant, or else all there are."""
    own = [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    ]
    meant = difflib.get_close_matches(wanted, own, 1)
    if meant:
        return f"; did you mean {meant[0]!r}?"
    return f"; it has {', '.join(own)}." if own else "."


def _guarded(what: str, code: Callable[[], Any]) -> Any:
    """Run a person's code, in which even `sys.exit` is nothing but a failure."""
    try:
        return code()
    except (Exception, SystemExit) as error:
        raised = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise TrainingFailed(what, raised, _places(error)) from error


def _places(error: BaseException) -> str:
    """List the lines of the person's own files that the error came through, the last one last."""
    frames = [
        f"\n  {frame.filename}, line {frame.lineno}, in {frame.name}\n    {frame.line}"
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_own(frame.filename)
    ]
    return "".join(frames)


def _is_own(file: str) -> bool:
    return not file.startswith("<") and not file.startswith((_OURS, *_LIBRARIES))
