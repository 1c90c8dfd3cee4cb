"""A machine of its own for every test of the agent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.agent.bench import ENDPOINT, Bench
from understudy.log.database import connect
from understudy.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a machine of its own."""
    return Settings(endpoint=ENDPOINT, data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture
def bench(settings: Settings) -> Iterator[Bench]:
    """A machine whose agent can be tried."""
    assert settings.database_url is not None
    engine = connect(settings.database_url)
    yield Bench(settings, engine)
    engine.dispose()
