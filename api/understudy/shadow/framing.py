"""How a shadow and its child talk: JSON messages, each after its length in four bytes."""

import struct
from typing import BinaryIO

import orjson

LONGEST_BYTES = 256 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class FrameUnreadable(Exception):
    """What came through the pipe is not a message."""


def pack(message: object) -> bytes:
    """Return the message with its length in front; NumPy scalars become plain numbers."""
    body = orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY)
    return _LENGTH.pack(len(body)) + body


def take(buffer: bytearray) -> dict[str, object] | None:
    """Cut the first whole message off the buffer; None while it has not arrived in full."""
    if len(buffer) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(buffer)[0]
    if end > LONGEST_BYTES:  # something else than a message wrote into the pipe
        raise FrameUnreadable(f"sent a message of {end} bytes")
    if len(buffer) < end:
        return None
    body = bytes(buffer[_LENGTH.size : end])
    del buffer[:end]
    return _parse(body)


def read(stream: BinaryIO) -> dict[str, object] | None:
    """Wait for the next message; None when the other side has closed the pipe."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length = _LENGTH.unpack(head)[0]
    body = stream.read(length)
    return _parse(body) if len(body) == length else None


def _parse(body: bytes) -> dict[str, object]:
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FrameUnreadable(f"sent a message that is not JSON ({error})") from error
    if not isinstance(message, dict):
        raise FrameUnreadable("sent a message that is not an object")
    return message
