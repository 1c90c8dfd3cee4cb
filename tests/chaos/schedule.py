"""Random schedules of faults: a seed says which, when, and so which of them overlap."""

import random
from copy import deepcopy
from functools import cache
from typing import Any

from tests.chaos.running import EXPERIMENTS, Experiment, read

_WITHIN_S = 6.0
_RATE = (
    30.0  # requests per second: a hundred schedules have to fit into twenty minutes of two cores
)
_COMPARES = 5  # one of so many asks `compare`, too, which is a fifth of what a schedule costs
_KILLED = ("worker", "arbiter", "agent", "shadow", "shadow child", "watcher", "postmaster",
           "backend")  # fmt: skip
_STOPPED = ("worker", "agent", "shadow", "shadow child", "watcher", "postmaster", "backend")
_EVERYTHING = 0.15  # the share of schedules in which everything falls at once, too
_PROMISE = "only requests in flight may fail while the api itself is killed"

Activity = dict[str, Any]


def schedules(first: int, count: int) -> dict[str, Experiment]:
    """Return the experiments of so many seeds in succession."""
    return {f"seed-{seed}": schedule(seed) for seed in range(first, first + count)}


def schedule(seed: int) -> Experiment:
    """Return the experiment of a seed, which is always the same."""
    chance = random.Random(seed)  # noqa: S311
    faults = [_fault(chance) for _ in range(chance.randint(2, 5))]
    if chance.random() < _EVERYTHING:
        faults.append(_activity(_moment(chance), "kill everything", "kill_everything", {}))
    faults.sort(key=lambda fault: fault["pauses"]["before"])
    experiment = deepcopy(_pattern())
    (stage,) = experiment["controls"]
    stage["provider"]["arguments"] = {"rate": _RATE, "asks_compare": seed % _COMPARES == 0}
    flow, _, *rest = experiment["method"]
    told = ", ".join(f"{one['name']} at {one['pauses']['before']:g} s" for one in faults)
    return experiment | {
        "title": f"seed {seed}: {told}",
        "description": _PROMISE,
        "tags": ["random"],
        "method": [flow, *faults, *_awaited(rest, len(faults))],
    }


def count_faults(experiment: Experiment) -> int:
    """Count the faults of a schedule."""
    return sum(bool(activity.get("background")) for activity in experiment["method"])


@cache
def _pattern() -> dict[str, Any]:
    return read(EXPERIMENTS / "kill-agent.yaml")


def _fault(chance: random.Random) -> Activity:
    at, number = _moment(chance), chance.randrange(1000)
    if chance.random() < 0.65:
        who = chance.choice(_KILLED)
        return _activity(at, f"kill the {who}", "kill", {"who": who, "seed": number})
    who, seconds = chance.choice(_STOPPED), round(chance.uniform(0.5, 5.0), 1)
    return _activity(at, f"stop the {who} for {seconds:g} s", "stop",
                     {"who": who, "seconds": seconds, "seed": number})  # fmt: skip


def _moment(chance: random.Random) -> float:
    return round(chance.uniform(0.0, _WITHIN_S), 1)


def _activity(at: float, name: str, function: str, arguments: dict[str, Any]) -> Activity:
    return {
        "type": "action",
        "name": name,
        "background": True,
        "pauses": {"before": at},
        "provider": {
            "type": "python",
            "module": "tests.chaos.faults.processes",
            "func": function,
            "arguments": arguments,
        },
    }


def _awaited(rest: list[Activity], count: int) -> list[Activity]:
    """Let the faults, which run beside one another, end before the recovery is looked at."""
    waiting = {
        "type": "action",
        "name": "all faults are over",
        "provider": {
            "type": "python",
            "module": "tests.chaos.watching",
            "func": "faults_are_over",
            "arguments": {"count": count},
        },
    }
    return [waiting, *rest]
