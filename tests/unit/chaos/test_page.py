"""The page says what the runs have found, the bad as well as the good."""

from pathlib import Path
from typing import Any, Literal

import pytest

from tests.chaos.kept import keep, keep_results
from tests.chaos.page import page
from tests.chaos.result import Result
from tests.promises import Proof

_FIGURES: dict[str, Any] = {
    "sent_requests": 400, "answered_requests": 390, "answered": 1500, "unanswered_requests": 10,
    "recorded": 1502, "shadow_rows": 1900, "slowest_s": 0.1, "recovery_s": 2.5,
    "unrecorded": 0, "doubled": 0, "wrong": 0, "unexplained_requests": 0, "errors": 0, "late": 0,
    "shadow_gaps": 0, "open_work": 0, "shadow_failures_amiss": 0, "quarantined": 0,
}  # fmt: skip


def _result(name: str, *broken: str, **figures: int) -> Result:
    return Result(name, f"fault {name}", "nobody notices", ("processes",), broken,
                  _FIGURES | figures)  # fmt: skip


def _read(docs: Path) -> str:
    return (docs / "reliability.md").read_text()


def test_a_page_sums_up_what_was_tried(tmp_path: Path) -> None:
    """Each promise stands with the amount it was tried on, each experiment with its figures."""
    keep_results("experiments", [_result("a"), _result("b")], tmp_path)
    text = _read(tmp_path)
    assert "told as lost or missing | `unrecorded` | 3,000 instances | yes |" in text
    assert (
        "| fault a | nobody notices | 1,500 | 10 | 1,502 | 1,900 | 0 | 0.1 | 2.5 | kept |" in text
    )
    assert "**no**" not in text


def test_a_broken_promise_stands_in_the_page(tmp_path: Path) -> None:
    """With its experiment and the figure, in the summary too."""
    keep_results("experiments", [_result("a", "recorded twice: 1", doubled=1)], tmp_path)
    text = _read(tmp_path)
    assert "| and once | `doubled` | 1,502 rows | **no** |" in text
    assert "**broken**: recorded twice: 1" in text


def test_an_experiment_without_figures_keeps_no_promise(tmp_path: Path) -> None:
    """What could not be looked at did not hold."""
    failed = Result("c", "fault c", "nobody notices", ("processes",), ("no journal",))
    keep_results("experiments", [_result("a"), failed], tmp_path)
    assert _read(tmp_path).count("**no**") == 9


def test_a_later_run_replaces_only_what_it_ran(tmp_path: Path) -> None:
    """The others keep their last figures."""
    keep_results("experiments", [_result("a"), _result("b")], tmp_path)
    keep_results("experiments", [_result("b", answered=7)], tmp_path)
    text = _read(tmp_path)
    assert "| fault a | nobody notices | 1,500 |" in text
    assert "| fault b | nobody notices | 7 |" in text


def test_seeds_and_sabotage_have_their_parts(tmp_path: Path) -> None:
    """A broken seed is named, so that it can be repeated; so is a breach that nobody saw."""
    runs = {
        "seed-1": _result("seed-1").to_json() | {"faults": 3},
        "seed-2": _result("seed-2", "live errors: 4", errors=4).to_json() | {"faults": 2},
    }
    seeds = {"asked": 5, "first": 1, "minutes": 3.2, "at_a_time": 2, "runs": runs}
    keep("seeds", seeds, tmp_path)
    keep_results("sabotage", [_result("gone", "answered but not recorded: 1"), _result("unseen")],
                 tmp_path)  # fmt: skip
    text = _read(tmp_path)
    assert "2 of 5 seeds, from 1 on" in text
    assert "1 of 2 kept all promises" in text
    assert "`seed-2` fault seed-2: **live errors: 4**" in text
    assert "| fault gone | answered but not recorded: 1 |" in text
    assert "| fault unseen | **nothing** |" in text


def test_memory_says_what_is_not_flat() -> None:
    """A part whose bound is beyond its limit is named, and one without a bound is not flat."""
    flat = {
        "level": 100.0,
        "most": 130.0,
        "growth": 0.5,
        "at_most": 1.0,
        "limit": 8.0,
        "is_flat": True,
    }
    known = {
        "minutes": 60.0, "warm_up_minutes": 20.0, "rate": None, "requests": 1000, "failed": 0,
        "on": "today", "machine": "this one",
        "parts": {
            "agent": flat,
            "watcher": flat | {"growth": 9.0, "at_most": 9.5, "is_flat": False},
            "up": flat | {"growth": None, "at_most": None, "is_flat": False},
        },
    }  # fmt: skip
    text = page({"memory": known})
    assert "| agent | 100 | 130 | +0.5 | +1.0 | 8.0 | flat |" in text
    assert "| watcher | 100 | 130 | +9.0 | +9.5 | 8.0 | **not shown** |" in text
    assert "| up | 100 | 130 | — | — | 8.0 | **not shown** |" in text
    assert "as fast as they go" in text


def test_what_a_test_proves_stands_with_what_it_was_tried_on(tmp_path: Path) -> None:
    """Each with its command, and a test that failed or was not run proves nothing."""
    kept, failed = Proof("access", "a door is shut"), Proof("limits", "a flood runs off")
    for proof, outcome in ((kept, "passed"), (kept, "passed"), (failed, "skipped")):
        proof.add(_report("setup", "passed" if outcome == "passed" else "skipped"))
        if outcome == "passed":
            proof.add(_report("call", "passed", ("doors", 10_000)))
    runs = {
        f"tests/test_it.py::{proof.part}": vars(proof) | {"kept": proof.is_kept}
        for proof in (kept, failed)
    }
    keep("tests", {"runs": runs}, tmp_path)
    text = _read(tmp_path)
    shut = "| access | a door is shut | `tests/test_it.py::access` | 2 cases, 10,000 doors | kept |"
    assert shut in text
    flood = "| limits | a flood runs off | `tests/test_it.py::limits` |  | **not shown** |"
    assert flood in text
    assert text.index(flood) < text.index(shut)


def _report(
    when: Literal["setup", "call"], outcome: Literal["passed", "skipped"], *told: tuple[str, int]
) -> pytest.TestReport:
    return pytest.TestReport(
        "tests/test_it.py::test", ("tests/test_it.py", 1, "test"), {}, outcome, None, when,
        user_properties=[("promise", ["", ""]), *told],
    )  # fmt: skip
