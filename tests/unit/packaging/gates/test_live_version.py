"""The live version is asked about the test rows as it would be asked in service."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.live_version import LiveVersion, NotComparable, meet_live
from understudy.serving.engines.scores import Scores

MakeCase = Callable[..., Case]
HOUSES = tiny.make_houses()


def test_live_answers_every_test_row(make_case: MakeCase, linear_artefact: Artefact) -> None:
    """As it answers in service: here, as the same model that was fitted again."""
    case = make_case(live=linear_artefact)
    assert case.live is not None
    assert case.live.title == "tiny-houses:1.0.0"
    assert case.live.scores.values == pytest.approx(case.test_scores.values)
    assert case.live.is_answered.all()
    assert (case.live.seen, case.live.unanswered) == (0, 0)


def test_rows_of_its_training_are_known_to_it(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """By their features and target, whatever else has changed in the table."""
    shuffled = HOUSES.sample(frac=1, random_state=0)
    shuffled["agent"] = "Nobody"
    shuffled["rooms"] = shuffled["rooms"].astype("float64")
    case = make_case(test=shuffled, live=linear_artefact)
    assert case.live is not None
    assert case.live.seen == 220
    assert case.live.is_fresh.tolist() == (shuffled.index >= 220).tolist()


def test_a_row_with_another_target_is_new(make_case: MakeCase, linear_artefact: Artefact) -> None:
    """The same house sold again at another price tells something new."""
    again = HOUSES.iloc[:100].assign(price=lambda houses: houses["price"] + 1)
    case = make_case(test=again, live=linear_artefact)
    assert case.live is not None
    assert case.live.seen == 0


def test_a_new_model_may_use_fewer_columns_if_it_carries_the_others(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """Live must be asked with all that it was trained with."""
    columns = ["area", "rooms"]
    others = [name for name in tiny.FEATURES if name not in columns]
    case = make_case(LinearRegression(), features=columns, carried=others, live=linear_artefact)
    assert case.live is not None
    assert case.live.is_fresh.all()
    with pytest.raises(NotComparable, match=r"lack frontage, built, .* name it in `carried`"):
        make_case(LinearRegression(), features=columns, carried=[], live=linear_artefact)


def test_rows_that_live_would_refuse_are_unanswered(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """A missing value where its contract asks for one; the others stay."""
    test = HOUSES.iloc[220:].copy()
    test["area"] = np.where(np.arange(80) < 5, np.nan, test["area"])
    test["rooms"] = np.where(np.arange(80) == 79, np.nan, test["rooms"])
    test["garage"] = test["garage"].astype(object).where(np.arange(80) != 78, None)
    train = HOUSES.iloc[:220]
    number_columns = ["area", "rooms", "built"]
    model = make_pipeline(SimpleImputer(), LinearRegression()).fit(
        train[number_columns], train["price"]
    )
    others = [name for name in tiny.FEATURES if name not in number_columns]
    case = make_case(model, train=train, test=test, carried=others, live=linear_artefact)
    assert case.live is not None
    assert case.live.unanswered == 7
    assert case.live.is_fresh.tolist() == [False] * 5 + [True] * 73 + [False] * 2


def test_rows_outside_of_what_live_refuses_are_unanswered(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """In service it would answer them with 400; what is only expected is answered."""
    case = make_case(test=HOUSES.iloc[220:].assign(area=lambda houses: houses["area"] * 1000))
    manifest = linear_artefact.manifest

    def met(name: str, **changes: Any) -> LiveVersion:
        demanded = [
            replace(field, outside="refuse", **changes) if field.name == name else field
            for field in manifest.input_schema.features
        ]
        schema = replace(manifest.input_schema, features=tuple(demanded))
        live = replace(linear_artefact, manifest=replace(manifest, input_schema=schema))
        return meet_live(live, case.given)

    assert meet_live(linear_artefact, case.given).unanswered == 0
    assert met("area").unanswered == 80
    assert met("area", maximum=1e9).unanswered == 0
    is_north = case.given.test["zone"] == "North"
    assert met("zone", categories=("North",)).is_answered.tolist() == is_north.tolist()


def test_rows_that_the_new_model_was_trained_on_are_not_fresh(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """There it would look better than it is; rows that both have seen count once."""
    newer = tiny.make_houses(100, seed=9)
    train = pd.concat([HOUSES[:220], newer[:40]], ignore_index=True)
    test = pd.concat([HOUSES[215:], newer], ignore_index=True)
    case = make_case(train=train, test=test, live=linear_artefact)
    assert case.live is not None
    assert (case.live.seen, case.live.learned) == (5, 40)
    assert case.live.is_fresh.tolist() == [False] * 5 + [True] * 80 + [False] * 40 + [True] * 60


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("zone", [1.0, 2.0], "zone as string, and here it is number"),
        ("area", ["large", "small"], "area as number, and here it is string"),
        ("rooms", [1.5, 2.5], "rooms as integer, and here it is number"),
        ("garage", ["yes", "no"], "garage as boolean, and here it is string"),
    ],
)
def test_another_type_cannot_be_compared(
    name: str, values: list[Any], said: str, make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """Live would read it as something else, and be judged by that."""
    houses = HOUSES.copy()
    houses[name] = pd.Series(values * 150)
    frames = {"train": houses[:220], "test": houses[220:]}
    model = LinearRegression().fit(houses[["built"]], houses["price"])
    others = [column for column in tiny.FEATURES if column != "built"]
    with pytest.raises(NotComparable, match=said):
        make_case(model, **frames, carried=others, live=linear_artefact)


def test_integers_that_became_floats_can_be_compared(
    make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """One missing value in a table does that."""
    houses = HOUSES.assign(rooms=HOUSES["rooms"].astype("float64"))
    case = make_case(train=houses[:220], test=houses[180:], live=linear_artefact)
    assert case.live is not None
    assert case.live.seen == 40


def test_another_kind_of_model_cannot_be_compared(
    make_case: MakeCase, binary_artefact: Artefact, multiclass_artefact: Artefact
) -> None:
    """Numbers with classes, or classes with other classes."""
    with pytest.raises(NotComparable, match=r"tiny-dear:1\.0\.0 is a binary, and this is a regr"):
        make_case(live=binary_artefact)
    bands = pd.cut(HOUSES["price"].rank(pct=True), 3, labels=["a", "b", "c"]).astype("str")
    houses = HOUSES.assign(price=bands)
    model = tiny.boosting_pipeline(HistGradientBoostingClassifier(max_iter=3))
    with pytest.raises(
        NotComparable, match=r"tiny-classes:1\.0\.0 knows the classes low, mid, top"
    ):
        make_case(model, train=houses[:220], test=houses[220:], live=multiclass_artefact)


def test_classes_are_put_in_the_order_of_the_new_model(
    make_case: MakeCase, multiclass_artefact: Artefact
) -> None:
    """The first probability is that of the same class on both sides."""
    band = pd.cut(HOUSES["price"].rank(pct=True), [0, 0.3, 0.7, 1], labels=["low", "mid", "top"])
    houses = HOUSES.assign(price=band.astype("str"))
    model = tiny.linear_pipeline().set_params(model=LogisticRegression())
    case = make_case(model, train=houses[:220], test=houses[220:])
    output = replace(case.given.model.output, classes=("top", "low", "mid"))
    turned = replace(case.given, model=replace(case.given.model, output=output))
    ours, theirs = (meet_live(multiclass_artefact, given).scores for given in (turned, case.given))
    assert ours.probabilities is not None
    assert theirs.probabilities is not None
    assert ours.labels is not None
    assert theirs.labels is not None
    assert ours.probabilities.tolist() == theirs.probabilities[:, [2, 0, 1]].tolist()
    names = np.array(["low", "mid", "top"])
    assert names[[2, 0, 1]][ours.labels].tolist() == names[theirs.labels].tolist()


def test_noise_between_engines_is_no_difference(
    make_case: MakeCase, binary_artefact: Artefact
) -> None:
    """Equal within what engines are held to is equal; everything else stays."""
    houses = HOUSES.assign(price=np.where(HOUSES["price"] > 150_000, "dear", "cheap"))
    model = tiny.linear_pipeline().set_params(model=LogisticRegression())
    case = make_case(model, train=houses[:220], test=houses[220:], live=binary_artefact)
    assert case.live is not None
    theirs = case.live.scores
    assert theirs.probabilities is not None
    assert theirs.labels is not None
    near = theirs.probabilities * (1 + 1e-9)
    near[0] = 0.5
    beside = case.live.scores_beside(Scores(probabilities=near, labels=theirs.labels))
    assert beside.probabilities is not None
    assert beside.probabilities[1:].tolist() == near[1:].tolist()
    assert beside.probabilities[0].tolist() == theirs.probabilities[0].tolist()
    bare = case.live.scores_beside(Scores(labels=1 - theirs.labels))
    assert bare.probabilities is theirs.probabilities
    assert bare.labels.tolist() == theirs.labels.tolist()  # type: ignore[union-attr]
