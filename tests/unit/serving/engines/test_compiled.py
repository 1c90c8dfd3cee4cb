"""The compiled engine refuses what is not a plan and says where a model has no answer."""

import io
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactInvalid, OutputInvalid, ScoringFailed
from understudy.serving.engines import load_engine
from understudy.serving.engines.compiled import CompiledModel, load_compiled
from understudy.serving.engines.plan import Columns, Document, Forest, Group, Head, Plan, Step


def copy_of(artefact: Artefact, folder: Path) -> Artefact:
    """Return an artefact whose files may be spoilt."""
    shutil.copytree(artefact.folder, folder)
    return Artefact(folder, artefact.manifest)


def logarithm_model() -> CompiledModel:
    """Return a model that answers with the logarithm of `x`."""
    columns = Columns(("x",), (), (), (Group((0,), (Step("log"),)),))
    arrays = {"weights": np.ones((1, 1)), "base": np.zeros(1)}
    return CompiledModel(Plan(Document(columns, Head("identity")), arrays), OutputDescription("y"))


def test_a_loaded_model_answers_as_the_packaged_one(linear_artefact: Artefact) -> None:
    """What is written to disk is the whole model."""
    engine = load_engine(linear_artefact)
    assert engine.name == "compiled"
    predictions = engine.predict(tiny.make_instances(20))
    assert len(predictions.outputs) == len(predictions.values) == len(predictions.labels) == 20
    assert all(isinstance(value, float) for value in predictions.outputs)
    assert set(predictions.labels) == {None}


def test_an_output_that_is_not_finite_names_its_instance() -> None:
    """The third instance has no logarithm."""
    model = logarithm_model()
    with pytest.raises(OutputInvalid, match="instance 2") as caught:
        model.predict([{"x": 1.0}, {"x": 2.0}, {"x": -1.0}])
    assert caught.value.instance == 2
    assert model.predict([{"x": math.e}]).values == [1.0]


def test_what_no_contract_would_accept_is_a_failed_scoring() -> None:
    """An instance that was never validated does not leave a bare ValueError behind."""
    with pytest.raises(ScoringFailed, match="compiled model"):
        logarithm_model().predict([{"x": "a text"}])


@pytest.mark.parametrize("file", ["model.json", "model.npz"])
def test_a_file_that_is_not_a_plan_is_refused(
    linear_artefact: Artefact, tmp_path: Path, file: str
) -> None:
    """Garbage is named as such."""
    spoilt = copy_of(linear_artefact, tmp_path / "spoilt")
    (spoilt.folder / file).write_bytes(b"garbage")
    with pytest.raises(ArtefactInvalid, match="cannot be read"):
        load_compiled(spoilt)


