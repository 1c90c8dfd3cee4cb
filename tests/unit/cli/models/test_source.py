"""A source is training code or a file that holds a model, and nothing that runs when loaded."""

import pickle
from pathlib import Path

import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.linear_model import Ridge

from understudy.cli.models.source import read_source
from understudy.errors import ArtefactInvalid, UsageError


class Homemade(BaseEstimator):  # type: ignore[misc]
    """An estimator that no installed distribution defines."""


def test_a_skops_file_gives_its_estimator(tmp_path: Path) -> None:
    """As it was fitted."""
    path = tmp_path / "model.skops"
    skops.io.dump(Ridge().fit([[0.0], [1.0]], [1.0, 3.0]), path)
    read = read_source(str(path))
    assert (read["estimator"].coef_.shape, read["code"]) == ((1,), path)


def test_an_onnx_file_is_handed_on_as_it_is(tmp_path: Path) -> None:
    """Packaging reads it."""
    path = tmp_path / "model.onnx"
    path.touch()
    assert read_source(str(path)) == {"estimator": path, "code": path}


def test_code_gives_whatever_it_returns(tmp_path: Path) -> None:
    """If package_model knows it by name."""
    path = tmp_path / "code.py"
    path.write_text("def train():\n    return {'name': 'a', 'unit': 'EUR'}\n")
    assert read_source(f"{path}:train") == {"code": path, "name": "a", "unit": "EUR"}


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        ("None", "returned nothing, but a mapping"),
        ("1, 2", "returned a tuple, but a mapping"),
        ("int", "returned a type"),
        ("OSError()", "returned an OSError"),
        ("{'X_tain': 1}", "'X_tain', which package_model does not know; did you mean 'X_train'?"),
        ("{7: 1}", "returned 7, which package_model does not know; it knows estimator, name,"),
    ],
)
def test_code_that_returns_something_else_is_told_what_is_wanted(
    tmp_path: Path, returned: str, says: str
) -> None:
    """With the nearest name that is known."""
    path = tmp_path / "other.py"
    path.write_text(f"def train():\n    return {returned}\n")
    with pytest.raises(UsageError) as raised:
        read_source(f"{path}:train")
    assert says in str(raised.value)


@pytest.mark.parametrize("name", ["model.pkl", "model.pickle", "model.joblib"])
def test_a_pickle_is_never_opened(tmp_path: Path, name: str) -> None:
    """Not even to look: the file that is refused here would have run code."""
    path = tmp_path / name
    path.write_bytes(pickle.dumps(Ridge()))
    with pytest.raises(UsageError, match=r"runs? whatever code .* skops\.io\.dump"):
        read_source(str(path))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("model.onnx", "There is no file model.onnx"),
        ("model.skops", "There is no file model.skops"),
        ("model.h5", "is no source of a model; give FILE.py:function"),
        ("missing.py", "is no source of a model"),
        (__file__, r"Say which function of .*:train"),
    ],
)
def test_what_is_no_source_is_told_what_would_be(source: str, says: str) -> None:
    """Before anything is imported."""
    with pytest.raises(UsageError, match=says):
        read_source(source)


def test_a_file_that_skops_did_not_write_is_named(tmp_path: Path) -> None:
    """A pickle that calls itself skops is none."""
    path = tmp_path / "model.skops"
    path.write_bytes(pickle.dumps(Ridge()))
    with pytest.raises(UsageError, match="was not written by skops"):
        read_source(str(path))


def test_a_type_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """A class of this very file could do anything when it is rebuilt."""
    path = tmp_path / "model.skops"
    skops.io.dump(Homemade(), path)
    with pytest.raises(ArtefactInvalid, match=r"Homemade, which no installed distribution defines"):
        read_source(str(path))
