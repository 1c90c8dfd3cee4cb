"""Replaying, reproducing and the twin, on a running stack."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from tests import tiny
from tests.integration.cli.conftest import CommandLine
from tests.integration.stacks import until
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.cli.places import find_settings
from understudy.log.database import connect
from understudy.settings import Settings
from understudy.stack.addresses import api_url

COUNT = 240


def _execute(statement: str, **parameters: object) -> list[tuple[object, ...]]:
    """Do something to the prediction log that no command does."""
    engine = connect(str(find_settings().database_url), pool_size=1)
    with engine.begin() as connection:
        found = connection.execute(text(statement), parameters)
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


def _recorded() -> object:
    return _execute("SELECT count(*) FROM prediction")[0][0]


@pytest.fixture
def traffic(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact, boosting_artefact: Artefact
) -> Settings:
    """A stack with recorded traffic of `tiny-houses:1.0.0`, and 2.0.0 in its store."""
    ArtefactStore(find_settings().artefacts_url).push(boosting_artefact)
    if _recorded():
        return stack
    understudy.good("deploy", linear_artefact.folder, "--live")
    client = httpx.Client(base_url=api_url(stack))
    until(lambda: client.get("/health/ready").status_code == 200)
    for begin in range(0, COUNT, 2):
        body = {"instances": tiny.make_instances(2, seed=begin)}
        assert client.post("/v1/predictions", json=body).status_code == 200
    client.close()
    until(lambda: _recorded() == COUNT)
    return stack


def test_past_traffic_is_scored_once_and_the_rest_later(
    traffic: Settings, understudy: CommandLine
) -> None:
    """The version has no role; a second call finds everything there."""
    told = understudy("replay", "tiny-houses:2.0.0", "--since", "1h", "--share", "0.5", "--json")
    assert told.status == 0, told
    found = json.loads(told.out)
    assert found["is_finished"]
    assert found["shipments"]["inserted"] == found["shipments"]["recorded"] > 0
    parts = found["instances"]
    assert parts["scored"] + parts["sampled_out"] == parts["recorded"] == COUNT
    assert 0 < parts["sampled_out"] < COUNT
    assert "shipments with 240 instances were recorded from" in told.err
    again = understudy("replay", "tiny-houses:2.0.0", "--since", "1h")
    assert again.status == 0
    assert "are work of tiny-houses:2.0.0 already" in again.err
    assert "at another share than 100%" in again.err
    assert again.out.startswith("0 shipments inserted; of 240 instances")
    assert understudy.good("deployments").count("shadow") == 0


def test_a_replay_may_be_left_alone_and_taken_back(
    traffic: Settings, understudy: CommandLine, linear_artefact: Artefact
) -> None:
    """Without waiting it says what waits; what was scored stays."""
    told = json.loads(
        understudy.good("replay", "tiny-houses:1.0.0", "--since", "1h", "--no-wait", "--json")
    )
    assert told["digest"] == linear_artefact.digest
    taken = json.loads(understudy.good("replay", "tiny-houses:1.0.0", "--cancel", "--json"))
    assert taken["cancelled"]["shipments"] <= told["shipments"]["inserted"]
    assert "are taken back" in understudy.good("replay", "tiny-houses:1.0.0", "--cancel")


def test_interrupted_the_work_stays(traffic: Settings, understudy: CommandLine) -> None:
    """Ctrl-C ends the waiting, not the scoring, and says so."""
    understudy("replay", "tiny-houses:2.0.0", "--since", "1h", "--no-wait")
    _execute("UPDATE work SET state = 'leased', claimed_by = 'me', lease_until = 'infinity'")
    try:
        waiting = subprocess.Popen(
            [sys.executable, "-m", "understudy", "replay", "tiny-houses:2.0.0", "--since", "1h"],
            env=os.environ | {"PYTHONUNBUFFERED": "1"}, text=True, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert waiting.stderr is not None
        assert "are work of tiny-houses:2.0.0 already" in waiting.stderr.readline()
        assert "instances wait for a shadow process" in waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)
        _, said = waiting.communicate(timeout=60)
    finally:
        _execute("UPDATE work SET state = 'done' WHERE scored + sampled_out = instances")
        _execute("UPDATE work SET state = 'waiting' WHERE state = 'leased'")
    assert waiting.returncode == 130
    assert "The work stays, and a shadow process goes on scoring it." in said
    assert "Interrupted." in said


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["tiny-houses:2.0.0"], 64, "--since"),
        (["tiny-houses:2.0.0", "--since", "tomorrow"], 64, "neither a date"),
        (["tiny-houses:2.0.0", "--since", "2999-01-01"], 64, "nothing is recorded of the future"),
        (["tiny-houses:2.0.0", "--since", "1h", "--until", "2h"], 64, "must be earlier"),
        (["tiny-houses:2.0.0", "--since", "1h", "--share", "nan"], 64, "must be a number"),
        (["tiny-houses", "--since", "1h"], 64, "is not NAME:VERSION"),
        (["tiny-houses:9.9.9", "--since", "1h"], 70, "is not in the artefact store"),
        (
            ["tiny-houses:2.0.0", "--since", "2020-01-01", "--until", "2020-01-02"],
            70,
            "has nothing recorded from 2020-01-01",
        ),
    ],
)
def test_a_replay_that_cannot_be_is_refused(
    traffic: Settings, understudy: CommandLine, arguments: list[str], status: int, says: str
) -> None:
    """In words, and never with the status of a verdict."""
    ending = understudy("replay", *arguments)
    assert ending.status == status, ending
    assert says in ending.err


def test_what_was_served_is_reproduced(traffic: Settings, understudy: CommandLine) -> None:
    """Equal to the last bit, with the seed to draw the same sample again."""
    said = understudy.good("reproduce", "--sample", "50", "--seed", "7")
    assert "50 instances of the endpoint houses were drawn with the seed 7" in said
    row = next(line for line in said.splitlines() if line.startswith("tiny-houses:1.0.0"))
    assert row.split()[2:] == ["compiled", "240", "50", "50", "0", "0", "0", "0"]
    found = json.loads(understudy.good("reproduce", "--since", "1h", "--json"))
    assert found["is_equal"]
    assert found["versions"][0]["identical"] == COUNT
    assert found["seed"] >= 0
    assert understudy("reproduce", "--since", "2999-01-01").status == 64
    assert understudy("reproduce", "--sample", "0").status == 64
    nothing = understudy("reproduce", "--since", "2020-01-01", "--until", "2020-01-02")
    assert nothing.status == 70
    assert "has nothing recorded from 2020-01-01" in nothing.err


def test_an_altered_answer_fails_by_its_request(traffic: Settings, understudy: CommandLine) -> None:
    """No verdict's status, and both answers."""
    (request_id, output) = _execute(
        "UPDATE prediction SET output = to_jsonb((output::text::float8) + 0.125)"
        " WHERE (request_id, instance_no) = (SELECT request_id, instance_no FROM prediction"
        " ORDER BY request_id, instance_no LIMIT 1) RETURNING request_id::text, output"
    )[0]
    try:
        ending = understudy("reproduce")
    finally:
        _execute(
            "UPDATE prediction SET output = to_jsonb((output::text::float8) - 0.125)"
            " WHERE request_id = :id AND instance_no = 0",
            id=request_id,
        )
    assert ending.status == 70
    assert "Of tiny-houses:1.0.0 differ, the furthest apart first:" in ending.out
    assert f"{request_id}/0 was {output} and is " in ending.out
    assert "1 of 240 instances are answered differently" in ending.err


