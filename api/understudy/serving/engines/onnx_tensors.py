"""Finds tensors of an ONNX model that lie in other files, without a library that reads ONNX."""

from collections.abc import Iterator

from understudy.errors import ArtefactInvalid

# The fields of each message of onnx.proto in which there are tensors, or messages with tensors.
INNER: dict[str, dict[int, str]] = {
    "ModelProto": {7: "GraphProto", 20: "TrainingInfoProto", 25: "FunctionProto"},
    "TrainingInfoProto": {1: "GraphProto", 2: "GraphProto"},
    "FunctionProto": {7: "NodeProto", 11: "AttributeProto"},
    "GraphProto": {1: "NodeProto", 5: "TensorProto", 15: "SparseTensorProto"},
    "NodeProto": {5: "AttributeProto"},
    "AttributeProto": {
        5: "TensorProto", 6: "GraphProto", 10: "TensorProto", 11: "GraphProto",
        22: "SparseTensorProto", 23: "SparseTensorProto",
    },
    "SparseTensorProto": {1: "TensorProto", 2: "TensorProto"},
    "TensorProto": {},
}  # fmt: skip
# Where a TensorProto says that its numbers lie elsewhere: `external_data` and `data_location`.
EXTERNAL_DATA = 13
DATA_LOCATION = 14
# The key without which no external file can be named.
LOCATION = b"location"
# Sizes of the kinds of values whose size is known: 64 and 32 bits.
SIZES = {1: 8, 5: 4}


def has_external_tensors(content: bytes) -> bool:
    """
    Tell whether a model says that any of its tensors lies in another file.

    Raises ArtefactInvalid for bytes that are no protocol buffer.
    """
    if LOCATION not in content:
        return False
    try:
        return _is_external("ModelProto", memoryview(content))
    except IndexError:
        raise ArtefactInvalid("The ONNX file is cut short, or none.") from None


def _is_external(message: str, content: memoryview) -> bool:
    inner = INNER[message]
    for field, value in _fields(content):
        if message == "TensorProto":
            if field == EXTERNAL_DATA or (field == DATA_LOCATION and value != 0):
                return True
        elif field in inner and isinstance(value, memoryview) and _is_external(inner[field], value):
            return True
    return False


def _fields(content: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Yield the fields of a message: numbers as they are, anything longer as bytes."""
    place, end = 0, len(content)
    while place < end:
        key, place = _number(content, place)
        kind = key & 7
        if kind == 0:
            value, place = _number(content, place)
            yield key >> 3, value
            continue
        if kind == 2:
            size, place = _number(content, place)
        elif kind in SIZES:
            size = SIZES[kind]
        else:
            raise IndexError(kind)
        if place + size > end:
            raise IndexError(place)
        yield key >> 3, content[place : place + size]
        place += size


def _number(content: memoryview, place: int) -> tuple[int, int]:
    """Return the number at a place, and the place after it."""
    number = shift = 0
    while True:
        byte = content[place]
        place += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, place
        shift += 7
