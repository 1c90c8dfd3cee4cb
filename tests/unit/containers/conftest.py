"""The files that describe the containers."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]


@pytest.fixture
def root() -> Path:
    """Return the checkout."""
    return ROOT


@pytest.fixture
def compose() -> dict[str, Any]:
    """Return the parsed compose file."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content
