"""A prediction log with real models in both roles, filled the way the processes fill it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.filled import fill_log
from tests.traffic import ENDPOINT
from understudy.settings import Settings

Fill = Callable[..., Settings]


@pytest.fixture
def fill(database: Engine, database_url: str, tmp_path: Path) -> Fill:
    """Return a function that deploys two models and records traffic for them."""
    settings = Settings(
        endpoint=ENDPOINT,
        data_dir=tmp_path / "data",
        database_url=database_url,
        artefact_store=str(tmp_path / "store"),
    )
    return partial(fill_log, database, settings)
