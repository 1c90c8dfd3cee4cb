"""A service that cannot answer says so at its start, and does not stay."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import understudy
from tests.integration.stacks import settings_in

PACKAGE = Path(understudy.__file__).parent


@pytest.mark.parametrize(
    "broken", ["understudy.controllers.health.gone", "understudy.controllers.gone.live"]
)
def test_a_contract_that_the_code_does_not_fit_ends_the_start(tmp_path: Path, broken: str) -> None:
    """Half an installation would else answer 503 to everybody, for as long as it runs."""
    shutil.copytree(PACKAGE, tmp_path / "understudy")
    contract = tmp_path / "understudy" / "openapi.yaml"
    whole = contract.read_text()
    assert "understudy.controllers.health.live" in whole
    contract.write_text(whole.replace("understudy.controllers.health.live", broken))
    ended = subprocess.run(
        [sys.executable, "-m", "understudy", "serve"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
        | settings_in(tmp_path).environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode not in (0, -9), ended.stderr
    assert "gone" in ended.stderr
