"""Houses without a model: an instance knows its own price."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.serving.houses import Houses
from benchmarks.serving.roster import FLASK
from benchmarks.serving.server import Server

PRICES = np.linspace(100_000, 102_000, 200, dtype=np.float64)


@pytest.fixture
def houses() -> Houses:
    """Return 200 instances, each with its price in it."""
    return Houses(Path(), [{"price": float(price)} for price in PRICES], PRICES)


@pytest.fixture
def server() -> Server:
    """Return a server that is asked and read as most are."""
    return FLASK
