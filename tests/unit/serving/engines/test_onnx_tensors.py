"""Tensors in other files are found wherever a model can hide them."""

from contextlib import suppress
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from tests import onnx_files
from understudy.errors import ArtefactInvalid
from understudy.serving.engines.onnx_tensors import (
    DATA_LOCATION,
    EXTERNAL_DATA,
    INNER,
    has_external_tensors,
)

PLAIN = onnx_files.weighted_sum([1.0, 2.0])
TENSOR = onnx_files.external_tensor("weights.bin", 2)
VALUE = helper.make_tensor_value_info("X", TensorProto.FLOAT, ["rows", 2])


def graph_of(*nodes: Any, tensors: Any = (), sparse: Any = ()) -> Any:
    """Return a graph of some nodes."""
    return helper.make_graph(
        list(nodes), "g", [VALUE], [VALUE], list(tensors), sparse_initializer=sparse
    )


def node_with(name: str, value: Any) -> Any:
    """Return a node with an attribute."""
    node = helper.make_node("Identity", ["X"], ["Y"])
    node.attribute.append(helper.make_attribute(name, value))
    return node


def sparse_tensor() -> Any:
    """Return a sparse tensor of which the places lie elsewhere."""
    found = onnx.SparseTensorProto(dims=[2])
    found.values.CopyFrom(numpy_helper.from_array(np.ones(1, dtype=np.float32)))
    found.indices.CopyFrom(TENSOR)
    return found


def trained_model() -> bytes:
    """Return a model that holds a graph to train it with."""
    model = onnx.ModelProto.FromString(PLAIN)
    model.training_info.add().algorithm.CopyFrom(graph_of(tensors=[TENSOR]))
    return bytes(model.SerializeToString())


def model_with_function() -> bytes:
    """Return a model that brings a function of its own."""
    model = onnx.ModelProto.FromString(PLAIN)
    function = model.functions.add()
    function.name, function.domain = "f", "own"
    function.node.append(node_with("value", TENSOR))
    return bytes(model.SerializeToString())


HIDDEN = {
    "initialiser": lambda: onnx_files.weighted_sum([1.0, 2.0], tensor=TENSOR),
    "constant": lambda: onnx_files.finished(graph_of(node_with("value", TENSOR))),
    "constants": lambda: onnx_files.finished(graph_of(node_with("values", [TENSOR, TENSOR]))),
    "branch": lambda: onnx_files.finished(
        graph_of(node_with("then_branch", graph_of(tensors=[TENSOR])))
    ),
    "branches": lambda: onnx_files.finished(
        graph_of(node_with("bodies", [graph_of(), graph_of(tensors=[TENSOR])]))
    ),
    "sparse": lambda: onnx_files.finished(graph_of(sparse=[sparse_tensor()])),
    "training": trained_model,
    "function": model_with_function,
}


@pytest.mark.parametrize("place", HIDDEN)
def test_a_tensor_elsewhere_is_found(place: str) -> None:
    """In graphs within graphs, in attributes, functions and what a model is trained with."""
    assert has_external_tensors(HIDDEN[place]())


def test_a_tensor_that_only_names_a_place_is_found() -> None:
    """Whoever reads it might go by either of the two fields."""
    tensor = onnx_files.external_tensor("location", 2)
    tensor.ClearField("data_location")
    assert has_external_tensors(onnx_files.weighted_sum([1, 2], tensor=tensor))
    tensor.ClearField("external_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.doc_string = "location"
    assert has_external_tensors(onnx_files.weighted_sum([1, 2], tensor=tensor))


def test_whole_models_have_none() -> None:
    """A column may well be called location, and numbers may be spread over the message."""
    assert not has_external_tensors(PLAIN)
    tensor = helper.make_tensor("W", TensorProto.DOUBLE, [2], [1.0, 2.0])
    named = helper.make_node("Identity", ["X"], ["Y"], name="location", alpha=1.5)
    assert not has_external_tensors(onnx_files.finished(graph_of(named, tensors=[tensor])))


def test_the_numbers_of_the_fields_are_those_of_the_format() -> None:
    """Every place in which onnx.proto allows a tensor is looked at."""
    for message, inner in INNER.items():
        fields = getattr(onnx, message).DESCRIPTOR.fields
        found = {field.number: field.message_type.name for field in fields if field.message_type}
        assert inner == {number: name for number, name in found.items() if name in INNER}
    names = {field.name: field.number for field in onnx.TensorProto.DESCRIPTOR.fields}
    assert (names["external_data"], names["data_location"]) == (EXTERNAL_DATA, DATA_LOCATION)


@pytest.mark.parametrize("content", [b"location", b"\x0blocation", b"\x38\xfflocation"])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    """A field that is longer than the file, of a kind there is not, or a number without an end."""
    with pytest.raises(ArtefactInvalid, match="cut short"):
        has_external_tensors(content + b"\xff")


@given(st.binary(max_size=60), st.integers(0, len(PLAIN)))
@settings(max_examples=60, deadline=None)
def test_no_bytes_end_in_another_error(noise: bytes, place: int) -> None:
    """Whatever is in the file, it has such tensors, has none, or is refused."""
    content = HIDDEN["function"]()
    with suppress(ArtefactInvalid):
        has_external_tensors(content[:place] + noise + content[place:])
