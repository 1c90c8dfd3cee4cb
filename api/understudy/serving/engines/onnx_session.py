"""An ONNX file opened by onnxruntime: what it takes, what it gives, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.errors import ArtefactInvalid, ExtraMissing
from understudy.serving.engines.onnx_tensors import has_external_tensors

MOST_BYTES = 512 * 2**20
# What an input may take, by the name onnxruntime has for it.
DTYPES: dict[str, type[Any]] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.object_,
}
NUMBERS = ("tensor(float)", "tensor(double)")
MAPS = ("seq(map(int64,tensor(float)))", "seq(map(string,tensor(float)))")
LABELS = ("tensor(int64)", "tensor(string)")


@dataclass(frozen=True)
class Input:
    """One input: its name, its kind, and its number of columns where that is known."""

    name: str
    kind: str
    width: int | None
    is_vector: bool

    @property
    def dtype(self) -> type[Any]:
        """The NumPy type of its values."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Output:
    """One output: its name, its kind, and its number of columns where that is known."""

    name: str
    kind: str
    width: int | None


class OnnxSession:
    """A model that onnxruntime has loaded from bytes, on one thread."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.session = _start(content)
        self.inputs = tuple(_input(found) for found in self.session.get_inputs())
        self.outputs = tuple(
            Output(found.name, found.type, _width(found)) for found in self.session.get_outputs()
        )

    @property
    def is_matrix(self) -> bool:
        """Whether all columns go into one input."""
        return len(self.inputs) == 1

    def run(self, arrays: Sequence[NDArray[Any]], outputs: Sequence[str]) -> list[Any]:
        """
        Return the named outputs for one array per input, each with a row per instance.

        A lone row is run twice: for a single one onnxruntime adds up in another order than for
        several, and an answer must not depend on the neighbours.
        """
        rows = len(arrays[0])
        if rows == 1:
            arrays = [np.concatenate([array, array]) for array in arrays]
        feed = {
            taken.name: array[:, 0] if taken.is_vector else array
            for taken, array in zip(self.inputs, arrays, strict=True)
        }
        found = self.session.run(list(outputs), feed)
        return [output[:rows] for output in found] if rows == 1 else list(found)


def _start(content: bytes) -> Any:
    """Let onnxruntime load a model, with no custom operators and no other files."""
    runtime = _runtime()
    if len(content) > MOST_BYTES:
        raise ArtefactInvalid(
            f"The ONNX file has {len(content) / 2**20:.0f} MB;"
            f" at most {MOST_BYTES / 2**20:.0f} are accepted."
        )
    # Loaded from bytes, onnxruntime would look for them in the working directory.
    if has_external_tensors(content):
        raise ArtefactInvalid(
            "The ONNX file keeps tensors in other files; save it as one"
            " (onnx.save with save_as_external_data=False)."
        )
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        told = " ".join(str(error).split())
        raise ArtefactInvalid(f"onnxruntime cannot load the ONNX file: {told}") from error


def _runtime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ExtraMissing("An ONNX model", ["onnxruntime"], "onnx") from error
    return onnxruntime


def _input(found: Any) -> Input:
    if found.type not in DTYPES:
        raise ArtefactInvalid(
            f"The ONNX file takes {found.type} as {found.name}; of inputs there may be"
            f" {', '.join(DTYPES)}."
        )
    shape = found.shape
    if len(shape) not in (1, 2):
        raise ArtefactInvalid(
            f"The ONNX file takes {found.name} of the shape {shape}, but an instance is one row:"
            " export it with inputs of rows and columns."
        )
    if isinstance(shape[0], int):
        raise ArtefactInvalid(
            f"The ONNX file takes {shape[0]} rows of {found.name} at a time: export it with a free"
            " first dimension (dynamic_axes, or None in initial_types)."
        )
    return Input(found.name, found.type, _width(found), len(shape) == 1)


def _width(found: Any) -> int | None:
    """Return the number of columns; a sequence of maps has no shape."""
    shape: list[Any] = list(found.shape or ())
    if len(shape) == 2:
        return shape[1] if isinstance(shape[1], int) else None
    return 1 if len(shape) == 1 else None
