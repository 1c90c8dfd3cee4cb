"""Places for whole stacks."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.stacks import settings_in
from understudy.settings import Settings


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory's parent that every user may pass through, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="understudy-stack-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def settings(folder: Path) -> Settings:
    """Settings of a stack of its own."""
    return settings_in(folder)
