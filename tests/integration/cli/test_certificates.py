"""`understudy compare --certificate` and `understudy verify`, as a person calls them."""

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.integration.cli.conftest import CommandLine
from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact


@pytest.fixture
def compared(
    endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> Endpoint:  # fmt: skip
    """An endpoint with 30 pairs, which the commands of this process find."""
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    endpoint.serve(linear_artefact, 30)
    endpoint.score(boosting_artefact)
    settings = endpoint.settings
    for name, value in (
        ("ENDPOINT", ENDPOINT),
        ("DATA_DIR", settings.data_dir),
        ("DATABASE_URL", settings.database_url),
        ("ARTEFACT_STORE", settings.artefact_store),
    ):
        monkeypatch.setenv(f"UNDERSTUDY_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    return endpoint


def test_a_decision_is_certified_and_verified(
    compared: Endpoint, understudy: CommandLine, tmp_path: Path
) -> None:
    """One line says where it is; --json and --gate go with it; the same again changes nothing."""
    file = tmp_path / "decision.json"
    ending = understudy("compare", "--certificate", file, "--gate")
    assert ending.status == 3
    digest = json.loads(file.read_text())["digest"]
    last = ending.out.splitlines()[-1]
    assert last == f"The certificate is in {file}: NEED_MORE_DATA, digest {digest}"
    said = json.loads(understudy.good("compare", "--certificate", file, "--json"))
    assert said["verdict"] == "NEED_MORE_DATA"
    assert said["certificate"] == {
        "file": str(file), "verdict": "NEED_MORE_DATA", "digest": digest,
    }  # fmt: skip
    lines = understudy.good("verify", file).splitlines()
    assert lines[0] == f"{file} is verified: the same bytes."
    assert "30 predictions, 30 shadow predictions, 0 outcomes, 1 work items" in lines[2]
    assert lines[-1] == f"Verdict: NEED_MORE_DATA, digest {digest}"
    assert list(tmp_path.glob(".*.certificate")) == []
    told = json.loads(understudy.good("verify", file, "--json"))
    assert (told["status"], told["equality"]) == ("verified", "the same bytes")
    assert told["recomputed"]["predictions"] == 30


def test_no_file_is_overwritten(
    compared: Endpoint, understudy: CommandLine, tmp_path: Path
) -> None:
    """Other content stays and the status is no verdict's; what can be no file is a typo."""
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    ending = understudy("compare", "--certificate", file, "--gate")
    assert ending.status == 70
    assert "it holds something else" in ending.err
    assert file.read_text() == "mine"
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "no" / "x.json", tmp_path / "pipe", ""):
        assert understudy("compare", "--certificate", place).status == 64
    assert understudy("compare", "--certificate", "/proc/x.json").status == 70
    assert understudy("verify", tmp_path / "nothing.json").status == 64
    assert "larger than any certificate" in understudy("verify", "/dev/zero").err
    refused = understudy("verify", file)
    assert (refused.status, refused.out) == (70, "")
    assert "not accepted as a certificate: it is not JSON" in refused.err


def test_gone_and_changed_rows_have_their_own_words(
    compared: Endpoint, understudy: CommandLine, tmp_path: Path
) -> None:
    """Both end with 70; erased rows are counted and never called a difference."""
    file = tmp_path / "decision.json"
    understudy.good("compare", "--certificate", file)
    with compared.engine.begin() as connection:
        connection.execute(text("UPDATE prediction SET value = value + 1"))
    changed = understudy("verify", file)
    assert changed.status == 70
    assert "differs from what the log says now" in changed.err
    told = json.loads(understudy("verify", file, "--json").out)
    assert told["status"] == "differs"
    assert told["first_difference"].startswith("first, comparison.")
    with compared.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM prediction WHERE request_id IN"
                 " (SELECT request_id FROM prediction LIMIT 2)")
        )  # fmt: skip
    gone = understudy("verify", file)
    assert gone.status == 70
    assert "cannot be verified: 2 of 30 predictions" in gone.err
    assert "differs" not in gone.err
    ending = understudy("verify", file, "--json")
    assert ending.status == 70
    told = json.loads(ending.out)
    assert told["status"] == "cannot be verified"
    assert told["missing"]["predictions"] == {"gone": 2, "of": 30}
