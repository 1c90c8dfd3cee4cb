"""Answered requests as lines of COPY, the fastest way into a table."""

from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from understudy.records import ServedRequest

COLUMNS = (
    "endpoint", "request_id", "instance_no", "client_id", "served_at", "recorded_at",
    "shipment_id", "name", "version", "deployment_id", "instance", "output", "value", "label",
)  # fmt: skip

NULL = b"\\N"
# What COPY's text format would take for its own signs.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def encode(request: ServedRequest, endpoint: str, recorded_at: datetime, shipment_id: int) -> bytes:
    """
    Return one line per instance of a request.

    Raises ValueError, TypeError, OverflowError or OSError (a time beyond the machine's calendar)
    for a request that no column can hold, such as one with more instances than outputs.
    """
    served_at = datetime.fromtimestamp(request.served_at, UTC).isoformat()
    before = b"\t".join((_text(endpoint), _text(request.request_id), b""))
    answered_by = request.deployment_id
    between = b"\t".join(
        (
            b"",
            _optional(request.client_id),
            served_at.encode(),
            recorded_at.isoformat().encode(),
            b"%d" % shipment_id,
            _text(request.name),
            _text(request.version),
            NULL if answered_by is None else b"%d" % answered_by,
            b"",
        )
    )
    lines = (
        before + b"%d" % number + between + cells for number, cells in enumerate(_cells(request))
    )
    return b"".join(lines)


def _cells(request: ServedRequest) -> Iterator[bytes]:
    """Yield what differs from instance to instance."""
    rows = zip(request.instances, request.outputs, request.values, request.labels, strict=True)
    for instance, output, value, label in rows:
        number = NULL if value is None else repr(float(value)).encode()
        yield b"\t".join((_json(instance), _json(output), number, _optional(label))) + b"\n"


def _json(value: object) -> bytes:
    # Control characters are escaped by JSON already, so only its backslashes need a second one.
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).replace(b"\\", b"\\\\")


def cell(value: object) -> bytes:
    """Return one value as COPY's text format has it; None is its null."""
    return NULL if value is None else _text(str(value))


def _text(value: str) -> bytes:
    return value.translate(_ESCAPES).encode()


def _optional(value: str | None) -> bytes:
    return NULL if value is None else _text(value)
