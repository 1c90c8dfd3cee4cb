"""Faults: the artefact store is away."""

from contextlib import suppress
from pathlib import Path

from tests.chaos.faults.processes import start_again
from tests.chaos.stage import Stage, current


def start_without_store() -> int:
    """Kill everything, start it while the store is away, and let it come back after a while."""
    stage = current()
    there, away = _places(stage)
    with stage.taking_the_api():
        stage.stack.kill()
        there.rename(away)
        start_again(stage)
    stage.wait_for_answers(100)
    put_back()
    stage.fault()
    return len(stage.ledger.answered)


def put_back() -> None:
    """Let the store be where it was."""
    there, away = _places(current())
    with suppress(FileNotFoundError):
        away.rename(there)


def _places(stage: Stage) -> tuple[Path, Path]:
    store = stage.stack.folder / "artefacts"
    return store, store.with_name("artefacts.away")
