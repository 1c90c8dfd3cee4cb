"""Answered requests as lines of COPY, the fastest way into a table."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

import orjson

from understudy.records import ServedRequest

# What many requests share comes first, then what belongs to one, then what to one instance.
COLUMNS = (
    "endpoint", "recorded_at", "shipment_id", "name", "version", "deployment_id",
    "request_id", "client_id", "served_at",
    "instance_no", "instance", "output", "value", "label",
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
    place = endpoint, recorded_at, shipment_id
    head = b"%b\t%b\t%b\t%b\t" % (
        _shared(*place, request.name, request.version, request.deployment_id),
        _text(request.request_id),
        optional(request.client_id),
        orjson.dumps(datetime.fromtimestamp(request.served_at, UTC))[1:-1],
    )
    return b"".join(b"%b%d\t%b" % (head, *numbered) for numbered in enumerate(_cells(request)))


@lru_cache(maxsize=16)
def _shared(
    endpoint: str,
    recorded_at: datetime,
    shipment_id: int,
    name: str,
    version: str,
    deployment_id: int | None,
) -> bytes:
    return b"\t".join(
        (
            _text(endpoint),
            recorded_at.isoformat().encode(),
            b"%d" % shipment_id,
            _text(name),
            _text(version),
            NULL if deployment_id is None else b"%d" % deployment_id,
        )
    )


def _cells(request: ServedRequest) -> Iterator[bytes]:
    """Yield what differs from instance to instance."""
    rows = zip(request.instances, request.outputs, request.values, request.labels, strict=True)
    for instance, output, value, label in rows:
        number = NULL if value is None else repr(float(value)).encode()
        yield b"%b\t%b\t%b\t%b\n" % (json(instance), json(output), number, optional(label))


def json(value: object) -> bytes:
    """Return a value as JSON in COPY's text format. Raises orjson.JSONEncodeError."""
    # Control characters are escaped by JSON already, so only its backslashes need a second one.
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).replace(b"\\", b"\\\\")


def cell(value: object) -> bytes:
    """Return one value as COPY's text format has it; None is its null."""
    return NULL if value is None else _text(str(value))


def _text(value: str) -> bytes:
    if value.isprintable() and "\\" not in value:
        return value.encode()
    return value.translate(_ESCAPES).encode()


def optional(value: str | None) -> bytes:
    """Return a text in COPY's text format; None is its null."""
    return NULL if value is None else _text(value)
