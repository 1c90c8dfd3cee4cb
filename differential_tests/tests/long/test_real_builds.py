"""The real service, twice: the comparison fails when the builds differ."""

from collections.abc import Callable
from pathlib import Path

from differential_tests.builds import Build
from differential_tests.report import describe
from differential_tests.session import Question, differentiate

BuildHere = Callable[..., Build]


def _regularise(tree: Path) -> None:
    path = tree / "model_package" / "house_prices" / "config.yaml"
    text = path.read_text()
    assert "alpha: 1.0\n" in text
    path.write_text(text.replace("alpha: 1.0\n", "alpha: 1.01\n"))


def test_builds_that_train_another_model_differ(
    question: Question, build_here: BuildHere, tmp_path: Path
) -> None:
    """One per cent more of a penalty is found in the predictions, and nowhere else."""
    said: list[str] = []
    verdict = differentiate(
        question,
        lambda: build_here("candidate", _regularise),
        lambda: build_here("baseline"),
        tmp_path / "work",
        said.append,
    )
    assert verdict.no_baseline is None
    assert not verdict.is_equal
    assert not verdict.too_loud
    assert {found.rule.output for found in verdict.unexplained} == {"/body/predictions/*"}
    assert len(verdict.unexplained) == 51
    assert all(1e-9 < found.relative < 0.1 for found in verdict.unexplained)
    assert "DIFFERENT: 51 differences" in "\n".join(describe(verdict))
    assert "baseline: training linear …" in said
