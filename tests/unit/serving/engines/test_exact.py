"""The exact engine rebuilds known types and nothing else."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from skops.io import dumps

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactInvalid, OutputInvalid, ScoringFailed
from understudy.packaging.inference import infer_schema
from understudy.serving.engines import load_engine
from understudy.serving.engines.exact import load_estimator, save_exact
from understudy.serving.engines.fitted import FittedModel, label_text
from understudy.serving.engines.trusted import (
    check_distributions,
    defining_distributions,
    trusted_types,
)

FRAME = tiny.make_houses()[["area", "rooms"]]
SCHEMA = infer_schema(FRAME, features=["area", "rooms"])


class Homemade(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer that no installed distribution defines."""

    def fit(self, X: Any, y: Any = None) -> "Homemade":
        """Learn nothing."""
        self.fitted_ = True
        return self

    def transform(self, X: Any) -> Any:
        """Change nothing."""
        return X


class Wrong(BaseEstimator):  # type: ignore[misc]
    """An estimator that answers whatever it is told to."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def predict(self, X: Any) -> Any:
        """Return the answer, or raise it."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def fitted(estimator: Any) -> FittedModel:
    """Return an estimator as an engine for two features."""
    return FittedModel(estimator, SCHEMA.features, "frame", OutputDescription("y"))


def test_a_loaded_model_answers_as_the_packaged_one(exact_artefact: Artefact) -> None:
    """The manifest says why a faster engine was not chosen."""
    assert exact_artefact.manifest.engine == "exact"
    assert "SVR" in exact_artefact.manifest.engine_reasons["compiled"]
    engine = load_engine(exact_artefact)
    assert engine.name == "exact"
    assert len(engine.predict(tiny.make_instances(4)).values) == 4


def test_a_class_of_nobody_is_refused() -> None:
    """A class that only the training script knows cannot be served."""
    content = dumps(make_pipeline(Homemade(), LinearRegression()).fit(FRAME, FRAME["area"]))
    with pytest.raises(ArtefactInvalid, match="Homemade"):
        load_estimator(content, [])


def test_a_function_of_a_good_library_is_refused() -> None:
    """A function may do harm with arguments that an artefact chooses."""
    content = dumps(FunctionTransformer(np.save))
    with pytest.raises(ArtefactInvalid, match="save"):
        load_estimator(content, [])


def test_a_function_of_the_standard_library_is_refused_unimported() -> None:
    """A module outside the known libraries is not even imported."""
    sys.modules.pop("this", None)
    with pytest.raises(ArtefactInvalid, match=r"this\.s"):
        trusted_types(["this.s"], [])
    assert "this" not in sys.modules


def test_a_name_that_a_library_does_not_have_is_refused() -> None:
    """Neither a missing module nor a missing class is trusted."""
    for name in ("sklearn.nothing.Here", "sklearn.base.Nothing"):
        with pytest.raises(ArtefactInvalid, match=name):
            trusted_types([name], [])


def test_garbage_is_refused() -> None:
    """What is no skops file cannot be read."""
    with pytest.raises(ArtefactInvalid, match="cannot be read"):
        load_estimator(b"garbage", [])


def test_equal_estimators_give_equal_bytes(tmp_path: Path) -> None:
    """Neither memory addresses nor the clock are part of a model."""
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        estimator = make_pipeline(FunctionTransformer(), LinearRegression())
        save_exact(estimator.fit(FRAME, FRAME["area"]), tmp_path / name)
        written.append((tmp_path / name / "model.skops").read_bytes())
    assert written[0] == written[1]
    assert load_estimator(written[0], []).predict(FRAME) == pytest.approx(FRAME["area"].to_numpy())


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install a distribution that defines an estimator and a function."""
    package = tmp_path / "acme_features"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from sklearn.base import BaseEstimator, TransformerMixin\n"
        "class Doubled(TransformerMixin, BaseEstimator):\n"
        "    def fit(self, X, y=None):\n"
        "        self.fitted_ = True\n"
        "        return self\n"
        "    def transform(self, X):\n"
        "        return X * 2\n"
        "def double(X):\n"
        "    return X * 2\n"
    )
    described = tmp_path / "acme_features-1.2.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Name: acme-features\nVersion: 1.2\n")
    (described / "top_level.txt").write_text("acme_features\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "acme_features", raising=False)
    return "acme-features"


def test_an_estimator_of_a_named_distribution_is_rebuilt(acme: str) -> None:
    """The distribution is found when packaging, named, and demanded when loading."""
    from acme_features import Doubled  # type: ignore[import-not-found]

    content = dumps(make_pipeline(Doubled(), LinearRegression()).fit(FRAME, FRAME["area"]))
    assert defining_distributions(["acme_features.Doubled", "sklearn.base.X"]) == {acme: "1.2"}
    check_distributions({acme: "1.2"})
    rebuilt = load_estimator(content, [acme])
    assert rebuilt.predict(FRAME) == pytest.approx(FRAME["area"].to_numpy())
    with pytest.raises(ArtefactInvalid, match="Doubled"):
        load_estimator(content, [])


def test_a_function_of_a_named_distribution_is_refused(acme: str) -> None:
    """Only estimator classes are accepted from elsewhere."""
    with pytest.raises(ArtefactInvalid, match="double"):
        trusted_types(["acme_features.double"], [acme])


def test_a_distribution_that_is_missing_is_named() -> None:
    """The error says what to install."""
    with pytest.raises(ArtefactInvalid, match=r"no-such-thing 1\.0"):
        check_distributions({"no-such-thing": "1.0"})


def test_an_editable_distribution_is_found_by_its_name(acme: str, tmp_path: Path) -> None:
    """An editable installation lists no packages; the name stands in."""
    (tmp_path / "acme_features-1.2.dist-info" / "top_level.txt").unlink()
    assert defining_distributions(["acme_features.Doubled"]) == {acme: "1.2"}
    assert defining_distributions(["nobody_at_all.Doubled"]) == {}


def test_a_model_that_raises_has_failed_to_score() -> None:
    """Its own error is kept as the cause."""
    with pytest.raises(ScoringFailed, match="KeyError") as caught:
        fitted(Wrong(KeyError("area"))).predict([{"area": 1.0, "rooms": 2}])
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize("answer", [np.ones(3), np.ones((1, 2))])
def test_an_output_of_another_shape_is_refused(answer: Any) -> None:
    """One number per instance is wanted."""
    with pytest.raises(OutputInvalid, match="shape"):
        fitted(Wrong(answer)).predict([{"area": 1.0, "rooms": 2}])


def test_a_single_column_of_outputs_is_accepted() -> None:
    """Some estimators keep the second dimension of a target."""
    assert fitted(Wrong(np.ones((1, 1)))).predict([{"area": 1.0, "rooms": 2}]).values == [1.0]


def test_an_array_is_given_to_a_model_trained_on_one() -> None:
    """Columns go by their order then."""
    estimator = LinearRegression().fit(FRAME.to_numpy(), FRAME["area"])
    model = FittedModel(estimator, SCHEMA.features, "array", OutputDescription("y"))
    assert model.predict([{"rooms": 3, "area": 70.0}]).values == pytest.approx([70.0])


@pytest.mark.parametrize(
    ("label", "text"),
    [(1, "1"), (1.0, "1"), (1.5, "1.5"), (True, "true"), (np.bool_(False), "false"), ("a", "a")],
)
def test_labels_are_spelt_one_way(label: object, text: str) -> None:
    """An outcome posted as JSON finds its class."""
    assert label_text(label) == text
