"""A service that asks for signatures, on a bucket: nothing unsigned or unvetted is ever served."""

import json
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import tiny
from tests.integration.cli.conftest import CommandLine
from tests.integration.stacks import settings_in, start, until
from tests.s3 import SECRET_KEY, S3Server
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.signature import make_keys
from understudy.settings import Settings
from understudy.stack.running import find_running

LIVE, SHADOW = "tiny-houses:1.0.0", "tiny-houses:2.0.0"


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder with a pair of keys, and a folder in it with the public one."""
    folder = Path(tempfile.mkdtemp(prefix="understudy-trust-"))
    folder.chmod(0o711)
    (folder / "trusted").mkdir()
    shutil.copy(make_keys(folder / "mine")[1], folder / "trusted")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def stack(home: Path, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Return a running stack whose store is a bucket and whose keys are in that folder."""
    url = f"s3://{s3.make_bucket()}/models"
    settings = replace(settings_in(home), artefact_store=url, trusted_keys=home / "trusted")
    process = start(settings, s3.environment)
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(settings.data_dir))
    try:
        until(lambda: find_running(settings) or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        yield settings
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def refusal(understudy: CommandLine, *command: object) -> str:
    """Return the one line with which a command is refused."""
    ending = understudy(*command)
    assert ending.status == 70
    assert ending.err.count("\n") == 1
    return ending.err


def test_only_what_is_vetted_and_signed_is_deployed(
    stack: Settings, home: Path, understudy: CommandLine, tmp_path: Path,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """Refused before it is on record; signed where it is stored, it is served and scored."""
    good, key = understudy.good, home / "mine.key"
    good("models", "push", linear_artefact.folder, boosting_artefact.folder)
    for role in ("--live", "--shadow"):
        assert "it is not signed" in refusal(understudy, "deploy", LIVE, role)
    unvetted = shutil.copytree(linear_artefact.folder, tmp_path / "unvetted")
    write_manifest(replace(linear_artefact.manifest, version="3.0.0", gates=()), unvetted)
    good("models", "sign", unvetted, "--key", key)
    assert "no gate has looked at it" in refusal(understudy, "deploy", unvetted, "--live")
    assert json.loads(good("deployments", "--json"))["history"] == []
    for model in (LIVE, SHADOW):
        good("models", "sign", model, "--key", key)
    assert f"1 of 1 workers serve {LIVE}." in good("deploy", LIVE, "--live")
    good("deploy", SHADOW, "--shadow")
    sales = tmp_path / "sales.csv"
    tiny.make_houses(50, seed=7).to_csv(sales, index=False)
    sent = json.loads(good("send", sales, "--drop", "price", "--json"))
    assert (sent["answered"], sent["failed"]) == (50, 0)
    until(lambda: json.loads(good("compare", "--json"))["coverage"]["compared"] == 50)
    # Whom one trusts may change between a deployment and a promotion.
    shutil.copy(make_keys(home / "other")[1], home / "trusted")
    (home / "trusted" / "mine.pub").unlink()
    assert "trusted are" in refusal(understudy, "promote", SHADOW)
    assert json.loads(good("deployments", "--json"))["live"]["version"] == "1.0.0"
    said = [path.read_text() for path in (stack.data_dir / "logs").iterdir()]
    assert not any(SECRET_KEY in text for text in [*said, stack.run_file.read_text()])
