"""Types are trusted one by one, for a reason each, and a refusal says what would help."""

import importlib
import sys
from pathlib import Path

import pytest
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from skops.io import dumps

from tests import tiny
from understudy.errors import ArtefactInvalid
from understudy.serving.engines.distributions import defining_distributions
from understudy.serving.engines.exact import load_estimator
from understudy.serving.engines.trusted import CLASSES, FAMILIES, FUNCTIONS, trusted_types

FRAME = tiny.make_houses()[["area", "rooms"]]


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


def test_an_estimator_of_a_named_distribution_is_rebuilt(acme: str) -> None:
    """The distribution is found when packaging, named, and demanded when loading."""
    from acme_features import Doubled  # type: ignore[import-not-found]

    content = dumps(make_pipeline(Doubled(), LinearRegression()).fit(FRAME, FRAME["area"]))
    assert defining_distributions(["acme_features.Doubled", "sklearn.base.X"]) == {acme: "1.2"}
    rebuilt = load_estimator(content, [acme])
    assert rebuilt.predict(FRAME) == pytest.approx(FRAME["area"].to_numpy())
    with pytest.raises(ArtefactInvalid, match="Doubled"):
        load_estimator(content, [])


def test_a_function_of_a_named_distribution_is_refused(acme: str) -> None:
    """Only estimator classes are accepted from elsewhere."""
    with pytest.raises(ArtefactInvalid, match="double"):
        trusted_types(["acme_features.double"], [acme])


@pytest.mark.parametrize("name", sorted(CLASSES | FUNCTIONS | set(FAMILIES)))
def test_every_listed_name_exists(name: str) -> None:
    """A name that a library dropped would stand here for nothing."""
    module, _, last = name.rpartition(".")
    assert callable(getattr(importlib.import_module(module), last))


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("numpy.save", "may not be loaded: of known libraries only estimators"),
        ("numpy.memmap", "may not be loaded: of known libraries only estimators"),
        ("sklearn.datasets._base.load_files", "may not be loaded"),
        ("sklearn.utils._joblib.Memory", "may not be loaded"),
        ("xgboost.core.DMatrix", "may not be loaded"),
        ("lightgbm.sklearn.LGBMNothing", "may not be loaded"),
        ("__main__.<lambda>", "use a NumPy function such as numpy.log1p"),
        ("builtins.method_descriptor", "use a NumPy function such as numpy.log1p"),
        ("__main__.Mine", "no installed distribution defines; move it"),
        ("builtins.eval", "has no name"),
    ],
)
def test_a_refusal_says_what_would_help(name: str, help: str) -> None:
    """A lambda, a class of the script, a class or a function of a library that could do harm."""
    with pytest.raises(ArtefactInvalid, match=name) as caught:
        trusted_types([name], [])
    assert help in str(caught.value)


def test_known_types_are_trusted_by_name_and_by_family() -> None:
    """Functions by their names alone; classes also by what they are derived from."""
    names = [
        "sklearn.tree._tree.Tree",
        "sklearn.metrics._dist_metrics.EuclideanDistance64",
        "sklearn.metrics._dist_metrics.EuclideanDistance32",
        "sklearn.gaussian_process.kernels.RBF",
        "sklearn.model_selection._split.ShuffleSplit",
        "sklearn.impute._iterative.IterativeImputer",
        "xgboost.sklearn.XGBRegressor",
        "lightgbm.sklearn.LGBMClassifier",
        "scipy.special.expit",
        "numpy.clip",
    ]
    assert trusted_types(names, []) == names


def test_another_distribution_must_be_named(acme: str) -> None:
    """The manifest says which installed distributions the model is made of, and nothing else is."""
    with pytest.raises(ArtefactInvalid, match="the distribution acme-features is not named"):
        trusted_types(["acme_features.Doubled"], [])
    assert "acme_features" not in sys.modules
    with pytest.raises(ArtefactInvalid, match="make it a transformer"):
        trusted_types(["acme_features.double"], [acme])


def test_a_borrowed_name_is_nobodys(acme: str, tmp_path: Path) -> None:
    """A distribution with a package of the same name does not own what lies elsewhere."""
    described = tmp_path / "acme_features-1.2.dist-info"
    (described / "RECORD").write_text("acme_features/other.py,,\n")
    assert defining_distributions(["acme_features.Doubled"]) == {}
    with pytest.raises(ArtefactInvalid, match="Doubled"):
        trusted_types(["acme_features.Doubled"], [acme])
