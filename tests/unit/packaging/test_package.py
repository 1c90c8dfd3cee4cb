"""One call makes an artefact of a fitted model, or says every reason against it."""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

from tests import tiny, zoo
from understudy import package_model
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.signature import check_signature, make_keys, read_trusted_keys
from understudy.errors import ArgumentRefused, ArtefactImmutable, ArtefactRefused
from understudy.packaging.package import _settle
from understudy.serving.engines import load_engine

HOUSES = tiny.make_houses()


def package(estimator: Any, out: Path, **changes: Any) -> Artefact:
    """Package an estimator fitted on area and rooms, with something changed."""
    houses = HOUSES[["area", "rooms"]]
    given = {
        "name": "test", "version": "1.0.0", "X_train": houses[:200], "y_train": HOUSES.price[:200],
        "X_test": houses[200:], "y_test": HOUSES.price[200:], "out": out,
    }  # fmt: skip
    return package_model(estimator, **(given | changes))


def fitted() -> LinearRegression:
    """Return a linear model of area and rooms."""
    return LinearRegression().fit(HOUSES[["area", "rooms"]][:200], HOUSES.price[:200])


def refusal(out: Path, estimator: Any = None, **changes: Any) -> str:
    """Return why packaging refuses, having left nothing behind."""
    with pytest.raises(ArtefactRefused) as caught:
        package(fitted() if estimator is None else estimator, out, **changes)
    assert not list(out.iterdir())
    return "\n".join(caught.value.reasons)


