"""The experiment files: valid, and none of them asks for less than all promises."""

import inspect
from importlib import resources
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from chaoslib.experiment import ensure_experiment_is_valid

from tests.chaos import promises
from tests.chaos.faults.moments import UNDONE
from tests.chaos.running import SABOTAGE, Experiment, find
from tests.chaos.schedule import schedule, schedules

_EXPERIMENTS = find() | find(folder=SABOTAGE) | schedules(1, 3)


@pytest.mark.parametrize("name", _EXPERIMENTS)
def test_an_experiment_is_valid(name: str) -> None:
    """Chaos Toolkit finds every function, with these arguments."""
    ensure_experiment_is_valid(dict(_EXPERIMENTS[name]))


@pytest.mark.parametrize("name", _EXPERIMENTS)
def test_an_experiment_asks_for_all_promises(name: str) -> None:
    """Every promise stands in every hypothesis, and none may be broken even once."""
    probes = _EXPERIMENTS[name]["steady-state-hypothesis"]["probes"]
    asked = [probe["provider"]["func"] for probe in probes]
    assert sorted(asked) == sorted(
        found for found, function in inspect.getmembers(promises, inspect.isfunction)
        if function.__module__ == promises.__name__ and not found.startswith("_")
    )  # fmt: skip
    assert {probe["tolerance"] for probe in probes} == {0}
    assert all(type(probe["tolerance"]) is int for probe in probes)


@pytest.mark.parametrize("name", _EXPERIMENTS)
def test_an_experiment_has_a_fault_and_figures(name: str) -> None:
    """It does something to the stack, waits for the recovery, and tells the figures."""
    done = [activity["provider"] for activity in _EXPERIMENTS[name]["method"]]
    assert [one["func"] for one in done[-2:]] == ["recovers", "figures"]
    assert any(one["module"].startswith("tests.chaos.faults.") for one in done)
    assert {control["name"] for control in _EXPERIMENTS[name]["controls"]} == {"stage"}


def test_each_promise_has_a_breach_that_names_it() -> None:
    """So that it is this one that has to be found broken, and every one can be."""
    probes = find()["kill-agent"]["steady-state-hypothesis"]["probes"]
    names = {probe["name"] for probe in probes}
    assert {one["description"] for one in find(folder=SABOTAGE).values()} == names


def test_a_seed_is_a_schedule_for_ever() -> None:
    """The same seed gives the same faults, and another one others."""
    assert schedule(17) == schedule(17)
    assert _faults(schedule(17)) != _faults(schedule(18))


def test_a_hundred_seeds_have_every_fault_and_overlaps() -> None:
    """Everyone is killed and stopped, everything at once too, and some while others lie still."""
    found = [fault for one in schedules(1, 100).values() for fault in _faults(one)]
    killed = {one["provider"]["arguments"].get("who") for one in found if "kill" in one["name"]}
    stopped = {one["provider"]["arguments"]["who"] for one in found if "stop" in one["name"]}
    assert len(killed - {None}) == 8
    assert None in killed
    assert len(stopped) == 7
    assert sum(map(_overlaps, schedules(1, 100).values())) > 30


def test_the_newest_migration_can_be_taken_back() -> None:
    """Whoever adds a migration says how it is undone, so that one is always tried with data."""
    scripts = ScriptDirectory(str(resources.files("understudy.log") / "migrations"))
    newest = scripts.get_revision("head")
    assert newest is not None
    before, _ = UNDONE[newest.revision]
    assert before == newest.down_revision


def _faults(experiment: Experiment) -> list[dict[str, Any]]:
    return [one for one in experiment["method"] if one.get("background")]


def _overlaps(experiment: Experiment) -> bool:
    """Say whether a fault begins while a process is stopped by the one before it."""
    faults = _faults(experiment)
    ends = [one["pauses"]["before"] + one["provider"]["arguments"].get("seconds", 0)
            for one in faults]  # fmt: skip
    return any(later["pauses"]["before"] < end
               for later, end in zip(faults[1:], ends, strict=False))  # fmt: skip
