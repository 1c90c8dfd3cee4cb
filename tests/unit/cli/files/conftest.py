"""Files of pairs and samples with known differences, and the command line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.integration.cli.conftest import CommandLine

Frame = pd.DataFrame


@pytest.fixture
def understudy(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line; these commands need neither a data directory nor a database."""
    return CommandLine(capsys)


@pytest.fixture
def prices() -> Frame:
    """3000 houses, the answers of two models, of which the second is better, and the prices."""
    rng = np.random.default_rng(4)
    truth = rng.normal(200.0, 50.0, 3000).round(2)
    return pd.DataFrame(
        {
            "linear": (truth + rng.normal(0, 20, 3000)).round(2),
            "boosted": (truth + rng.normal(0, 14, 3000)).round(2),
            "price": truth,
            "town": rng.choice(["Ames", "Gilbert"], 3000),
            "agent": rng.integers(0, 1500, 3000),
            "sold": pd.date_range("2026-01-01", periods=3000, freq="7min"),
        }
    )


Write = Callable[[Frame, str], Path]


@pytest.fixture(params=["csv", "csv.gz", "parquet"])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Write:
    """A writer of frames, once as CSV, once gzipped, once as Parquet."""

    def to_file(frame: Frame, name: str) -> Path:
        path = tmp_path / f"{name}.{request.param}"
        if request.param == "parquet":
            frame.to_parquet(path)
        else:
            frame.to_csv(path, index=False)
        return path

    return to_file
