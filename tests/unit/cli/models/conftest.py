"""The commands of `understudy models` in this process, and a store with three versions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore

Run = Callable[..., str]


@pytest.fixture
def run(understudy: CommandLine) -> Run:
    """Return how a command is run; it must end with the status, and all it prints is returned."""

    def run_command(*arguments: object, status: int = 0) -> str:
        ending = understudy("models", *arguments)
        assert ending.status == status, ending
        return ending.out + ending.err

    return run_command


@pytest.fixture
def store(
    linear_artefact: Artefact, boosting_artefact: Artefact, binary_artefact: Artefact,
    tmp_path: Path,
) -> str:  # fmt: skip
    """Return a store of this test's own with three versions of two models."""
    url = str(tmp_path / "store")
    for artefact in (linear_artefact, boosting_artefact, binary_artefact):
        ArtefactStore(url).push(artefact)
    return url
