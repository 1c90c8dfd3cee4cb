"""Commands find a running stack by its data directory, and the environment has the last word."""

from dataclasses import replace
from pathlib import Path

import pytest

from understudy.cli.places import database_url, find_api, find_settings
from understudy.errors import NothingRuns
from understudy.settings import Settings
from understudy.stack.running import Running, announce, hold_data_dir

RUNNING = Running(
    pid=1, started="now", endpoint="houses", data_dir="/data", api="http://127.0.0.1:8123",
    artefacts="s3://models", database_url="postgresql://here/log", metrics={}, logs={},
    trusted_keys="/keys", policy="/policy.yaml",
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data directory that commands look at."""
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(tmp_path))
    return Settings(data_dir=tmp_path)


def test_what_is_left_open_is_that_of_the_running_stack(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the environment says goes before."""
    with hold_data_dir(settings):
        announce(settings, RUNNING)
        found = find_settings()
        assert (found.endpoint, found.database_url) == ("houses", "postgresql://here/log")
        assert (found.artefacts_url, found.trusted_keys) == ("s3://models", Path("/keys"))
        assert found.policy == Path("/policy.yaml")
        assert find_api(None) == "http://127.0.0.1:8123"
        monkeypatch.setenv("UNDERSTUDY_ENDPOINT", "cars")
        monkeypatch.setenv("UNDERSTUDY_DATABASE_URL", "postgresql://there/log")
        monkeypatch.setenv("UNDERSTUDY_TRUSTED_KEYS", "/mine.pub")
        found = find_settings()
        assert (found.endpoint, found.database_url) == ("cars", "postgresql://there/log")
        assert found.trusted_keys == Path("/mine.pub")


def test_a_password_comes_from_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run file without a URL means that the caller has to know it."""
    with hold_data_dir(settings):
        announce(settings, replace(RUNNING, database_url=None))
        with pytest.raises(NothingRuns, match="UNDERSTUDY_DATABASE_URL"):
            database_url(find_settings())
        monkeypatch.setenv("UNDERSTUDY_DATABASE_URL", "postgresql://ann:pw@there/log")
        assert database_url(find_settings()) == "postgresql://ann:pw@there/log"


def test_where_nothing_runs_the_environment_is_all_there_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stale run file is not believed."""
    with hold_data_dir(settings):
        announce(settings, RUNNING)
    assert find_settings() == settings
    monkeypatch.setenv("UNDERSTUDY_PORT", "9000")
    assert find_api(None) == "http://127.0.0.1:9000"
    assert find_api("https://api.example/") == "https://api.example"