def test_an_array_too_large_for_any_machine_is_refused(
    linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A header may claim whatever it likes."""
    spoilt = copy_of(linear_artefact, tmp_path / "spoilt")
    header = io.BytesIO()
    claimed = {"descr": "<f8", "fortran_order": False, "shape": (10**15,)}
    np.lib.format.write_array_header_1_0(header, claimed)
    with ZipFile(spoilt.folder / "model.npz", "w") as arrays:
        arrays.writestr("weights.npy", header.getvalue())
    with pytest.raises(ArtefactInvalid, match=r"cannot be (loaded|read)"):
        load_engine(spoilt)


def test_pickled_arrays_are_refused(linear_artefact: Artefact, tmp_path: Path) -> None:
    """An array of objects would be unpickled, and is not."""
    spoilt = copy_of(linear_artefact, tmp_path / "spoilt")
    objects: Any = np.array([{"a": 1}], dtype=object)
    np.savez(spoilt.folder / "model.npz", weights=objects, base=np.zeros(1))
    with pytest.raises(ArtefactInvalid, match="allow_pickle"):
        load_compiled(spoilt)


def test_a_plan_with_an_unknown_part_is_refused(linear_artefact: Artefact, tmp_path: Path) -> None:
    """Nothing that a plan does not declare is read over."""
    spoilt = copy_of(linear_artefact, tmp_path / "spoilt")
    content = json.loads((spoilt.folder / "model.json").read_bytes())
    (spoilt.folder / "model.json").write_text(json.dumps(content | {"code": "print(1)"}))
    with pytest.raises(ArtefactInvalid, match="code"):
        load_compiled(spoilt)


def test_arrays_that_lack_a_part_are_refused(boosting_artefact: Artefact, tmp_path: Path) -> None:
    """A forest without thresholds does not hang together."""
    spoilt = copy_of(boosting_artefact, tmp_path / "spoilt")
    np.savez(spoilt.folder / "model.npz", values=np.zeros(1), first=np.zeros(1))
    with pytest.raises(ArtefactInvalid, match="hang together"):
        load_compiled(spoilt)


def test_a_function_that_is_not_listed_never_runs() -> None:
    """A plan cannot name any function it likes."""
    columns = Columns(("x",), (), (), (Group((0,), (Step("system"),)),))
    arrays = {"weights": np.ones((1, 1)), "base": np.zeros(1)}
    model = CompiledModel(Plan(Document(columns, Head("identity")), arrays), OutputDescription("y"))
    with pytest.raises(ScoringFailed, match="system"):
        model.predict([{"x": 1.0}])


def test_a_batch_larger_than_a_chunk_is_put_together_in_order(boosting_artefact: Artefact) -> None:
    """The forest is evaluated in pieces, and nobody can tell."""
    engine = load_engine(boosting_artefact)
    assert isinstance(engine, CompiledModel)
    instances = tiny.make_instances(50)
    whole = engine.predict(instances).values
    runner: Any = engine.run.__self__  # type: ignore[attr-defined]
    runner.rows = 7
    assert engine.predict(instances).values == whole


def test_a_binary_model_tells_label_probabilities_and_the_positive_one(
    binary_artefact: Artefact,
) -> None:
    """The primary value is the probability of the positive class; the label is above one half."""
    predictions = load_engine(binary_artefact).predict(tiny.make_instances(30))
    for output, value, label in zip(
        predictions.outputs, predictions.values, predictions.labels, strict=True
    ):
        assert isinstance(output, dict)
        assert set(output) == {"label", "probabilities"}
        assert output["probabilities"]["dear"] == value
        assert sum(output["probabilities"].values()) == pytest.approx(1)
        assert label == output["label"] == ("dear" if value and value > 0.5 else "cheap")


def test_a_multiclass_model_has_no_primary_value(multiclass_artefact: Artefact) -> None:
    """There is a label with the largest probability, and no single number."""
    predictions = load_engine(multiclass_artefact).predict(tiny.make_instances(10))
    assert set(predictions.values) == {None}
    for output, label in zip(predictions.outputs, predictions.labels, strict=True):
        assert isinstance(output, dict)
        assert label == max(output["probabilities"], key=output["probabilities"].get)


def test_a_forest_without_missing_values_refuses_what_overflows() -> None:
    """Like scikit-learn, a 32-bit forest has no answer to a number beyond 32 bits."""
    forest = Forest("tables", 1, 1, single=True, accepts_missing=False, mean=False, depth=1)
    arrays: dict[str, Any] = {
        "values": np.array([1.0, 2.0]), "first": np.zeros(1), "base": np.zeros(1),
        "feature": np.zeros(1), "threshold": np.zeros(1, dtype=np.float32),
        "missing_left": np.zeros(1), "mask": np.array([[2]], dtype=np.uint8),
        "tree": np.zeros(1), "level_nodes": np.zeros(0),
        "level_slots": np.zeros(0), "level_left": np.zeros((0, 2)),
    }  # fmt: skip
    columns = Columns(("x",), (), (), (Group((0,)),))
    plan = Plan(Document(columns, Head("identity"), forest), arrays)
    model = CompiledModel(plan, OutputDescription("y"))
    assert model.predict([{"x": -1.0}, {"x": 1.0}]).values == [1.0, 2.0]
    with pytest.raises(OutputInvalid):
        model.predict([{"x": 1e300}])
    generous = replace(plan.document, forest=replace(forest, accepts_missing=True))
    assert CompiledModel(Plan(generous, arrays), OutputDescription("y")).predict(
        [{"x": 1e300}]
    ).values == [2.0]
