"""`understudy plan` without a database: two folders and a rate."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.cli.plan_text import duration

Models = tuple[Path, Path]


@pytest.fixture
def models(linear_artefact: Artefact, boosting_artefact: Artefact) -> Models:
    """Return the folders of a live version and of a candidate."""
    return linear_artefact.folder, boosting_artefact.folder


def test_it_answers_in_the_first_sentence(understudy: CommandLine, models: Models) -> None:
    """Requests, days and what decides, then the table, the costs and what is assumed."""
    live, candidate = models
    said = understudy.good("plan", candidate, "--live", live, "--rate", 500, "--share", 0.2)
    first, second, *rest = said.splitlines()
    assert first.startswith("If tiny-houses:2.0.0 is as good against tiny-houses:1.0.0 as on")
    assert "decided by" in first
    assert "days" in first or "no amount of traffic" in first
    assert second.startswith("If it is exactly as good as live:")
    text = "\n".join(rest)
    for wanted in ("the minimum number of days", "% of them compared", "held-out rows"):
        assert wanted in text.replace("\xa0", " ")


def test_json_holds_every_need(understudy: CommandLine, models: Models) -> None:
    """The same figures for a program; ten times the rate takes a tenth of the days."""
    live, candidate = models
    slow, fast = (
        json.loads(understudy.good("plan", candidate, "--live", live, "--rate", rate, "--json"))
        for rate in (10, 100)
    )
    needs = {need["what"]: need for need in slow["plan"]["needs"]}
    assert needs["the minimum number of units"]["offline"] == [1000, 1000, 1000]
    assert needs["the minimum number of units"]["days"] == 100
    assert fast["plan"]["needs"][2]["days"] == 10
    assert slow["costs"]["cpu_ms_per_row"] > 0


def test_versions_of_the_store_are_named(
    understudy: CommandLine, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """A candidate need not be deployed: it is enough that it is stored."""
    url = str(tmp_path / "store")
    for artefact in (linear_artefact, boosting_artefact):
        ArtefactStore(url).push(artefact)
    said = understudy.good(
        "plan", "tiny-houses:2.0.0", "--live", "tiny-houses:1.0.0", "--store", url, "--rate", 9
    )
    assert "tiny-houses:2.0.0" in said


def test_a_policy_changes_the_plan(understudy: CommandLine, models: Models, tmp_path: Path) -> None:
    """What the file asks for is what is planned."""
    live, candidate = models
    policy = tmp_path / "policy.yaml"
    policy.write_text("aim: same\nminimum_days: 0\nminimum_units: 5000\n", "utf-8")
    said = understudy.good(
        "plan", candidate, "--live", live, "--rate", 500, "--policy", policy, "--json"
    )
    needs = json.loads(said)["plan"]["needs"]
    assert [need["counted"] for need in needs] == ["units"] * 4
    assert needs[-1]["offline"][1] == 5000


@pytest.mark.parametrize(
    ("arguments", "status", "wanted"),
    [
        (["--rate", "0"], 64, "0"),
        (["--rate", "nan"], 64, "nan"),
        (["--rate", "9", "--share", "2"], 64, "range"),
        (["--instances", "2"], 64, "--instances belongs to --rate"),
        (["--rate", "9", "--policy", "nowhere.yaml"], 64, "nowhere.yaml"),
        ([], 70, "UNDERSTUDY_DATABASE_URL"),
    ],
)
def test_what_cannot_be_planned_is_said(
    understudy: CommandLine, models: Models, arguments: list[str], status: int, wanted: str
) -> None:
    """Usage errors end with 64, and without a rate there has to be a log."""
    live, candidate = models
    ending = understudy("plan", candidate, "--live", live, *arguments)
    assert ending.status == status, ending
    assert wanted in ending.err


def test_models_of_different_things_are_refused(
    understudy: CommandLine, linear_artefact: Artefact, binary_artefact: Artefact
) -> None:
    """A regression and a classifier are no pair."""
    ending = understudy(
        "plan", binary_artefact.folder, "--live", linear_artefact.folder, "--rate", 9
    )
    assert ending.status == 64
    assert "cannot be compared" in ending.err


def test_durations_are_told_in_the_unit_a_person_takes() -> None:
    """Days, hours or minutes."""
    found = [duration(days).replace("\xa0", " ") for days in (12.0, 0.5, 0.01, 1e-5)]
    assert found == ["12 days", "12 hours", "14.4 minutes", "less than a minute"]
