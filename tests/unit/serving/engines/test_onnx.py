"""The onnx engine gives instances to an ONNX file as onnxruntime itself would have them."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests import onnx_files, tiny
from understudy import package_model
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactInvalid, ExtraMissing, OutputInvalid, ScoringFailed
from understudy.packaging.inference import infer_schema
from understudy.serving.engines import load_engine
from understudy.serving.engines.onnx import OnnxModel
from understudy.serving.engines.onnx_session import OnnxSession

NUMBERS = ["area", "rooms", "built"]
HOUSES = tiny.make_houses()
PRICE = HOUSES["price"].to_numpy()


@cache
def houses_file(kind: str = "float") -> bytes:
    """Return a regression on three numbers."""
    estimator = make_pipeline(StandardScaler(), Ridge()).fit(HOUSES[NUMBERS].to_numpy(), PRICE)
    return onnx_files.matrix_file(estimator, 3, kind)


def engine_for(content: bytes, names: list[str], output: Any = None) -> OnnxModel:
    """Return a file as an engine for some columns of the houses."""
    fields = infer_schema(HOUSES, features=names).features
    return OnnxModel(OnnxSession(content), fields, output or OutputDescription("price"))


def package_houses(out: Path) -> Artefact:
    """Package the regression as an artefact."""
    return package_model(
        houses_file(), name="houses", version="1.0.0", out=out,
        X_train=HOUSES[NUMBERS][:220], y_train=PRICE[:220],
        X_test=HOUSES[NUMBERS][220:], y_test=PRICE[220:],
    )  # fmt: skip


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """Return the packaged regression."""
    return package_houses(tmp_path_factory.mktemp("onnx"))


@pytest.mark.parametrize("kind", ["float", "double"])
def test_one_input_takes_all_columns_in_their_order(kind: str) -> None:
    """Whatever the order of the keys, and with NaN for a null."""
    engine = engine_for(houses_file(kind), NUMBERS)
    rows = HOUSES[NUMBERS].to_numpy()
    dtype = np.float32 if kind == "float" else np.float64
    truth = engine.session.session.run(None, {"X": rows.astype(dtype)})[0][:, 0]
    instances = [dict(zip(NUMBERS[::-1], row[::-1], strict=True)) for row in rows.tolist()]
    found = engine.score(instances)
    assert found.values is not None
    np.testing.assert_array_equal(found.values, truth.astype(np.float64))
    assert not engine.score([{"area": None, "rooms": 3, "built": 1999}]).is_valid()[0]


def test_every_input_takes_the_column_it_is_called_after() -> None:
    """Numbers of each kind, text and flags."""
    columns = ColumnTransformer(
        [
            ("levels", OneHotEncoder(handle_unknown="ignore"), ["zone"]),
            ("numbers", StandardScaler(), NUMBERS),
        ],
    )
    estimator = make_pipeline(columns, Ridge()).fit(HOUSES[[*NUMBERS, "zone"]], PRICE)
    kinds = {"zone": "string", "area": "float", "built": "float", "rooms": "int64"}
    engine = engine_for(onnx_files.columns_file(estimator, kinds), [*NUMBERS, "zone"])
    instances = HOUSES[[*NUMBERS, "zone"]].to_dict("records")
    found = engine.score(instances).values
    np.testing.assert_allclose(found, estimator.predict(HOUSES), rtol=1e-4)


def test_the_only_input_takes_the_only_feature() -> None:
    """Whatever its name, a text or a flag."""
    encoder = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    encoder.fit(HOUSES[["zone"]].to_numpy(dtype=object), np.median(PRICE) < PRICE)
    output = OutputDescription("y", classes=("0", "1"), has_probabilities=True)
    content = onnx_files.columns_file(encoder, {"anything": "string"}, zipmap=False)
    found = engine_for(content, ["zone"], output).predict(HOUSES[["zone"]].to_dict("records"))
    assert set(found.labels) == {"0", "1"}
    flag = onnx_files.converted_column(TensorProto.BOOL)
    engine = engine_for(flag, ["garage"])
    assert engine.predict([{"garage": True}, {"garage": False}]).values == [1.0, 0.0]


def test_no_instances_get_no_scores() -> None:
    """An empty batch does not reach onnxruntime."""
    assert len(engine_for(houses_file(), NUMBERS).score([])) == 0
    output = OutputDescription("y", classes=("0", "1"), has_probabilities=True)
    content = onnx_files.weighted_sum([1, 1, 1], ending="Sigmoid")
    scores = engine_for(content, NUMBERS, output).score([])
    assert scores.probabilities is not None
    assert scores.probabilities.shape == (0, 2)


def test_what_an_input_cannot_hold_is_a_failure_to_score() -> None:
    """The error of NumPy or onnxruntime is kept as the cause."""
    with pytest.raises(ScoringFailed, match="ValueError") as caught:
        engine_for(houses_file(), NUMBERS).predict([{"area": "large", "rooms": 1, "built": 1}])
    assert isinstance(caught.value.__cause__, ValueError)
    wide = engine_for(onnx_files.weighted_sum([1, 2]), NUMBERS)
    with pytest.raises(ScoringFailed, match="InvalidArgument"):
        wide.predict([{"area": 1, "rooms": 1, "built": 1}])


def test_two_numbers_per_instance_are_no_regression() -> None:
    """Whatever the file says of its width."""
    engine = engine_for(onnx_files.weighted_sum([1] * 6, outputs=2), NUMBERS)
    with pytest.raises(OutputInvalid, match=r"shape \(1, 2\) for 1"):
        engine.predict([{"area": 1, "rooms": 1, "built": 1}])


def test_a_packaged_file_is_served_by_its_own_engine(packaged: Artefact) -> None:
    """The manifest names the engine, why not a faster one, and the distribution that it needs."""
    manifest = packaged.manifest
    assert manifest.engine == "onnx"
    assert manifest.engine_reasons == {"compiled": "an ONNX file has no steps to translate"}
    assert list(manifest.distributions) == ["onnxruntime"]
    assert manifest.libraries["onnxruntime"] == manifest.distributions["onnxruntime"]
    assert (packaged.folder / "model.onnx").read_bytes() == houses_file()
    engine = load_engine(packaged)
    assert engine.name == "onnx"
    row = HOUSES[NUMBERS].iloc[0].to_dict()
    truth = engine_for(houses_file(), NUMBERS).predict([row]).values
    assert engine.predict([row]).values == truth


def test_the_same_file_gives_the_same_digest(packaged: Artefact, tmp_path: Path) -> None:
    """Nothing of this machine or moment is part of it."""
    assert package_houses(tmp_path).digest == packaged.digest


def test_an_artefact_without_its_runtime_says_so(
    packaged: Artefact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'understudy\[onnx\]'"):
        load_engine(packaged)


def test_a_file_put_in_its_place_is_refused(packaged: Artefact, tmp_path: Path) -> None:
    """Even if its digest were right: loading looks at the file again."""
    tensor = onnx_files.external_tensor("/etc/hostname", 3)
    (tmp_path / "model.onnx").write_bytes(onnx_files.weighted_sum([1, 1, 1], tensor=tensor))
    with pytest.raises(ArtefactInvalid, match="other files"):
        load_engine(Artefact(tmp_path, packaged.manifest))


SCRIPT = """
import json, sys
from pathlib import Path
from understudy.artefacts.artefact import open_artefact
from understudy.serving.engines import load_engine
from understudy.serving.engines.quiz import check_quiz

artefact = open_artefact(Path(sys.argv[1]))
check_quiz(load_engine(artefact), artefact)
print(json.dumps(sorted(sys.modules)))
"""


def test_serving_a_file_needs_no_training_library(packaged: Artefact) -> None:
    """Neither pandas nor scikit-learn is imported, nor the library that reads ONNX."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(packaged.folder)],
        capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )  # fmt: skip
    modules = set(json.loads(done.stdout))
    assert "onnxruntime" in modules
    assert not {"pandas", "sklearn", "scipy", "pyarrow", "skops", "onnx"} & modules