def test_an_artefact_that_is_gone_proves_nothing(
    traffic: Settings, understudy: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It says which version, and where it was looked for."""
    monkeypatch.setenv("UNDERSTUDY_ARTEFACT_STORE", str(tmp_path / "empty"))
    caches = [traffic.data_dir / name for name in ("read-cache", "cache")]
    for cache in caches:
        if cache.exists():
            cache.rename(cache.with_name(f"{cache.name}-away"))
    try:
        ending = understudy("reproduce", "--sample", "10")
    finally:
        for cache in caches:
            away = cache.with_name(f"{cache.name}-away")
            if away.exists():
                shutil.rmtree(cache, ignore_errors=True)
                away.rename(cache)
    assert ending.status == 70
    assert "tiny-houses:1.0.0 is not in the artefact store" in ending.out
    assert "10 of 10 instances could not be scored again" in ending.err


def test_a_twin_shows_the_noise_and_ends_with_its_version(
    traffic: Settings, understudy: CommandLine, tmp_path: Path, boosting_artefact: Artefact
) -> None:
    """It is shown as what it is, no tolerance may be below it, and it is no shadow to compare."""
    assert understudy("deploy", "--shadow").status == 64
    assert understudy("deploy", "--twin", "--live").status == 64
    other = understudy("deploy", "tiny-houses:2.0.0", "--twin")
    assert other.status == 70
    assert "A twin is the live version" in other.err
    said = understudy.good("deploy", "--twin")
    assert "tiny-houses:1.0.0 is its own twin on 5% of the requests" in said
    assert "twin      tiny-houses:1.0.0 on 5%" in understudy.good("deployments")
    assert "| twin on 5% |" in understudy.good("deployments", "--markdown")
    (shadow,) = json.loads(understudy.good("deployments", "--json"))["shadows"]
    assert shadow["is_twin"] is True
    assert "There is no shadow" in understudy("compare").err
    understudy.good("replay", "tiny-houses:1.0.0", "--since", "1h")
    _execute(
        "UPDATE shadow_prediction SET value = value + 50"
        " WHERE version = '1.0.0' AND request_id::text < '8'"
    )
    policy = tmp_path / "policy.yaml"
    policy.write_text("tolerance: 49.0")
    refused = understudy("deploy", "tiny-houses:2.0.0", "--shadow", "--policy", policy)
    assert refused.status == 70
    assert "The tolerance 49 of the policy is below the noise" in refused.err
    assert "differ by up to 50 in 99 % of 240 pairs" in refused.err
    policy.write_text("tolerance: 51.0")
    understudy.good("deploy", "tiny-houses:2.0.0", "--shadow", "--policy", policy)
    assert understudy("compare").status == 0
    refused = understudy("promote", "tiny-houses:1.0.0")
    assert "its twin in the shadow is no candidate" in refused.err
    understudy.good("promote", "tiny-houses:2.0.0")
    assert json.loads(understudy.good("deployments", "--json"))["shadows"] == []
