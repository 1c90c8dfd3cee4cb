"""Small ONNX files for tests: converted from scikit-learn, or put together by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import (
    BooleanTensorType,
    DoubleTensorType,
    FloatTensorType,
    Int64TensorType,
    StringTensorType,
)

# The last versions of the format and its operators that older runtimes read, too.
IR_VERSION = 9
OPSET = 17
KINDS = {
    "float": FloatTensorType,
    "double": DoubleTensorType,
    "int64": Int64TensorType,
    "string": StringTensorType,
    "bool": BooleanTensorType,
}


def matrix_file(estimator: Any, width: int, kind: str = "float", **options: Any) -> bytes:
    """Convert an estimator that takes all columns as one input called X; `zipmap` is an option."""
    return _converted(estimator, [("X", KINDS[kind]([None, width]))], options)


def columns_file(estimator: Any, kinds: dict[str, str], **options: Any) -> bytes:
    """Convert an estimator that takes every column as an input of its own."""
    types = [(name, KINDS[kind]([None, 1])) for name, kind in kinds.items()]
    return _converted(estimator, types, options)


def _converted(estimator: Any, types: list[tuple[str, Any]], options: dict[str, Any]) -> bytes:
    chosen = {id(estimator): options} if options else None
    model = convert_sklearn(estimator, initial_types=types, options=chosen, target_opset=OPSET)
    content: bytes = model.SerializeToString()
    return content


def with_outputs(content: bytes, *names: str) -> bytes:
    """Return a model with some of its outputs only."""
    model = ModelProto.FromString(content)
    kept = [output for output in model.graph.output if output.name in names]
    del model.graph.output[:]
    model.graph.output.extend(kept)
    return bytes(model.SerializeToString())


def weighted_sum(
    weights: Sequence[float],
    *,
    ending: str = "Identity",
    rows: int | str | None = "rows",
    domain: str = "",
    tensor: TensorProto | None = None,
    outputs: int = 1,
    taken: int = TensorProto.FLOAT,
) -> bytes:
    """Return a model that weighs the columns of X, adds them up and applies an operator."""
    table = np.array(weights, dtype=np.float32).reshape(-1, outputs)
    nodes = [
        helper.make_node("MatMul", ["X", "W"], ["Z"]),
        helper.make_node(ending, ["Z"], ["Y"], domain=domain),
    ]
    graph = helper.make_graph(
        nodes,
        "sum",
        [helper.make_tensor_value_info("X", taken, [rows, len(table)])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [rows, outputs])],
        [tensor or numpy_helper.from_array(table, "W")],
    )
    return finished(graph, domain)


def converted_column(kind: int) -> bytes:
    """Return a model that takes one column of a kind, and gives its values as numbers."""
    graph = helper.make_graph(
        [helper.make_node("Cast", ["X"], ["Y"], to=TensorProto.FLOAT)],
        "converted",
        [helper.make_tensor_value_info("X", kind, ["rows", 1])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, ["rows", 1])],
    )
    return finished(graph)


def summed_batch(width: int) -> bytes:
    """Return a model whose answer is each row's sum less the mean of all numbers of the batch."""
    nodes = [
        helper.make_node("ReduceSum", ["X", "axes"], ["S"], keepdims=1),
        helper.make_node("ReduceMean", ["X"], ["M"], keepdims=1),
        helper.make_node("Sub", ["S", "M"], ["Y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "mixed",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["rows", width])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, ["rows", 1])],
        [numpy_helper.from_array(np.array([1]), "axes")],
    )
    return finished(graph)


def finished(graph: Any, domain: str = "") -> bytes:
    """Return the bytes of a model of one graph."""
    sets = [helper.make_opsetid("", OPSET)] + [helper.make_opsetid(domain, 1)] * bool(domain)
    model = helper.make_model(graph, opset_imports=sets, ir_version=IR_VERSION)
    return bytes(model.SerializeToString())


def external_tensor(location: str, width: int) -> TensorProto:
    """Return the weights W of a model as numbers that lie in another file."""
    tensor = numpy_helper.from_array(np.ones((width, 1), dtype=np.float32), "W")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", str(4 * width))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor
