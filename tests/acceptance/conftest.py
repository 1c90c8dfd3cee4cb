"""Running stacks for the acceptance tests, each of one test alone."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.stack import Stack, eventually, stack_in_a_new_folder
from understudy.artefacts.artefact import Artefact


@pytest.fixture(scope="session")
def stopped(linear_artefact: Artefact, boosting_artefact: Artefact) -> Iterator[Stack]:
    """A stack with both tiny models in its store and 1.0.0 live, which was stopped in order."""
    with stack_in_a_new_folder() as stack:
        stack.start()
        for artefact in (linear_artefact, boosting_artefact):
            stack.run("models", "push", artefact.folder)
        stack.run("deploy", "tiny-houses:1.0.0", "--live", "--why", "the test begins")
        eventually(lambda: stack.get("/health/ready").status_code == 200)
        assert stack.stop() == 0
        yield stack


@pytest.fixture
def stack(stopped: Stack) -> Iterator[Stack]:
    """A running stack of this test alone, with both tiny models in its store and 1.0.0 live."""
    with stack_in_a_new_folder() as stack:
        # Its owner and its modes come along: Postgres takes no folder of somebody else.
        subprocess.run(["cp", "-a", stopped.folder, stack.folder], check=True)
        stack.start()
        eventually(lambda: stack.get("/health/ready").status_code == 200)
        yield stack
