"""The gate `live`: no new version that is shown to be worse than the one that serves."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.packaging.gates import live
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.live_version import LiveVersion
from understudy.serving.engines.scores import Scores

pytestmark = pytest.mark.no_cover

MakeCase = Callable[..., Case]
Floats = np.typing.NDArray[np.float64]


def test_without_a_live_version_nothing_is_asked(make_case: MakeCase) -> None:
    """The first version of a model has nobody to be worse than."""
    assert live.judge(make_case()).status == "skipped"


def test_a_better_model_passes(make_case: MakeCase, boosting_artefact: Artefact) -> None:
    """With both losses and the interval of their difference."""
    ruling = live.judge(make_case(live=boosting_artefact))
    assert ruling.status == "passed"
    assert "5,805 is not worse than the 8,126 of tiny-houses:2.0.0 beyond" in ruling.summary
    assert "better by 2,320" in ruling.summary
    assert ruling.figures["rows"] == 80


def test_a_worse_model_is_refused(make_case: MakeCase, linear_artefact: Artefact) -> None:
    """Its whole interval is beyond the margin of 2 % of live's loss."""
    ruling = live.judge(make_case(tiny.boosting_pipeline(), live=linear_artefact))
    assert ruling.status == "refused"
    assert "8,126 is worse than the 5,805 of tiny-houses:1.0.0 by 2,320" in ruling.summary
    assert "beyond the margin of 116 (2 %)" in ruling.summary


def test_a_wide_margin_lets_a_worse_model_pass(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """It is a person's choice how much worse is still as good."""
    limits = {"live": {"margin": 0.8}}
    case = make_case(tiny.boosting_pipeline(), live=linear_artefact, limits=limits)
    assert live.judge(case).status == "passed"


def test_the_same_model_again_passes(make_case: MakeCase, linear_artefact: Artefact) -> None:
    """Equal answers differ by nothing."""
    ruling = live.judge(make_case(live=linear_artefact))
    assert ruling.status == "passed"
    assert ruling.figures["difference"] == 0


def test_what_is_not_shown_either_way_is_a_warning(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """With the number of rows that would settle it."""
    case = make_case(live=linear_artefact)
    truth = case.given.test_target
    errors = np.asarray(case.test_scores.values) - truth
    other = Scores(values=truth + 1.05 * np.roll(errors, 7))
    ruling = live.judge(replace(case, test_scores=other))
    assert ruling.status == "warned"
    assert "is not shown to be as good as the 5,805 of tiny-houses:1.0.0" in ruling.summary
    needed = ruling.figures["rows_needed"]
    assert isinstance(needed, int)
    assert needed > 80


def test_rows_that_live_was_trained_on_are_left_out(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """On them it would look better than it is."""
    houses = tiny.make_houses()
    ruling = live.judge(make_case(test=houses.iloc[180:], live=linear_artefact))
    assert ruling.figures["rows"] == 80
    assert ruling.figures["left_out_seen"] == 40
    assert ruling.summary.endswith("; not counting 40 that it was trained on")
    few = live.judge(make_case(test=houses.iloc[:230], live=linear_artefact))
    assert few.status == "warned"
    assert "only 10 test rows can tell it from tiny-houses:1.0.0, and 30 are needed" in few.summary
    assert "220 that it was trained on" in few.summary


@pytest.mark.parametrize(
    ("model", "loss"), [(LogisticRegression(), "Brier score"), (LinearSVC(), "error rate")]
)
def test_classifiers_are_compared_by_what_both_say(
    model: object, loss: str, make_case: MakeCase, binary_artefact: Artefact
) -> None:
    """A model without probabilities is compared by its labels."""
    houses = tiny.make_houses()
    houses["price"] = np.where(houses["price"] > houses["price"].median(), "dear", "cheap")
    pipeline = tiny.linear_pipeline().set_params(model=model)
    case = make_case(pipeline, train=houses[:220], test=houses[220:], live=binary_artefact)
    ruling = live.judge(case)
    assert ruling.summary.startswith(loss)
    assert ruling.figures["loss"] == ("brier" if loss == "Brier score" else "zero_one")


def test_rows_that_the_new_model_was_trained_on_are_left_out(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """With a reason of their own: a leak may have been waived."""
    newer = tiny.make_houses(100, seed=9)
    train = pd.concat([tiny.make_houses()[:220], newer[:40]], ignore_index=True)
    ruling = live.judge(make_case(train=train, test=newer, live=linear_artefact))
    assert ruling.figures["rows"] == 60
    assert ruling.figures["left_out_learned"] == 40
    assert ruling.summary.endswith("; not counting 40 that the new model was trained on")


def test_a_live_version_that_cannot_be_asked_is_a_refusal(make_case: MakeCase) -> None:
    """Which a person may overrule."""
    ruling = live.judge(make_case(live_problem="tiny-houses:1.0.0 knows the classes a, b"))
    assert ruling.status == "refused"
    assert ruling.summary == (
        "it cannot be held against live: tiny-houses:1.0.0 knows the classes a, b"
    )


def with_errors(case: Case, ours: Floats, theirs: Floats) -> Case:
    """Return a case in which both models err by so much."""
    rows = len(ours)
    given = replace(case.given, test_target=np.zeros(rows))
    stand_in = SimpleNamespace(manifest=SimpleNamespace(title="live:1.0.0"))
    every, none = np.ones(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_)
    version = LiveVersion(stand_in, Scores(values=theirs), every, none, none)  # type: ignore[arg-type]
    return replace(case, given=given, test_scores=Scores(values=ours), live=version)


def test_equally_good_models_are_refused_very_rarely(make_case: MakeCase) -> None:
    """Of two hundred that are as good as live a few at most; of clearly worse ones all."""
    case, random = make_case(), np.random.default_rng(0)
    statuses = {1.0: [], 1.5: []}  # type: dict[float, list[str]]
    for _ in range(200):
        hard = random.gamma(2, 1, 150)
        for times, found in statuses.items():
            ours, theirs = (hard * random.normal(0, scale, 150) for scale in (times, 1))
            found.append(live.judge(with_errors(case, ours, theirs)).status)
    assert statuses[1.0].count("refused") <= 8
    assert statuses[1.0].count("warned") >= 150
    assert statuses[1.5].count("refused") >= 180
    assert statuses[1.5].count("passed") == 0


def test_at_a_large_margin_a_model_at_the_limit_is_refused_seldom(make_case: MakeCase) -> None:
    """Live's mean is estimated from few rows, and so is a margin of twice as much."""
    case, random = make_case(limits={"live": {"margin": 2.0}}), np.random.default_rng(0)
    statuses = []
    for _ in range(300):
        ours, theirs = random.gamma(4, 3, 60), random.gamma(4, 1, 60)
        statuses.append(live.judge(with_errors(case, ours, theirs)).status)
    assert statuses.count("refused") <= 0.05 * 300
    assert statuses.count("passed") <= 0.05 * 300
