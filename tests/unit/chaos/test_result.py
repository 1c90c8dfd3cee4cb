"""A journal is read to the experiment's disadvantage: what was not shown did not hold."""

from typing import Any

import pytest

from tests.chaos import table
from tests.chaos.result import Result, broken, figures

_STATE = {"probes": [{"activity": {"name": "recorded twice"}, "status": "succeeded",
                      "output": 0, "tolerance_met": True}]}  # fmt: skip


def _journal(**changes: Any) -> dict[str, Any]:
    sound = {
        "status": "completed",
        "deviated": False,
        "run": [
            {"activity": {"name": "figures"}, "status": "succeeded", "output": {"answered": 3}}
        ],
        "steady_states": {"before": _STATE, "after": _STATE},
        "rollbacks": [],
    }
    return sound | changes


def test_a_sound_journal_is_kept() -> None:
    """Nothing is broken, and the figures are there."""
    assert broken(_journal(), 0) == ()
    assert figures(_journal()) == {"answered": 3}


_FAILED = {"activity": {"name": "kill"}, "status": "failed", "exception": ["a\n", "no such\n"]}


@pytest.mark.parametrize(
    ("journal", "status", "said"),
    [
        (None, 1, "left no journal"),
        (_journal(status="interrupted"), 1, "is interrupted"),
        (_journal(run=[_FAILED]), 0, "kill: no such"),
        (_journal(run=[{"activity": {"name": "kill"}}]), 0, "kill: it did not end"),
        (_journal(rollbacks=[_FAILED]), 0, "kill: no such"),
        (_journal(steady_states={"before": _STATE, "after": None}), 0, "not looked at after"),
        (_journal(steady_states={}), 0, "not looked at before"),
        (
            _journal(steady_states={"before": _STATE, "after": {"probes": [
                _STATE["probes"][0] | {"output": 2, "tolerance_met": False}]}}),
            1, "recorded twice after the fault: 2",
        ),
        (_journal(), 1, "ended with status 1"),
    ],
)  # fmt: skip
def test_whatever_is_amiss_is_told(journal: dict[str, Any] | None, status: int, said: str) -> None:
    """Each way in which an experiment can fail to show something is a broken promise."""
    assert said in "; ".join(broken(journal, status))


def test_the_table_names_the_broken_promise() -> None:
    """Figures stand under their headings, and what was broken below the table."""
    figures = {"answered": 1234, "unanswered_requests": 5, "recorded": 1234, "shadow_rows": 2000,
               "errors": 0, "slowest_s": 0.1, "recovery_s": 2.5,
               "examples": {"doubled": ["one"]}}  # fmt: skip
    results = [
        Result("a", "kill a", "nobody notices", ("x",), (), figures),
        Result("b", "kill b", "nobody notices", ("x",), ("recorded twice: 1",), figures),
        Result("c", "kill c", "nobody notices", ("x",), ("no journal",)),
    ]
    head, first, second, third, *rest = table.lines(results)
    assert head.split()[:3] == ["fault", "promise", "answered"]
    assert first.split() == ["kill", "a", "nobody", "notices", "1,234", "5", "1,234", "2,000", "0",
                             "0.1", "2.5", "kept"]  # fmt: skip
    assert second.endswith("BROKEN")
    assert third.count("—") == 7
    assert rest == ["BROKEN  b: recorded twice: 1", "        doubled: one", "BROKEN  c: no journal"]
