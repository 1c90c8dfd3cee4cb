"""The command line and its exit statuses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from differential_tests import builds, command
from differential_tests.builds import build_checkout
from differential_tests.differences import compare
from differential_tests.errors import BaselineMissing, BuildFailed
from differential_tests.tolerances import Tolerances
from differential_tests.verdict import Verdict, judge

REPOSITORY = Path(__file__).parents[2]


def _verdict(tolerances: Tolerances, new: int, no_baseline: str | None = None) -> Verdict:
    before, after = {("m", "p"): {"/status": 200}}, {("m", "p"): {"/status": new}}
    return judge(
        compare(before, after, tolerances), None, (),
        titles=("a", "b"), no_baseline=no_baseline, answers=1,
    )  # fmt: skip


@pytest.mark.parametrize(("new", "status"), [(200, 0), (500, 1)])
def test_the_exit_status_is_the_verdict(
    tolerances: Tolerances, tmp_path: Path, new: int, status: int,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """0 for equal, 1 for different; the JSON report says the same."""
    report = tmp_path / "report.json"
    assert command._tell(_verdict(tolerances, new), report, needs_baseline=True) == status
    assert json.loads(report.read_text())["equal"] is (status == 0)
    assert ("DIFFERENT" in capsys.readouterr().out) is (status == 1)


def test_who_insists_on_a_baseline_gets_a_failure_without_one(tolerances: Tolerances) -> None:
    """A release must not pass because its baseline could not be built."""
    verdict = _verdict(tolerances, 200, "there is no parent")
    assert command._tell(verdict, None, needs_baseline=False) == 0
    with pytest.raises(BaselineMissing, match="there is no parent"):
        command._tell(verdict, None, needs_baseline=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--baseline", "no-such-revision"], "names no commit"), (["--bsaeline", "x"], "see --help")],
)
def test_a_question_that_makes_no_sense_ends_with_64(arguments: list[str], said: str) -> None:
    """One line says what is wrong, before anything is built."""
    ended = subprocess.run(
        [sys.executable, "-m", "differential_tests", *arguments],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (64, "")
    assert said in ended.stderr


def test_a_failure_ends_with_70(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What could not be run is not a verdict."""

    def fail(_: object) -> int:
        raise BuildFailed("candidate x", "it has no api")

    monkeypatch.setattr(command, "run", fail)
    with pytest.raises(SystemExit) as ended:
        command.main([])
    assert ended.value.code == 70
    assert "candidate x cannot be built: it has no api" in capsys.readouterr().err


def test_a_tree_that_lacks_a_part_cannot_be_built(tmp_path: Path, commit: Any) -> None:
    """A revision from before the model package is named as such."""
    commit(readme="nothing to build")
    with pytest.raises(BuildFailed, match=r"it has no api/pyproject\.toml"):
        build_checkout(
            tmp_path / "repository", title="x", cache=tmp_path, work=tmp_path / "work",
            say=lambda _: None,
        )  # fmt: skip


def test_both_models_are_asked() -> None:
    """The linear one and the boosted one."""
    assert builds.MODELS == ("linear", "boosting")
