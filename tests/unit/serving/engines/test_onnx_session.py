"""onnxruntime loads what is one whole file of rows and columns, and does nothing else."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper
from sklearn.linear_model import LinearRegression

from tests import onnx_files
from understudy.errors import ArtefactInvalid, ExtraMissing
from understudy.serving.engines import onnx_session
from understudy.serving.engines.onnx_session import OnnxSession

WEIGHTS = [1.0, -2.0, 0.5]


def one_input(kind: int, shape: list[object]) -> bytes:
    """Return a model that gives back what it takes."""
    graph = helper.make_graph(
        [helper.make_node("Identity", ["X"], ["Y"])],
        "same",
        [helper.make_tensor_value_info("X", kind, shape)],
        [helper.make_tensor_value_info("Y", kind, shape)],
    )
    return onnx_files.finished(graph)


def test_inputs_and_outputs_are_described() -> None:
    """Names, kinds and widths as the file has them."""
    session = OnnxSession(onnx_files.weighted_sum(WEIGHTS))
    assert session.is_matrix
    (taken,) = session.inputs
    assert (taken.name, taken.kind, taken.width) == ("X", "tensor(float)", 3)
    assert not taken.is_vector
    (given,) = session.outputs
    assert (given.name, given.kind, given.width) == ("Y", "tensor(float)", 1)
    free = OnnxSession(one_input(TensorProto.DOUBLE, ["rows", "columns"])).inputs[0]
    assert (free.dtype, free.width) == (np.float64, None)


def test_a_vector_of_rows_is_a_column() -> None:
    """Some exports leave the second dimension away."""
    session = OnnxSession(one_input(TensorProto.INT64, ["rows"]))
    assert (session.inputs[0].width, session.inputs[0].is_vector) == (1, True)
    (found,) = session.run([np.array([[1], [2], [3]])], ["Y"])
    assert found.tolist() == [1, 2, 3]


def test_rows_are_answered_alike_alone_and_together() -> None:
    """Of a lone row onnxruntime would add up in another order, on some machines at least."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(100, 64)).astype(np.float32)
    linear = LinearRegression().fit(rows, rows @ random.normal(size=64))
    session = OnnxSession(onnx_files.matrix_file(linear, 64))
    (together,) = session.run([rows], ["variable"])
    alone = [session.run([rows[i : i + 1]], ["variable"])[0] for i in range(100)]
    assert all(found.shape == (1, 1) for found in alone)
    np.testing.assert_array_equal(np.concatenate(alone), together)


def test_one_thread_and_no_words_are_asked_for() -> None:
    """Workers are processes, and a log of its own nobody reads."""
    options = OnnxSession(onnx_files.weighted_sum(WEIGHTS)).session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert options.use_deterministic_compute
    assert options.log_severity_level == 4


def test_numbers_in_other_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They could be any file of the machine, and are no part of the artefact."""
    monkeypatch.chdir(tmp_path)
    Path("weights.bin").write_bytes(np.ones(3, dtype=np.float32).tobytes())
    tensor = onnx_files.external_tensor("weights.bin", 3)
    with pytest.raises(ArtefactInvalid, match="keeps tensors in other files"):
        OnnxSession(onnx_files.weighted_sum(WEIGHTS, tensor=tensor))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"garbage", "cannot load the ONNX file"),
        (b"", "cannot load the ONNX file"),
        (onnx_files.weighted_sum(WEIGHTS, domain="own.operators"), "own.operators"),
        (onnx_files.weighted_sum(WEIGHTS, rows=1), "takes 1 rows of X at a time"),
        (onnx_files.weighted_sum(WEIGHTS, rows=8), "takes 8 rows of X at a time"),
        (one_input(TensorProto.FLOAT, ["rows", 3, 32]), "an instance is one row"),
        (one_input(TensorProto.FLOAT16, ["rows", 3]), r"takes tensor\(float16\) as X"),
    ],
)
def test_what_cannot_answer_instances_is_refused(content: bytes, reason: str) -> None:
    """Operators of nobody's, a fixed number of rows, pictures, types that no field has."""
    with pytest.raises(ArtefactInvalid, match=reason):
        OnnxSession(content)


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything looks into it."""
    monkeypatch.setattr(onnx_session, "MOST_BYTES", 2**20)
    with pytest.raises(ArtefactInvalid, match="has 2 MB; at most 1 are accepted"):
        OnnxSession(bytes(2**21))


def test_the_extra_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever serves no ONNX file does without 60 MB."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ExtraMissing, match=r"understudy\[onnx\]"):
        OnnxSession(onnx_files.weighted_sum(WEIGHTS))


def test_loading_starts_no_thread() -> None:
    """Nothing runs beside the worker that serves."""
    before = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - these are threads, not files
    session = OnnxSession(onnx_files.weighted_sum(WEIGHTS))
    session.run([np.ones((1000, 3), dtype=np.float32)], ["Y"])
    assert len(os.listdir("/proc/self/task")) == before  # noqa: PTH208
