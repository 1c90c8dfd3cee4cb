"""
A child like the real one, but its model does what each instance tells it to.

Called with one word: how it starts. `well`, or `broken`, `dies`, `hangs`, `large`; or the path of a
file, to which every start appends its process id; a file ending in `.asleep` tells of a sleep.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from understudy.artefacts.schema import Field, InputSchema
from understudy.errors import QuizFailed
from understudy.serving.engines import Predictions
from understudy.shadow.child import Model, main
from understudy.shadow.contract import ShadowContract

SCHEMA = InputSchema(
    (
        Field("x", "number", required=True, nullable=False),
        Field("do", "string", required=False, nullable=True),
        Field("text", "string", required=False, nullable=True),
        Field("seconds", "number", required=False, nullable=True),
        Field("megabytes", "integer", required=False, nullable=True),
    )
)

_MEGABYTE = 1024 * 1024
_LEAKED: list[bytes] = []


class ObedientModel:
    """Doubles `x`, unless `do` says otherwise."""

    name = "obedient"

    def predict(self, instances: Sequence[Mapping[str, Any]]) -> Predictions:
        """Obey the instances one after the other."""
        values = [self._obey(instance) for instance in instances]
        if any(instance.get("do") == "too few" for instance in instances):
            values = values[1:]
        return Predictions(values, values, [None] * len(values))

    def score(self, instances: Sequence[Mapping[str, Any]]) -> Any:
        """Never asked here."""
        raise NotImplementedError

    def _obey(self, instance: Mapping[str, Any]) -> Any:
        action = _ACTIONS.get(instance.get("do", ""))
        found = action(instance) if action else None
        return instance["x"] * 2.0 if found is None else found


def _raise(_: Mapping[str, Any]) -> None:
    raise ValueError("no such house \0 \ud800")


def _hang(_: Mapping[str, Any]) -> None:
    while True:
        time.sleep(1)


def _exit(_: Mapping[str, Any]) -> None:
    sys.stderr.write("first line\nno licence\n")
    sys.stderr.flush()
    os._exit(3)


def _segfault(_: Mapping[str, Any]) -> None:
    ctypes.string_at(0)


def _gorge(_: Mapping[str, Any]) -> None:
    while True:
        _LEAKED.append(os.urandom(8 * _MEGABYTE))


def _leak(instance: Mapping[str, Any]) -> None:
    _LEAKED.append(b"\1" * (instance["megabytes"] * _MEGABYTE))


def _print(_: Mapping[str, Any]) -> None:
    sys.stdout.write("hello from Python\n")
    sys.stdout.flush()
    os.write(1, b"hello from C\n" * 20_000)


def _write_into_the_conversation(instance: Mapping[str, Any]) -> None:
    os.write(3, instance["text"].encode())  # the descriptor that `take_over_stdout` duplicated


def _sleep(instance: Mapping[str, Any]) -> None:
    if "/" in sys.argv[1]:
        Path(sys.argv[1]).with_suffix(".asleep").touch()
    time.sleep(instance["seconds"])


def _work(instance: Mapping[str, Any]) -> None:
    end = time.process_time() + instance["seconds"]
    while time.process_time() < end:
        pass


def _close(_: Mapping[str, Any]) -> None:
    os.close(3)
    time.sleep(1000)


_ACTIONS = {
    "raise": _raise,
    "hang": _hang,
    "work": _work,
    "exit": _exit,
    "segfault": _segfault,
    "gorge": _gorge,
    "leak": _leak,
    "print": _print,
    "chatter": _write_into_the_conversation,
    "sleep": _sleep,
    "close": _close,
    "nan": lambda _: float("nan"),
    "infinity": lambda _: float("-inf"),
    "text": lambda _: "expensive",
    "object": lambda _: object(),
}


def _start() -> Model:
    how = sys.argv[1]
    if how == "broken":
        raise QuizFailed("2 + 2 is not 5.")
    if how == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "hangs":
        time.sleep(1000)
    if how == "large":
        _LEAKED.append(os.urandom(200 * _MEGABYTE))
    if "/" in how:
        with Path(how).open("a") as starts:
            starts.write(f"{os.getpid()}\n")
    return Model(ObedientModel(), ShadowContract(SCHEMA))


if __name__ == "__main__":
    main(_start)
