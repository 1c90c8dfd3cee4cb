"""The real service, twice: the comparison fails when the builds differ, and only then."""

from collections.abc import Callable
from pathlib import Path

import pytest

from differential_tests.builds import Build
from differential_tests.errors import BuildFailed
from differential_tests.payloads import Payload, read_payloads
from differential_tests.report import describe
from differential_tests.revisions import NoBaseline
from differential_tests.session import Question, differentiate
from differential_tests.tolerances import Tolerances

BuildHere = Callable[..., Build]

ASKED = ("sales/single-00", "sales/batch-0", "bad/unknown-field", "contract/ready")


@pytest.fixture
def question(tolerances: Tolerances) -> Question:
    """Ask the linear model a little of everything: it is trained in no time."""
    payloads: list[Payload] = [
        payload
        for payload in read_payloads(Path(__file__).parents[1] / "payloads")
        if payload.name in ASKED
    ]
    assert len(payloads) == len(ASKED)
    return Question(payloads, ("linear",), tolerances, ())


def _regularise(tree: Path) -> None:
    path = tree / "model_package" / "house_prices" / "config.yaml"
    text = path.read_text()
    assert "alpha: 1.0\n" in text
    path.write_text(text.replace("alpha: 1.0\n", "alpha: 1.01\n"))


def _deploy_nothing(tree: Path) -> None:
    (tree / "api" / "understudy" / "serving" / "deployment_file.py").unlink()


@pytest.mark.xdist_group("differential")
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


@pytest.mark.xdist_group("differential")
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


@pytest.mark.xdist_group("differential")
def test_a_candidate_that_cannot_be_served_is_a_failure(
    question: Question, build_here: BuildHere, tmp_path: Path
) -> None:
    """Only a baseline may be lacking."""
    with pytest.raises(BuildFailed, match="candidate cannot be built"):
        differentiate(
            question,
            lambda: build_here("candidate", _deploy_nothing),
            NoBaseline("none"),
            tmp_path / "work",
            lambda _: None,
        )