class Odd(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A regressor that does what its `answer` says."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def fit(self, X: Any, y: Any) -> "Odd":
        """Remember the columns."""
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        return self

    def predict(self, X: Any) -> Any:
        """Return the answer for so many rows."""
        return self.answer(len(X))


class Twice(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer of this test, which no distribution defines."""

    def fit(self, X: Any, y: Any = None) -> "Twice":
        """Learn nothing."""
        self.fitted_ = True
        return self

    def transform(self, X: Any) -> Any:
        """Double everything."""
        return X * 2


@pytest.mark.parametrize("make", [tiny.package_linear, tiny.package_boosting, tiny.package_binary])
@pytest.mark.no_cover
def test_the_same_training_gives_the_same_digest(make: Any, tmp_path: Path) -> None:
    """Two trainings, two packagings, one model."""
    assert make(tmp_path / "one").digest == make(tmp_path / "two").digest


@pytest.mark.no_cover
def test_the_exact_engine_is_reproducible_too(exact_artefact: Artefact, tmp_path: Path) -> None:
    """Neither memory addresses nor the clock reach the digest."""
    again = tiny.package_houses(zoo.OTHERS["support vectors"](), tmp_path, "3.0.0")
    assert again.digest == exact_artefact.digest


def test_packaging_again_changes_nothing_and_another_model_is_refused(tmp_path: Path) -> None:
    """A version in a folder is as immutable as in a store."""
    first = package(fitted(), tmp_path)
    assert package(fitted(), tmp_path).digest == first.digest
    with pytest.raises(ArtefactImmutable, match="new version"):
        package(Ridge(alpha=100).fit(HOUSES[["area", "rooms"]][:200], HOUSES.price[:200]), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["test-1.0.0"]


@pytest.mark.parametrize("name", ["Test", "te_st", "-test", "te/st", "", "a" * 65])
def test_a_name_that_fits_no_url_is_refused(name: str, tmp_path: Path) -> None:
    """Lower-case letters, digits and hyphens only."""
    assert "a-z" in refusal(tmp_path, name=name)


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "1.0.0/..", "latest"])
def test_a_version_of_another_form_is_refused(version: str, tmp_path: Path) -> None:
    """Three numbers, and perhaps a word."""
    assert "1.2.3" in refusal(tmp_path, version=version)


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    """Nobody could say which of them an instance means."""
    doubled = HOUSES[["area", "rooms", "area"]]
    assert "two columns called area" in refusal(tmp_path, X_train=doubled[:200])


def test_a_feature_that_the_test_rows_lack_is_named(tmp_path: Path) -> None:
    """What cannot be tested cannot be served."""
    assert "X_test lacks the feature rooms" in refusal(tmp_path, X_test=HOUSES[["area"]][200:])


def test_rows_and_targets_must_match(tmp_path: Path) -> None:
    """Every reason is told at once."""
    reasons = refusal(tmp_path, y_train=HOUSES.price[:10], y_test=HOUSES[["price", "area"]][200:])
    assert "X_train has 200 rows, but y_train has 10" in reasons
    assert "not one column" in reasons


def test_a_missing_target_is_refused(tmp_path: Path) -> None:
    """A row without an answer teaches and tests nothing."""
    assert "y_test has missing values" in refusal(tmp_path, y_test=[None] * 100)


def test_a_vector_is_no_table(tmp_path: Path) -> None:
    """Features have columns."""
    assert "not rows and columns" in refusal(tmp_path, X_train=HOUSES.area[:200])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_outputs_that_are_not_finite_are_refused(bad: float, tmp_path: Path) -> None:
    """With their number, for training and test rows."""
    odd = Odd(lambda rows: np.full(rows, bad)).fit(HOUSES[["area", "rooms"]], HOUSES.price)
    reasons = refusal(tmp_path, odd)
    assert "200 of 200 outputs for the training rows are not finite" in reasons
    assert "100 of 100 outputs for the test rows are not finite" in reasons


def test_another_number_of_outputs_is_refused(tmp_path: Path) -> None:
    """One row in, one row out."""
    odd = Odd(lambda rows: np.ones(rows - 1)).fit(HOUSES[["area", "rooms"]], HOUSES.price)
    assert "shape (199,) for 200" in refusal(tmp_path, odd)


def test_a_model_that_is_not_fitted_is_refused(tmp_path: Path) -> None:
    """Regressors when they are asked, classifiers for their classes."""
    assert "NotFittedError" in refusal(tmp_path, LinearRegression())
    assert "not fitted" in refusal(tmp_path, LogisticRegression())


def test_a_model_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    """Clusters are neither numbers nor classes of a target, unless somebody says so."""
    clusters = KMeans(2, n_init=1).fit(HOUSES[["area", "rooms"]])
    assert "give task=" in refusal(tmp_path, clusters)


def test_a_model_of_nobodys_classes_is_refused(tmp_path: Path) -> None:
    """Both engines say why they cannot serve it."""
    pipeline = make_pipeline(Twice(), LinearRegression())
    pipeline.fit(HOUSES[["area", "rooms"]], HOUSES.price)
    reasons = refusal(tmp_path, pipeline)
    assert "engine compiled: the transformer Twice is not known" in reasons
    assert "engine exact" in reasons


def test_a_model_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A generator, for one, has no form on disk."""
    odd = Odd(np.ones).fit(HOUSES[["area", "rooms"]], HOUSES.price)
    odd.rows_ = (row for row in [1, 2])
    assert "engine exact: skops cannot write the model" in refusal(tmp_path, odd)


def test_an_encoder_that_refuses_unseen_levels_is_refused(tmp_path: Path) -> None:
    """A new level will come, and the answer must not be an error."""
    columns = ColumnTransformer([("zone", OneHotEncoder(), ["zone"])], remainder="drop")
    pipeline = make_pipeline(columns, LinearRegression()).fit(HOUSES[["zone"]], HOUSES.price)
    reasons = refusal(
        tmp_path, pipeline, X_train=HOUSES[["zone"]][:200], X_test=HOUSES[["zone"]][200:]
    )
    assert "no answer for zone = 'a level that training never saw'" in reasons
    assert "handle_unknown" in reasons


def test_a_null_that_the_model_cannot_take_is_refused(tmp_path: Path) -> None:
    """Whoever makes a field nullable promises an answer."""
    reasons = refusal(tmp_path, schema_overrides={"area": {"nullable": True}})
    assert "area = None" in reasons
    assert "impute" in reasons


@pytest.mark.no_cover
def test_a_model_that_looks_at_the_neighbours_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service batches what arrives together; nobody's answer may depend on that."""
    installed = tmp_path / "installed"
    (installed / "acme_centred-1.0.dist-info").mkdir(parents=True)
    (installed / "acme_centred-1.0.dist-info" / "METADATA").write_text(
        "Name: acme-centred\nVersion: 1.0\n"
    )
    (installed / "acme_centred.py").write_text(
        "from sklearn.base import BaseEstimator, TransformerMixin\n"
        "class Centred(TransformerMixin, BaseEstimator):\n"
        "    alone = False\n"
        "    def fit(self, X, y=None):\n"
        "        self.fitted_ = True\n"
        "        return self\n"
        "    def transform(self, X):\n"
        "        return X if self.alone else X - X.mean()\n"
    )
    monkeypatch.syspath_prepend(str(installed))
    import acme_centred  # type: ignore[import-not-found]

    pipeline = make_pipeline(acme_centred.Centred(), LinearRegression())
    pipeline.fit(HOUSES[["area", "rooms"]][:200], HOUSES.price[:200])
    (tmp_path / "out").mkdir()
    assert "depends on the others" in refusal(tmp_path / "out", pipeline)
    monkeypatch.setattr(acme_centred.Centred, "alone", True)
    pipeline.fit(HOUSES[["area", "rooms"]][:200], HOUSES.price[:200])
    manifest = package(pipeline, tmp_path / "out").manifest
    assert manifest.engine == "exact"
    assert manifest.distributions == {"acme-centred": "1.0"}


def test_a_wrong_quiz_answer_is_refused(tmp_path: Path) -> None:
    """A person's known answer outweighs any metric."""
    question = {"area": 100.0, "rooms": 3, "__expected__": 1.0, "__tolerance__": 0.5}
    reasons = refusal(tmp_path, quiz=[question])
    assert "quiz: 1 of 6 questions are answered wrongly" in reasons
    assert "question 0 wants 1.0 (within 0.5) and gets" in reasons


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ({"area": 1.0, "rooms": 1, "__expected__": 1.0}, "__tolerance__"),
        ({"area": 1.0, "rooms": 1}, "__expected__"),
        ({"aera": 1.0, "__expected__": 1.0, "__tolerance__": 1.0}, "unknown"),
    ],
)
def test_a_question_that_is_none_is_refused(
    question: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    """The reason says what the question lacks."""
    assert reason in refusal(tmp_path, quiz=[question])


def test_a_right_quiz_is_kept(tmp_path: Path) -> None:
    """A frame of questions works as well as a list; they stand before the model's own."""
    model = fitted()
    expected = float(model.predict(pd.DataFrame({"area": [100.0], "rooms": [3]}))[0])
    questions = pd.DataFrame(
        {"area": [100.0], "rooms": [3], "__expected__": [expected + 1], "__tolerance__": [2.0]}
    )
    items = package(model, tmp_path, quiz=questions).quiz()
    assert [item.origin for item in items] == ["given", *["generated"] * 5]
    assert items[0].instance == {"area": 100.0, "rooms": 3}
    assert items[0].tolerance == 2.0


def test_a_quiz_of_labels_needs_no_tolerance(tmp_path: Path) -> None:
    """Labels are spelt as everywhere."""
    dear = (HOUSES.price > HOUSES.price.median()).to_numpy()
    model = LogisticRegression(max_iter=1000).fit(HOUSES[["area", "rooms"]][:200], dear[:200])
    question = {"area": 900.0, "rooms": 8, "__expected__": True}
    given = {"y_train": dear[:200], "y_test": dear[200:]}
    artefact = package(model, tmp_path, quiz=[question], **given)
    assert artefact.quiz()[0].expected == "true"
    assert artefact.manifest.output.classes == ("false", "true")
    assert artefact.manifest.output.positive == "true"
    assert artefact.manifest.output.threshold == 0.5
    assert set(artefact.manifest.metrics) == {"accuracy", "log_loss", "brier"}
    (tmp_path / "refused").mkdir()
    assert "positive class" in refusal(tmp_path / "refused", model, positive="maybe", **given)


def test_arrays_are_packaged_with_invented_names(tmp_path: Path) -> None:
    """A model trained on an array is served by column order under x0, x1, …."""
    X, y = HOUSES[["area", "rooms"]].to_numpy(), HOUSES.price.to_numpy()
    model = LinearRegression().fit(X[:200], y[:200])
    artefact = package(model, tmp_path, X_train=X[:200], X_test=X[200:], y_train=y[:200])
    assert artefact.manifest.input_form == "array"
    value = load_engine(artefact).predict([{"x1": 3.0, "x0": 100.0}]).values[0]
    assert value == pytest.approx(model.predict([[100.0, 3.0]])[0])


def test_an_array_model_takes_a_frame_of_the_same_columns(tmp_path: Path) -> None:
    """The names come from the frame then, the order too."""
    model = LinearRegression().fit(HOUSES[["area", "rooms"]].to_numpy()[:200], HOUSES.price[:200])
    artefact = package(model, tmp_path)
    assert artefact.manifest.input_form == "array"
    assert [field.name for field in artefact.manifest.input_schema.features] == ["area", "rooms"]


def test_carried_fields_are_known_and_unused(tmp_path: Path) -> None:
    """Given by name in the frames, or as a frame of their own; times become text."""
    houses = HOUSES.assign(when=pd.Timestamp("2010-05-01"))[["area", "rooms", "agent", "when"]]
    by_name = package(
        fitted(), tmp_path / "one", X_train=houses[:200], X_test=houses[200:],
        carried=["agent", "when"], time_column="when",
    )  # fmt: skip
    carried = by_name.manifest.input_schema.carried
    assert [(f.name, f.type, f.required, f.nullable) for f in carried] == [
        ("agent", "string", False, True),
        ("when", "string", False, True),
    ]
    assert by_name.manifest.training.start == "2010-05-01"
    by_frame = package(fitted(), tmp_path / "two", carried=houses[["agent", "when"]][:200])
    assert by_frame.manifest.input_schema == by_name.manifest.input_schema
    (tmp_path / "refused").mkdir()
    assert "3 carried rows" in refusal(tmp_path / "refused", carried=houses[["agent"]][:3])
    assert "carried field nobody" in refusal(tmp_path / "refused", carried=["nobody"])


def test_a_time_column_must_exist(tmp_path: Path) -> None:
    """A range of nothing is no range."""
    told = refusal(tmp_path, time_column="when")
    assert told == "there is no time column 'when'; the columns are area, rooms"


def test_a_time_column_of_the_rows_is_carried_by_itself(tmp_path: Path) -> None:
    """Whether the model knows its features by name or only counted them."""
    houses = HOUSES[["area", "rooms"]].assign(when="2010-05")
    rows = {"X_train": houses[:200], "X_test": houses[200:], "time_column": "when"}
    counted = LinearRegression().fit(HOUSES[["area", "rooms"]].to_numpy()[:200], HOUSES.price[:200])
    for place, model in (("named", fitted()), ("counted", counted)):
        for changes in ({}, {"carried": ["when"]}):
            artefact = package(model, tmp_path / f"{place}-{len(changes)}", **rows, **changes)
            (field,) = artefact.manifest.input_schema.carried
            assert (field.name, artefact.manifest.training.end) == ("when", "2010-05")
    feature = package(fitted(), tmp_path / "feature", time_column=None)
    assert feature.manifest.input_schema.carried == ()


def test_a_time_column_holds_times(tmp_path: Path) -> None:
    """A range from soon to soon is none."""
    houses = HOUSES[["area", "rooms"]].assign(when=["soon", "2010", "?", "later", "x"] * 60)
    rows = {"X_train": houses[:200], "X_test": houses[200:]}
    assert refusal(tmp_path, **rows, time_column="when") == (
        "the time column when holds 'soon', '?', 'later' and 1 more: neither an ISO date nor a year"
    )


def test_what_a_person_says_wrongly_is_told_from_what_is_wrong_with_the_model(
    tmp_path: Path,
) -> None:
    """Both are refusals; programs may want to tell them apart."""
    wrong = (
        {"schema_overrides": {"area": {"minimum": 9, "maximum": 1}}}, {"carried": ["nobody"]},
        {"time_column": "nobody"}, {"quiz": [{"area": 1.0, "rooms": 2}]},
    )  # fmt: skip
    for said in wrong:
        with pytest.raises(ArgumentRefused):
            package(fitted(), tmp_path, **said)


def test_a_refusal_holds_what_every_gate_found(tmp_path: Path) -> None:
    """If they were asked; a reason names the figure of one alone."""
    with pytest.raises(ArtefactRefused) as caught:
        package(fitted(), tmp_path, gates={"quality": {"metric": "mae", "limit": 1}})
    found = {result.gate: result.status for result in caught.value.gates}
    assert (len(found), found["quality"], found["baseline"]) == (14, "refused", "passed")
    with pytest.raises(ArtefactRefused) as caught:
        package(fitted(), tmp_path, X_test=HOUSES[["area"]][200:])
    assert caught.value.gates == ()


def test_reserved_names_are_refused(tmp_path: Path) -> None:
    """The reference sample has columns of its own."""
    houses = HOUSES[["area", "rooms"]].rename(columns={"area": "__target__"})
    model = LinearRegression().fit(houses, HOUSES.price)
    assert "ours" in refusal(tmp_path, model, X_train=houses[:200], X_test=houses[200:])


def test_a_faster_engine_that_differs_is_refused_with_its_reason(tmp_path: Path) -> None:
    """A scaler that is not what it says it is fits no plan, and the proof notices."""

    class Lying(LinearRegression):  # type: ignore[misc]
        """Looks linear and is not."""

        def predict(self, X: Any) -> Any:
            """Add a thousand."""
            return super().predict(X) + 1000

    Lying.__module__ = "sklearn.linear_model._base"
    model = Lying().fit(HOUSES[["area", "rooms"]], HOUSES.price)
    assert "200 of 200 training rows are answered otherwise" in refusal(tmp_path, model)


def test_a_number_of_a_training_level_can_be_unseen(tmp_path: Path) -> None:
    """Numbers used as levels are served far beyond the levels of training."""
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = ColumnTransformer(
        [("rooms", encoder, ["rooms"]), ("area", SimpleImputer(), ["area"])]
    )
    model = make_pipeline(columns, Ridge()).fit(HOUSES[["area", "rooms"]][:200], HOUSES.price[:200])
    artefact = package(model, tmp_path)
    assert artefact.manifest.engine == "compiled"
    assert load_engine(artefact).predict([{"area": 80.0, "rooms": 1_000_000}]).values[0]


def test_the_card_tells_what_a_person_should_know(
    linear_artefact: Artefact, multiclass_artefact: Artefact, exact_artefact: Artefact
) -> None:
    """Purpose, data, quality with intervals, engine, inputs."""
    card = (linear_artefact.folder / "card.md").read_text(encoding="utf-8")
    for expected in ("tiny-houses:1.0.0", "`price` in EUR", "220 rows", "`sold` runs from 2006 to",
                     "| mean absolute error |", "`compiled`", "| `zone` | string |",
                     "`agent`, `sold`"):  # fmt: skip
        assert expected in card
    classes = (multiclass_artefact.folder / "card.md").read_text(encoding="utf-8")
    assert "one of `low`, `mid`, `top`" in classes
    exact = (exact_artefact.folder / "card.md").read_text(encoding="utf-8")
    assert "Not in `compiled`" in exact


def test_what_is_read_back_otherwise_than_proven_is_refused(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that keeps something else than it was given makes no artefact."""
    disk = tmp_path_factory.mktemp("disk")
    monkeypatch.setattr(tempfile, "tempdir", str(disk))

    def spoil(told: str) -> None:
        if told.startswith("writing"):
            (plan,) = disk.glob("*/model.npz")
            plan.write_bytes(b"")

    reason = refusal(tmp_path, progress=spoil)
    assert reason.startswith("digest: what was written is not what was proven")


def test_an_artefact_can_be_read_by_others(tmp_path: Path) -> None:
    """The service may run as another user than the one who packages."""
    folder = package(fitted(), tmp_path).folder
    mask = os.umask(0)
    os.umask(mask)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~mask


def test_a_key_signs_what_is_packaged(tmp_path: Path) -> None:
    """Also when the same model was packaged before without it."""
    private, public = make_keys(tmp_path / "team")
    unsigned = package(fitted(), tmp_path / "out")
    signed = package(fitted(), tmp_path / "out", key=private)
    assert signed.digest == unsigned.digest
    assert check_signature(signed, read_trusted_keys(public))


def test_packagings_at_the_same_moment_end_in_one_artefact(tmp_path: Path) -> None:
    """Whoever comes second finds the same model there, and that is fine."""
    made = package(fitted(), tmp_path / "made").folder
    with ThreadPoolExecutor(8) as pool:
        settled = [pool.submit(_settle, made, tmp_path / "out" / "m", None) for _ in range(16)]
    assert len({future.result().digest for future in settled}) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["m"]


def test_what_gates_warn_of_is_logged_to_those_who_follow_no_progress(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A notebook shows it; the command line prints a table instead."""
    old = {"carried": HOUSES[:200][["sold"]], "time_column": "sold"}
    package(fitted(), tmp_path, **old, progress=[].append)
    assert not caplog.records
    package(fitted(), tmp_path / "again", **old)
    assert "test:1.0.0: the gate staleness warns" in caplog.text
