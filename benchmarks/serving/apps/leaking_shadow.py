"""
`understudy shadow` with a model that leaks: no model without code can, so the benchmark has one.

Run with nothing it is the shadow's process, whose children are this module once more; run with the
folder of an artefact it is such a child, which keeps a megabyte of every batch for ever.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from understudy.cli.parts import shadow
from understudy.serving.engines import Engine, Predictions, Scores
from understudy.shadow import crew
from understudy.shadow.child import Model, main, open_model

_LEAK = 1024 * 1024


class _Leaking:
    """An engine that answers as another one does, and keeps more and more."""

    name = "leaking"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: list[bytes] = []

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        self._kept.append(bytes(bytearray(b"x") * _LEAK))
        return self._engine.predict(instances)

    def score(self, instances: Sequence[Mapping[str, object]]) -> Scores:
        return self._engine.score(instances)


def _open() -> Model:
    model = open_model(Path(sys.argv[1]))
    return Model(_Leaking(model.engine), model.contract)


def _command(artefact_folder: Path, trusted_keys: Path | None = None) -> list[str]:
    return [sys.executable, __file__, str(artefact_folder)]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(_open)
    else:
        crew.python_command = _command  # type: ignore[attr-defined] # on purpose
        shadow()
