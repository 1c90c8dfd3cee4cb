"""
The program of a shadow's model: `python -m understudy.shadow.child ARTEFACT_FOLDER [TRUSTED_KEYS]`.

It loads the artefact if that may serve, quizzes it, greets its parent, and then answers batches
until its stdin ends. It knows nothing of the prediction log. Its parent kills it when it hangs or
grows too large.
"""

import contextlib
import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from understudy.artefacts.admission import admit
from understudy.artefacts.artefact import open_artefact
from understudy.errors import UnderstudyError
from understudy.priority import go_last
from understudy.serving.engines import Engine, load_engine
from understudy.serving.engines.quiz import check_quiz
from understudy.shadow.contract import ShadowContract
from understudy.shadow.framing import pack, read


class Model(NamedTuple):
    """What answers, and what it can be asked about."""

    engine: Engine
    contract: ShadowContract


def main(prepare: Callable[[], Model]) -> None:
    """Make stdin and stdout the conversation with the parent, and answer until it ends."""
    go_last()
    go_first_for_memory()
    with take_over_stdout() as answers, os.fdopen(0, "rb", closefd=False) as questions:
        converse(prepare, questions, answers)


def go_first_for_memory() -> None:
    """Be the one that the kernel ends when memory runs out."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def take_over_stdout() -> BinaryIO:
    """
    Return the real stdout, and let file descriptor 1 be stderr from now on.

    So nothing a model prints, from Python or from C, gets between two answers.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def converse(prepare: Callable[[], Model], questions: BinaryIO, answers: BinaryIO) -> None:
    """Greet with `ready`, or with the reason why the artefact is `broken`; answer each batch."""
    try:
        model = prepare()
    except Exception as error:  # noqa: BLE001 # whatever it is, the parent has to hear it
        _say(answers, {"turn": 0, "broken": told(error)})
        return
    _say(answers, {"turn": 0, "ready": True})
    while (question := read(questions)) is not None:
        instances = cast(Sequence[Mapping[str, object]], question["instances"])
        _say(answers, {"turn": question["turn"], **predict(model, instances)})


def open_model(folder: Path, trusted_keys: Path | None = None) -> Model:
    """Load the engine of an artefact and quiz it; raises whatever is wrong with it."""
    artefact = open_artefact(folder)
    admit(artefact, trusted_keys)
    engine = load_engine(artefact)
    check_quiz(engine, artefact)
    return Model(engine, ShadowContract(artefact.manifest.input_schema))


def predict(model: Model, instances: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """
    Return the predictions as the message that carries them, or the error the model raised.

    The model is asked about those instances only that keep its contract; of the others, `refused`
    has the place and the reason.
    """
    narrowed = [model.contract.narrow(instance) for instance in instances]
    whys = [model.contract.refusal(instance) for instance in narrowed]
    fit = [instance for instance, why in zip(narrowed, whys, strict=True) if why is None]
    try:
        predictions = model.engine.predict(fit)
        message: dict[str, object] = {
            "outputs": [_sendable(output) for output in predictions.outputs],
            "values": [_sendable(value) for value in predictions.values],
            "labels": list(predictions.labels),
            "refused": [(place, why) for place, why in enumerate(whys) if why is not None],
        }
        pack(message)
    except Exception as error:  # noqa: BLE001 # the parent halves the batch and records it
        return {"failed": told(error)}
    return message


def told(error: Exception) -> str:
    """Return what a person needs of an error; our own errors already say it in words."""
    if isinstance(error, UnderstudyError):
        return str(error)
    return f"raised {type(error).__name__}: {error}".encode(errors="backslashreplace").decode()


def _sendable(found: object) -> object:
    # JSON has no NaN or infinity: as text they reach the parent, which refuses them by name.
    if isinstance(found, float) and not math.isfinite(found):
        return str(found)
    return found


def _say(answers: BinaryIO, message: Mapping[str, object]) -> None:
    answers.write(pack(message))
    answers.flush()


if __name__ == "__main__":
    main(partial(open_model, *map(Path, sys.argv[1:])))
