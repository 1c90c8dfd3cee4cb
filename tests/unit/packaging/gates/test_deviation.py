"""The gate `deviation`: how often two versions answer otherwise, and where most."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.packaging.gates import deviation
from understudy.packaging.gates.case import Case
from understudy.serving.engines.scores import Scores

MakeCase = Callable[..., Case]


def moved(case: Case, count: int, by: float = 1.5) -> Case:
    """Return the case of a model that answers live's answer, but for so many rows."""
    assert case.live is not None
    theirs = np.asarray(case.live.scores.values)
    times = np.where(np.arange(len(theirs)) < count, by, 1.0)
    return replace(case, test_scores=Scores(values=theirs * times))


@pytest.fixture
def case(make_case: MakeCase, linear_artefact: Artefact) -> Callable[..., Case]:
    """Return a case held against the tiny linear model, under a limit on the share."""

    def make(share: float | None = None, **changes: Any) -> Case:
        limits = {"deviation": {"share": share}}
        return make_case(live=linear_artefact, limits=limits, **changes)

    return make


def test_without_a_live_version_nothing_is_asked(make_case: MakeCase) -> None:
    """There is nobody to deviate from."""
    assert deviation.judge(make_case()).status == "skipped"
    unmet = deviation.judge(make_case(live_problem="the test rows lack built"))
    assert (unmet.status, unmet.summary) == (
        "skipped", "live cannot be asked: the test rows lack built",
    )  # fmt: skip


def test_without_a_limit_all_is_told_and_nothing_refused(case: Callable[..., Case]) -> None:
    """The discrepancies are for a person to look at."""
    ruling = deviation.judge(moved(case(), 40))
    assert ruling.status == "passed"
    assert ruling.summary == (
        "50 % of 80 rows are answered more than 10 % off what tiny-houses:1.0.0 answers"
        " (39.3 % to 60.7 % at 95 %); no limit is set"
    )


def test_the_largest_discrepancies_are_listed(case: Callable[..., Case]) -> None:
    """Row, both answers, their difference and the truth; the largest first."""
    ruling = deviation.judge(moved(case(), 40))
    gaps = [abs(float(str(row["difference"]))) for row in ruling.rows]
    assert len(gaps) == 10
    assert gaps == sorted(gaps, reverse=True)
    first = ruling.rows[0]
    row = int(str(first["row"]))
    houses = tiny.make_houses()
    assert first["truth"] == houses["price"].iloc[220 + row]
    assert first["new"] == pytest.approx(1.5 * float(str(first["live"])))
    assert json.loads(json.dumps(ruling.rows, allow_nan=False)) == list(ruling.rows)


def test_a_share_shown_to_be_too_large_is_refused(case: Callable[..., Case]) -> None:
    """The lower end of its interval is above the limit."""
    ruling = deviation.judge(moved(case(0.2), 40))
    assert ruling.status == "refused"
    assert ruling.summary.endswith("; more than 20 % is refused")


def test_a_share_that_may_be_too_large_is_a_warning(case: Callable[..., Case]) -> None:
    """Its interval holds the limit, on whichever side the estimate is."""
    assert deviation.judge(moved(case(0.2), 10)).status == "warned"
    assert deviation.judge(moved(case(0.001), 0)).status == "warned"
    ruling = deviation.judge(moved(case(0.2), 20))
    assert ruling.status == "warned"
    assert "whether it is more than 20 % is not shown: about" in ruling.summary
    needed = ruling.figures["rows_needed"]
    assert isinstance(needed, int)
    assert needed > 80


def test_a_share_within_the_limit_passes(case: Callable[..., Case]) -> None:
    """A tenth of live's answer is no deviation; the whole interval is below the limit."""
    assert deviation.judge(moved(case(0.2), 80, by=1.09)).status == "passed"
    ruling = deviation.judge(moved(case(0.2), 5))
    assert ruling.status == "passed"
    assert ruling.summary.endswith("; up to 20 % may be")


def test_the_same_model_in_another_engine_deviates_nowhere(case: Callable[..., Case]) -> None:
    """The last bits of a sum are no discrepancy to look at."""
    ruling = deviation.judge(case())
    assert ruling.figures["deviating"] == 0
    assert ruling.figures["mean_difference"] == 0
    assert ruling.rows == ()


def test_rows_that_live_has_seen_may_stay(case: Callable[..., Case]) -> None:
    """Which answer is right is not the question."""
    ruling = deviation.judge(case(test=tiny.make_houses()))
    assert ruling.figures["rows"] == 300


def test_rows_without_an_answer_of_live_are_left_out(case: Callable[..., Case]) -> None:
    """And without any there is nothing to compare."""
    made = case()
    assert made.live is not None
    some = replace(made.live, is_answered=np.arange(80) < 10)
    assert deviation.judge(replace(made, live=some)).figures["rows"] == 10
    none = replace(made.live, is_answered=np.zeros(80, dtype=np.bool_))
    assert deviation.judge(replace(made, live=none)).status == "skipped"


@pytest.mark.parametrize("model", [LogisticRegression(C=0.001), LinearSVC()])
def test_of_a_classification_the_labels_count(
    model: object, make_case: MakeCase, binary_artefact: Artefact
) -> None:
    """Changed labels are listed first, by the distance of the probabilities if there are any."""
    houses = tiny.make_houses()
    houses["price"] = np.where(houses["price"] > houses["price"].median(), "dear", "cheap")
    pipeline = tiny.linear_pipeline().set_params(model=model)
    case = make_case(pipeline, train=houses[:220], test=houses[220:], live=binary_artefact)
    ruling = deviation.judge(case)
    assert "get another label than tiny-dear:1.0.0 gives" in ruling.summary
    changed = [row["live"] != row["new"] for row in ruling.rows]
    assert changed == sorted(changed, reverse=True)
    assert changed[0]
    assert {row["truth"] for row in ruling.rows} <= {"dear", "cheap"}
    gaps = [float(str(row["difference"])) for row in ruling.rows]
    if isinstance(model, LinearSVC):
        assert set(gaps) == {1.0}
        assert all(changed)
    else:
        assert all(0 < gap < 1 for gap in gaps)
        assert ruling.figures["mean_difference"] == pytest.approx(np.mean(np.abs(
            np.asarray(case.test_scores.probabilities)[:, 1]
            - np.asarray(case.live.scores.probabilities)[:, 1]  # type: ignore[union-attr]
        )), rel=1e-4)  # fmt: skip
