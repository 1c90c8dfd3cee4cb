"""The policy of an endpoint, from its file to the record of a deployment and back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.integration.cli.conftest import CommandLine
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.comparison import Policy
from understudy.log.database import connect
from understudy.log.deployments import Change, append, current
from understudy.log.roles import Deployments

ENDPOINT = "policies"
SHADOW = "tiny-houses:2.0.0"


@pytest.fixture
def engine(
    database_url: str, tmp_path: Path, linear_artefact: Artefact, boosting_artefact: Artefact,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:  # fmt: skip
    """An endpoint whose live model is `tiny-houses:1.0.0`, with a policy file of its own."""
    store = ArtefactStore(str(tmp_path / "store"))
    store.push(linear_artefact)
    store.push(boosting_artefact)
    (tmp_path / "policy.yaml").write_text("aim: better\nunit: agent\nslices: [zone]\n")
    for name, value in {
        "DATABASE_URL": database_url,
        "DATA_DIR": tmp_path / "data",
        "ARTEFACT_STORE": store.url,
        "ENDPOINT": ENDPOINT,
        "POLICY": tmp_path / "policy.yaml",
    }.items():
        monkeypatch.setenv(f"UNDERSTUDY_{name}", str(value))
    engine = connect(database_url)
    live = linear_artefact.manifest
    with engine.begin() as connection:
        append(connection, ENDPOINT, Change("live", "ben", live.name, live.version, live.digest))
    yield engine
    engine.dispose()


def _recorded(engine: Engine) -> Deployments:
    with engine.begin() as connection:
        return current(connection, ENDPOINT)


def test_a_shadow_is_judged_by_the_file_of_its_endpoint(
    engine: Engine, understudy: CommandLine, tmp_path: Path
) -> None:
    """What the file says is stored with the deployment; `policy show` tells it with its sources."""
    before = json.loads(understudy.good("policy", "show", "--json"))
    assert before["source"] == str(tmp_path / "policy.yaml")
    said = understudy.good("deploy", SHADOW, "--shadow")
    assert f"It is judged by {tmp_path / 'policy.yaml'}." in said
    (role,) = _recorded(engine).shadows
    assert Policy.from_json(role.policy) == Policy(aim="better", unit="agent", slices=("zone",))
    told = json.loads(understudy.good("policy", "show", "--json"))
    assert told["digest"] == before["digest"]
    assert told["keys"]["unit"] == {"value": "agent", "source": f"the deployment of {SHADOW}"}
    assert told["keys"]["tolerance"]["source"] == "offline MAE of tiny-houses:1.0.0"
    assert "agent" in understudy.good("policy", "show", "--shadow", SHADOW)
    ending = understudy("policy", "show", "--shadow", "tiny-houses:9.0.0")
    assert ending.status == 70
    assert f"the shadows are: {SHADOW}" in ending.err


def test_another_file_may_be_named_and_a_wrong_one_changes_nothing(
    engine: Engine, understudy: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit that is no field of the live model is refused with the nearest one."""
    other = tmp_path / "other.yaml"
    other.write_text("unit: agents\n")
    ending = understudy("deploy", SHADOW, "--shadow", "--policy", other)
    assert ending.status == 64
    assert "feature or carried field of tiny-houses:1.0.0; did you mean agent?" in ending.err
    assert _recorded(engine).shadows == ()
    other.write_text("aim: same\n")
    understudy.good("deploy", SHADOW, "--shadow", "--policy", other)
    (role,) = _recorded(engine).shadows
    assert Policy.from_json(role.policy).aim == "same"
    # Without any file a shadow keeps what it has.
    monkeypatch.delenv("UNDERSTUDY_POLICY")
    understudy.good("deploy", SHADOW, "--shadow", "--share", "0.5")
    (role,) = _recorded(engine).shadows
    assert (role.share, Policy.from_json(role.policy).aim) == (0.5, "same")


def test_a_file_that_is_not_there_is_told(
    engine: Engine, understudy: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting names a file that somebody has moved."""
    monkeypatch.setenv("UNDERSTUDY_POLICY", str(tmp_path / "gone.yaml"))
    for command in (("deploy", SHADOW, "--shadow"), ("policy", "show")):
        ending = understudy(*command)
        assert ending.status == 64
        assert "gone.yaml cannot be read: No such file" in ending.err
    assert _recorded(engine).shadows == ()


def test_what_no_policy_may_say_is_told_with_its_file(
    engine: Engine, understudy: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is named by a setting, which the reader may have forgotten."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("aim: nicer\n")
    monkeypatch.setenv("UNDERSTUDY_POLICY", str(policy))
    for command in (("deploy", SHADOW, "--shadow"), ("policy", "check", str(policy))):
        ending = understudy(*command)
        assert ending.status == 64
        assert f"{policy}: The comparison policy's aim is 'nicer'" in ending.err
    assert _recorded(engine).shadows == ()
