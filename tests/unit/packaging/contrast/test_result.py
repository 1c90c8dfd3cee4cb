"""Two versions are asked about the same rows, and their training rows are counted together."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LinearRegression, RidgeClassifier

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.packaging.contrast import contrast
from understudy.packaging.package import package_model

HOUSES = tiny.make_houses()
EVERY_GATE = ("leakage", "baseline", "simpler", "slices", "live", "reproducible", "staleness")
WAIVED = dict.fromkeys(EVERY_GATE, "this is a test")


def package(estimator: Any, out: Path, version: str = "9.0.0", **changes: Any) -> Artefact:
    """Package a model of two features, with something changed."""
    columns = changes.pop("columns", ["area", "rooms"])
    given: dict[str, Any] = {
        "name": "tiny-houses", "version": version, "X_train": HOUSES[columns][:220],
        "y_train": HOUSES["price"][:220], "X_test": HOUSES[columns][220:],
        "y_test": HOUSES["price"][220:], "out": out, "seed": 0, "overrides": WAIVED,
    } | changes  # fmt: skip
    return package_model(estimator.fit(given["X_train"], given["y_train"]), **given)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """Return a linear model of the area and the rooms."""
    return package(LinearRegression(), tmp_path_factory.mktemp("plain"))


@pytest.fixture
def dear() -> dict[str, Any]:
    """Return the targets of a classification in three classes."""
    bands = pd.cut(HOUSES["price"].rank(pct=True), [0, 0.3, 0.7, 1], labels=["low", "mid", "top"])
    target = bands.astype(str).to_numpy(dtype=str)
    return {"y_train": target[:220], "y_test": target[220:], "target": "band", "name": "bands"}


def test_a_version_is_identical_to_itself(linear_artefact: Artefact) -> None:
    """Nothing moved, nothing changed, every answer is the same."""
    found = contrast(linear_artefact, linear_artefact)
    assert found.is_identical
    assert (found.facts, found.features, found.libraries) == ((), (), ())
    assert not any(pair.is_changed for pair in found.gates)
    assert found.same_held_out
    assert found.answers is not None
    assert (found.answers.rows, found.answers.compared, found.answers.differing) == (80, 80, 0)
    assert found.answers.largest == ()
    assert (found.training.common, found.training.share_of_first) == (220, 1.0)


def test_answers_to_the_same_rows_are_compared(
    linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """The figures are those of the models' own predictions in the two references."""
    found = contrast(linear_artefact, boosting_artefact)
    sides = [
        a.reference().query("__split__ == 'test'")["__prediction__"].to_numpy(np.float64)
        for a in (linear_artefact, boosting_artefact)
    ]
    gaps = np.abs(sides[1] - sides[0])
    answers = found.answers
    assert answers is not None
    assert answers.absolute is not None
    assert answers.relative is not None
    assert answers.labels_changed is None
    assert answers.differing == answers.compared == answers.rows == 80
    assert answers.absolute.mean == pytest.approx(gaps.mean())
    assert answers.absolute.median == pytest.approx(np.median(gaps))
    assert answers.absolute.largest == pytest.approx(gaps.max())
    assert answers.relative.largest == pytest.approx((gaps / np.abs(sides[0])).max())
    assert len(answers.largest) == 10
    worst = answers.largest[0]
    assert (worst.of, worst.row) == ("first", int(gaps.argmax()))
    assert worst.before == pytest.approx(sides[0][worst.row])
    assert worst.after == pytest.approx(sides[1][worst.row])
    assert worst.truth == HOUSES["price"][220 + worst.row]
    found_gaps = [abs(one.difference) for one in answers.largest]
    assert found_gaps == pytest.approx(np.sort(gaps)[::-1][:10])


