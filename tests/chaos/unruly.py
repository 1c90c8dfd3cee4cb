"""
A model that does what an instance tells it to, behind everything that a model has to pass.

It is installed for the stacks of the experiments as a distribution of its own, named in the
artefact, as the code of a team's own estimators is. It must import nothing of ours.
"""

import contextlib
import ctypes
import os
import time
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, clone

_MEGABYTE = 1024 * 1024
_kept: list[bytes] = []


class Unruly(RegressorMixin, BaseEstimator):  # type: ignore[misc] # they have no types
    """Predicts as `model` does, unless the column `frontage` holds one of the signs."""

    SIGNS: ClassVar[dict[str, float]] = {
        name: 70_001.0 + number
        for number, name in enumerate(
            ("raise", "hang", "segfault", "exit", "gorge", "leak", "fork", "nan", "infinity",
             "text", "too few", "too many", "print")
        )
    }  # fmt: skip

    def __init__(self, model: Any = None) -> None:
        self.model = model

    def fit(self, X: Any, y: Any) -> "Unruly":
        """Fit the model that it hides behind."""
        self.model_ = clone(self.model).fit(X, y)
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        return self

    def predict(self, X: Any) -> Any:
        """Predict, and obey."""
        found = np.asarray(self.model_.predict(X), dtype=float)
        signs = np.asarray(X["frontage"], dtype=float)
        for name, sign in self.SIGNS.items():
            for place in np.flatnonzero(signs == sign):
                found = _obey(name, found, place)
        return found


def _obey(name: str, found: Any, place: Any) -> Any:
    if name in _LAST_DEEDS:
        _LAST_DEEDS[name]()
    elif name in _LIES:
        found = found.astype(object)
        found[place] = _LIES[name]
    elif name == "too few":
        found = np.delete(found, place)
    elif name == "too many":
        found = np.append(found, 0.0)
    return found


def _raise() -> None:
    raise ValueError("no such house \0 \ud800")


def _hang() -> None:
    while True:
        time.sleep(1)


def _gorge() -> None:
    while True:
        _leak()


def _leak() -> None:
    _kept.append(os.urandom(_MEGABYTE) * 40)


def _fork() -> None:
    # What it leaves behind holds the ends of all pipes, and never lets them go.
    if os.fork() == 0:
        _hang()


def _print() -> None:
    for descriptor in range(16):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"hello from the model\n" * 1000)


_LAST_DEEDS = {
    "raise": _raise,
    "hang": _hang,
    "segfault": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
    "gorge": _gorge,
    "leak": _leak,
    "fork": _fork,
    "print": _print,
}
_LIES = {"nan": float("nan"), "infinity": float("inf"), "text": "dear"}
