"""The command line in this process, on a data directory of its own."""

from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine


@pytest.fixture
def understudy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """The command line, whose artefact store is an empty folder."""
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(tmp_path / "data"))
    return CommandLine(capsys)