def test_rows_that_one_refuses_are_counted_and_left_out(
    linear_artefact: Artefact, plain: Artefact
) -> None:
    """The first asks for more features than the second keeps of its held-out rows."""
    found = contrast(linear_artefact, plain)
    assert found.answers is not None
    # The second keeps only two columns, so its rows lack what the first requires.
    assert found.answers.rows == 160
    assert found.answers.refused == (80, 0)
    assert found.answers.compared == 80
    assert {one.of for one in found.answers.largest} == {"first"}
    assert not found.same_held_out
    assert found.training.common is None
    assert "different features" in str(found.training.problem)
    assert "zone" in found.schema.removed
    back = contrast(plain, linear_artefact)
    assert back.answers is not None
    assert back.answers.refused == (0, 80)
    assert any("zone becomes required" in reason for reason in back.schema.breaking)


def test_rows_that_both_were_trained_on_are_counted(plain: Artefact, tmp_path: Path) -> None:
    """As shares of the different rows of each."""
    later = package(
        LinearRegression(), tmp_path, "9.1.0", X_train=HOUSES[["area", "rooms"]][110:220],
        y_train=HOUSES["price"][110:220],
    )  # fmt: skip
    found = contrast(plain, later).training
    assert found.common == 110
    assert found.share_of_first == 0.5
    assert found.share_of_second == 1.0


def test_rows_held_out_by_either_are_asked(plain: Artefact, tmp_path: Path) -> None:
    """A row of the second is numbered among its own."""
    later = package(
        LinearRegression(), tmp_path, "9.2.0", X_test=HOUSES[["area", "rooms"]][200:260],
        y_test=HOUSES["price"][200:260], y_train=HOUSES["price"][:220] * 2,
    )  # fmt: skip
    found = contrast(plain, later)
    assert found.answers is not None
    assert found.answers.rows == 100
    assert not found.same_held_out
    places = {(one.of, one.row) for one in found.answers.largest}
    assert all(row < 20 for of, row in places if of == "second")


def test_changed_labels_come_before_moved_probabilities(
    binary_artefact: Artefact, tmp_path: Path
) -> None:
    """Distances are of probabilities, and each row tells that of the positive class."""
    target = np.where(HOUSES["price"] > HOUSES["price"].median(), "dear", "cheap")
    other = package(
        DummyClassifier(strategy="prior"), tmp_path, y_train=target[:220], y_test=target[220:],
        positive="dear",
    )  # fmt: skip
    found = contrast(binary_artefact, other)
    answers = found.answers
    assert answers is not None
    assert answers.relative is None
    assert answers.absolute is not None
    assert answers.labels_changed is not None
    assert 0 < answers.labels_changed < answers.compared
    first = binary_artefact.reference().query("__split__ == 'test'")
    shares = first["__prediction__"].to_numpy(np.float64)
    constant = other.reference().query("__split__ == 'test'")["__prediction__"].to_numpy()[0]
    assert answers.absolute.mean == pytest.approx(np.abs(shares - constant).mean())
    for one in answers.largest:
        assert one.before != one.after
        assert one.probabilities == pytest.approx((shares[one.row], constant))
        assert one.truth in ("dear", "cheap")


def test_classes_in_another_order_are_the_same_classes(
    multiclass_artefact: Artefact, tmp_path: Path, dear: dict[str, Any]
) -> None:
    """Labels and probabilities are held against those of the same name."""
    model = package(DummyClassifier(strategy="prior"), tmp_path, **dear)
    output = model.manifest.output
    turned = replace(
        model,
        manifest=replace(model.manifest, output=replace(output, classes=("top", "mid", "low"))),
    )
    same = contrast(model, model).answers
    other = contrast(model, turned).answers
    assert same is not None
    assert other is not None
    assert same.absolute is not None
    assert same.absolute.largest == 0
    # The engine still counts low, mid, top, so that only mid is called what it was.
    assert other.absolute is not None
    assert other.absolute.largest > 0
    followed = contrast(multiclass_artefact, turned)
    assert followed.problem is not None
    assert "predicts target, the other band" in followed.problem


