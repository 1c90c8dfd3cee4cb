"""The gate `slices`: no named part is served much worse than the rest, or than by live."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.errors import GatesInvalid
from understudy.packaging.gates import slices
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.slicing import find_slices
from understudy.serving.engines.scores import Scores

MakeCase = Callable[..., Case]
Floats = np.typing.NDArray[np.float64]

HOUSES = tiny.make_houses(620)
TEST = HOUSES.iloc[220:].reset_index(drop=True)
ROWS = {"train": HOUSES.iloc[:220], "test": TEST}


def erring(case: Case, times: Floats | float = 1.0) -> Case:
    """Return the case of a model whose errors are made anew, each so many times as large."""
    errors = np.random.default_rng(0).exponential(5000, len(case.given.test)) * times
    return replace(case, test_scores=Scores(values=case.given.test_target + errors))


def where(condition: "pd.Series[Any]", times: float) -> Floats:
    """Return a factor for some of the test rows, and 1 for all others."""
    return np.where(condition, times, 1.0)


def test_a_model_that_serves_all_slices_alike_passes(make_case: MakeCase) -> None:
    """The table holds every slice that is large enough, the worst first."""
    ruling = slices.judge(erring(make_case(**ROWS)))
    assert ruling.status == "passed"
    assert ruling.summary.startswith("badly served: none of 11 slices, the worst is ")
    assert len(ruling.rows) == 11
    ratios = [row["ratio"] for row in ruling.rows]
    assert ratios == sorted(ratios, reverse=True, key=lambda ratio: float(str(ratio)))
    assert set(ruling.rows[0]) == {"slice", "rows", "loss", "ratio", "live_loss", "status"}
    assert json.loads(json.dumps(ruling.rows, allow_nan=False)) == list(ruling.rows)


def test_a_slice_with_a_multiple_of_the_loss_is_refused(make_case: MakeCase) -> None:
    """One zone of four, whose errors are twenty times those elsewhere."""
    case = make_case(**ROWS, limits={"slices": {"ratio": 2.0}})
    ruling = slices.judge(erring(case, where(TEST["zone"] == "West", 20)))
    assert ruling.status == "refused"
    assert "badly served: 1 of 11 slices, the worst is zone = West with mean absolute error" in (
        ruling.summary
    )
    assert " times that of the others (" in ruling.summary
    assert ruling.rows[0]["slice"] == "zone = West"
    assert ruling.rows[0]["status"] == "refused"
    assert ruling.figures["refused"] == 1


def test_a_slice_that_is_beyond_by_chance_is_a_warning(make_case: MakeCase) -> None:
    """The estimate is beyond the limit, and the rows that would settle it are said."""
    case = make_case(**ROWS, limits={"slices": {"ratio": 1.45}})
    ruling = slices.judge(erring(case, where(TEST["zone"] == "West", 1.8)))
    assert ruling.status == "warned"
    assert "perhaps badly served, which is not shown: 1 of 11 slices, the worst is zone = West" in (
        ruling.summary
    )
    needed = ruling.figures["rows_needed"]
    assert isinstance(needed, int)
    assert needed > ruling.rows[0]["rows"]  # type: ignore[operator]


def test_a_slice_that_live_serves_better_is_refused(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """Although it is no worse than the other slices."""
    case = make_case(**ROWS, live=linear_artefact)
    assert case.live is not None
    errors = np.random.default_rng(1).exponential(5000, len(TEST))
    easy = (TEST["zone"] == "West").to_numpy()
    truth = case.given.test_target
    theirs = Scores(values=truth + np.where(easy, 0.2, 1) * errors)
    case = replace(case, live=replace(case.live, scores=theirs))
    ruling = slices.judge(replace(case, test_scores=Scores(values=truth + errors)))
    assert ruling.status == "refused"
    assert "the worst is zone = West with mean absolute error" in ruling.summary
    assert "of live (" in ruling.summary
    assert ruling.rows[0]["live_loss"] < ruling.rows[0]["loss"]  # type: ignore[operator]


def test_rows_that_live_has_seen_do_not_count_against_it(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """With too few fresh rows of a slice there is no comparison with live."""
    case = make_case(train=HOUSES[:220], test=tiny.make_houses(), live=linear_artefact)
    ruling = slices.judge(case)
    by_name = {row["slice"]: row for row in ruling.rows}
    assert by_name["garage = true"]["live_loss"] is not None
    assert by_name["zone = West"]["live_loss"] is None


def test_small_slices_are_counted_and_named(make_case: MakeCase) -> None:
    """Below thirty rows nothing is said of a slice."""
    ruling = slices.judge(make_case())
    assert ruling.figures["too_few"] == 7
    names = ruling.figures["too_few_names"]
    assert isinstance(names, list)
    assert "zone = West" in names
    assert "; 7 more have fewer than 30 rows" in ruling.summary
    none = slices.judge(make_case(limits={"slices": {"least_rows": 1000}}))
    assert none.status == "skipped"
    assert none.figures["too_few"] == 11


def test_a_model_without_levels_has_no_slices(make_case: MakeCase) -> None:
    """Numbers are no slices unless somebody says so."""
    from sklearn.linear_model import LinearRegression

    columns = ["area", "rooms", "price"]
    frames = {"train": HOUSES.loc[:220, columns], "test": TEST[columns]}
    assert slices.judge(make_case(LinearRegression(), **frames)).status == "skipped"
    named = make_case(LinearRegression(), **frames, limits={"slices": {"columns": ["rooms"]}})
    assert [one.title for one in find_slices(named)] == [f"rooms = {i}" for i in range(1, 9)]


def test_a_slice_of_most_rows_is_refused(make_case: MakeCase) -> None:
    """Seven of ten rows are served twenty times as badly: the few others cannot hide it."""
    large = (TEST.index % 10) < 7
    test = TEST.assign(agent=np.where(large, "large", "small"))
    case = make_case(train=HOUSES[:220], test=test, limits={"slices": {"columns": ["agent"]}})
    ruling = slices.judge(erring(case, np.where(large, 20.0, 1.0)))
    assert ruling.status == "refused"
    assert ruling.rows[0]["slice"] == "agent = large"
    overall = float(str(ruling.figures["mean_loss"]))
    assert float(str(ruling.rows[1]["loss"])) < overall < float(str(ruling.rows[0]["loss"]))


def test_a_slice_without_enough_others_is_held_against_live_alone(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """And against nobody without a live version; one that holds all rows is told."""
    test = TEST.assign(agent=np.where(TEST.index < 390, "A", "B"), zone="West")
    rows = {"train": HOUSES[:220], "test": test, "limits": {"slices": {"columns": ["agent"]}}}
    ruling = slices.judge(make_case(**rows))
    assert ruling.status == "skipped"
    assert ruling.summary == (
        "there is no slice to test; 1 more has fewer than 30 rows; 1 more has fewer than 30 others"
        " to be held against"
    )
    assert ruling.figures["too_few_others_names"] == ["agent = A"]
    beside = slices.judge(make_case(**rows, live=linear_artefact))
    assert [row["slice"] for row in beside.rows] == ["agent = A"]
    both = {"slices": {"columns": ["garage", "zone"]}}
    whole = slices.judge(make_case(**(rows | {"limits": both})))
    assert whole.summary.endswith("; 1 more has all rows")
    assert whole.figures["all_rows_names"] == ["zone = West"]
    assert whole.figures["slices"] == 2


def test_a_live_version_that_cannot_be_asked_is_told(make_case: MakeCase) -> None:
    """The slices are judged without it."""
    ruling = slices.judge(make_case(**ROWS, live_problem="the test rows lack built"))
    assert ruling.status == "passed"
    assert ruling.summary.endswith("; none is held against live: the test rows lack built")


def test_no_columns_at_all_are_no_slices(make_case: MakeCase) -> None:
    """A person may not want any."""
    assert slices.judge(make_case(limits={"slices": {"columns": []}})).status == "skipped"


def test_an_unknown_column_is_a_mistake(make_case: MakeCase) -> None:
    """The known ones are named."""
    case = make_case(limits={"slices": {"columns": ["zone", "street"]}})
    with pytest.raises(GatesInvalid, match="names street, which is no field of the model; there"):
        slices.judge(case)


def test_the_time_column_and_free_text_are_no_slices(make_case: MakeCase) -> None:
    """A missing value is a slice, and so is a level that all rows have."""
    random = np.random.default_rng(0)
    more = {
        "month": random.choice(["May", "June"], 620),
        "note": [f"note {i % 60}" for i in range(620)],
        "country": "Iowa",
    }
    houses = HOUSES.assign(**more)
    carried = [*tiny.CARRIED, *more]
    frames = {"train": houses[:220], "test": houses[220:], "carried": carried}
    case = make_case(**frames, features=tiny.FEATURES, time_column="month")
    titles = [one.title for one in find_slices(case)]
    assert [title for title in titles if title.startswith("alley")] == [
        "alley = Gravel", "alley = Paved", "alley = (missing)",
    ]  # fmt: skip
    assert [title for title in titles if title.split(" = ")[0] in more] == ["country = Iowa"]
    limits = {"slices": {"columns": ["note", "month", "note"]}}
    asked = make_case(**frames, features=tiny.FEATURES, limits=limits)
    assert len(find_slices(asked)) == 62


def test_slices_hold_the_rows_of_their_level(make_case: MakeCase) -> None:
    """Every row of every level, in its place."""
    case = make_case(**ROWS, limits={"slices": {"columns": ["alley", "garage"]}})
    for one in find_slices(case):
        name, level = one.title.split(" = ")
        texts = TEST[name].astype(object).where(TEST[name].notna(), "(missing)").astype(str)
        assert one.places.tolist() == np.flatnonzero(texts.str.lower() == level.lower()).tolist()


def test_labels_alone_are_enough(make_case: MakeCase, binary_artefact: Artefact) -> None:
    """Slices of a classifier that says no more are judged by their errors."""
    from sklearn.linear_model import LogisticRegression

    dear = np.where(HOUSES["price"] > HOUSES["price"].median(), "dear", "cheap")
    houses = HOUSES.assign(price=dear)
    model = tiny.linear_pipeline().set_params(model=LogisticRegression())
    case = make_case(model, train=houses[:220], test=houses[220:], live=binary_artefact)
    west = (TEST["zone"] == "West").to_numpy()
    labels = np.asarray(case.test_scores.labels)
    wrong = Scores(labels=np.where(west, 1 - labels, labels))
    ruling = slices.judge(replace(case, test_scores=wrong))
    assert ruling.status == "refused"
    assert "zone = West with error rate 0." in ruling.summary


def test_a_perfect_model_has_no_ratio(make_case: MakeCase) -> None:
    """Nothing is a multiple of nothing."""
    case = make_case(**ROWS)
    ruling = slices.judge(replace(case, test_scores=Scores(values=case.given.test_target * 1.0)))
    assert ruling.status == "passed"
    assert ruling.rows[0]["ratio"] is None


def test_equally_served_slices_are_refused_rarely(make_case: MakeCase) -> None:
    """Holm: of a hundred models that serve all slices alike, hardly one is refused."""
    case, random = make_case(**ROWS, limits={"slices": {"ratio": 1.0}}), np.random.default_rng(0)
    refused = 0
    for _ in range(100):
        errors = random.exponential(5000, len(TEST))
        scores = Scores(values=case.given.test_target + errors)
        refused += slices.judge(replace(case, test_scores=scores)).status == "refused"
    assert refused <= 8
