"""Builds that cannot be made or served: only a baseline may be lacking."""

from collections.abc import Callable
from pathlib import Path

import pytest

from differential_tests.builds import Build
from differential_tests.errors import BuildFailed
from differential_tests.report import describe
from differential_tests.revisions import NoBaseline
from differential_tests.session import Question, differentiate

BuildHere = Callable[..., Build]


def _deploy_nothing(tree: Path) -> None:
    (tree / "api" / "understudy" / "serving" / "deployment_file.py").unlink()


def test_a_baseline_that_cannot_be_built_is_no_baseline(
    question: Question, build_here: BuildHere, tmp_path: Path
) -> None:
    """The candidate meets itself instead, is equal, and the report says why."""

    def unbuildable() -> Build:
        raise BuildFailed("baseline a", "it has no model_package")

    verdict = differentiate(
        question,
        lambda: build_here("candidate"),
        unbuildable,
        tmp_path / "work",
        lambda _: None,
    )
    assert verdict.is_equal
    assert verdict.no_baseline is not None
    assert "it has no model_package" in verdict.no_baseline
    assert next(iter(describe(verdict))).startswith("NO BASELINE")


def test_a_candidate_that_cannot_be_served_is_a_failure(
    question: Question, build_here: BuildHere, tmp_path: Path
) -> None:
    """And not one that is equal to anything."""
    with pytest.raises(BuildFailed, match="candidate cannot be built"):
        differentiate(
            question,
            lambda: build_here("candidate", _deploy_nothing),
            NoBaseline("none"),
            tmp_path / "work",
            lambda _: None,
        )