def test_models_without_probabilities_differ_in_labels_alone(
    tmp_path: Path, dear: dict[str, Any]
) -> None:
    """There is no distance then, only the changed labels."""
    silent = package(RidgeClassifier(), tmp_path, **dear)
    prior = package(DummyClassifier(strategy="prior"), tmp_path, "9.1.0", **dear)
    answers = contrast(silent, prior).answers
    assert answers is not None
    assert answers.absolute is None
    assert answers.differing == answers.labels_changed
    assert answers.largest[0].probabilities is None
    assert answers.largest[0].difference == 1.0


def test_a_first_answer_of_nought_has_no_relative_difference(
    plain: Artefact, tmp_path: Path
) -> None:
    """It is left out rather than infinite."""
    nought = package(DummyRegressor(strategy="constant", constant=0.0), tmp_path)
    answers = contrast(nought, plain).answers
    assert answers is not None
    assert answers.relative is None
    assert answers.absolute is not None
    assert answers.differing == 80


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"target": "rent"}, "one predicts price, the other rent"),
        ({"unit": "USD"}, "one answers in EUR, the other in USD"),
        ({"classes": ("a", "b")}, "the classes are None and"),
    ],
)
def test_what_predicts_something_else_is_not_asked(
    linear_artefact: Artefact, change: dict[str, Any], reason: str
) -> None:
    """The rest is compared all the same."""
    manifest = linear_artefact.manifest
    other = replace(
        linear_artefact,
        manifest=replace(manifest, version="1.1.0", output=replace(manifest.output, **change)),
    )
    found = contrast(linear_artefact, other)
    assert found.answers is None
    assert reason in str(found.problem)
    assert found.schema.changed == ()
    assert len(found.metrics) == 3


def test_another_task_is_not_asked(linear_artefact: Artefact, binary_artefact: Artefact) -> None:
    """Nor are its rows counted as common."""
    found = contrast(linear_artefact, binary_artefact)
    assert found.problem == "one is a regression, the other a binary"
    assert found.training.problem == "they have different targets"


def test_a_unit_that_only_one_names_may_be_the_same(
    linear_artefact: Artefact, plain: Artefact
) -> None:
    """Nobody said otherwise."""
    assert contrast(linear_artefact, plain).answers is not None


def test_rows_are_not_counted_where_a_feature_is_of_another_kind(linear_artefact: Artefact) -> None:
    """Equal rows would have different fingerprints."""
    manifest = linear_artefact.manifest
    fields = tuple(
        replace(field, dtype="float32") if field.name == "area" else field
        for field in manifest.input_schema.features
    )
    schema = replace(manifest.input_schema, features=fields)
    other = replace(linear_artefact, manifest=replace(manifest, input_schema=schema))
    assert contrast(linear_artefact, other).training.problem == "area is of another kind in the two"


def test_an_engine_that_cannot_be_loaded_leaves_the_rest(
    linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A machine may lack what a model needs."""
    folder = tmp_path / "copy"
    shutil.copytree(linear_artefact.folder, folder)
    manifest = replace(linear_artefact.manifest, version="1.1.0", engine="exact")
    found = contrast(linear_artefact, Artefact(folder, manifest))
    assert "tiny-houses:1.1.0 cannot be loaded here" in str(found.problem)
    assert found.answers is None


def test_versions_of_one_title_are_told_apart_by_their_digests(plain: Artefact) -> None:
    """The same version packaged twice with something changed is what one wants to look into."""
    other = replace(plain, manifest=replace(plain.manifest, seed=7))
    found = contrast(plain, other)
    assert found.labels == tuple(f"tiny-houses:9.0.0 {a.digest[:6]}" for a in (plain, other))
    assert not found.is_identical


def test_a_contrast_can_be_had_as_json(linear_artefact: Artefact, plain: Artefact) -> None:
    """All of it, with the same names."""
    content = json.loads(json.dumps(contrast(linear_artefact, plain).to_json()))
    assert content["is_identical"] is False
    assert content["titles"] == ["tiny-houses:1.0.0", "tiny-houses:9.0.0"]
    assert content["answers"]["largest"][0]["of"] == "first"
