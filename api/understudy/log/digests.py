"""The rows behind a decision, counted and digested in order of id: one pass, nothing kept."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection, text

from understudy.log.comparisons import KeptComparison
from understudy.log.database import driver
from understudy.log.readers import parameters_of

MOST_PARTS = 64
"""Folds next to each other are digested in so many parts, to say where something was changed."""

# One line per row in COPY's text format; the first column names the part and is not digested.
_ROWS = """
    SELECT (w.fold - 1) * %(parts)s / %(folds)s, p.request_id, p.instance_no,
        (extract(epoch FROM p.served_at) * 1000000)::bigint,
        encode(sha256(convert_to(p.instance::text, 'UTF8')), 'hex'),
        p.output, p.value, p.label, s.status, s.output, s.value, s.label, e.reason
    FROM work w
    JOIN prediction p ON p.shipment_id = w.shipment_id AND p.recorded_at = w.recorded_at
    LEFT JOIN shadow_prediction s ON s.request_id = p.request_id AND s.instance_no = p.instance_no
        AND s.recorded_at = p.recorded_at AND s.endpoint = w.endpoint
        AND s.name = w.name AND s.version = w.version
    LEFT JOIN excluded_pair e ON e.comparison_id = w.comparison_id
        AND e.request_id = p.request_id AND e.instance_no = p.instance_no
    WHERE w.comparison_id = %(comparison)s AND w.fold <= %(folds)s
        AND p.endpoint = %(endpoint)s AND p.name = %(live)s AND p.version = %(live_version)s
        -- What was erased before it was folded in was never there; what was erased since is gone.
        AND (p.erased_at IS NULL OR e.reason = 'erased')
    ORDER BY p.request_id, p.instance_no
"""
_STATUS = 8

_OUTCOMES = """
    SELECT (w.fold - 1) * %(parts)s / %(folds)s, o.request_id, o.instance_no, o.revision, o.id,
        (extract(epoch FROM o.received_at) * 1000000)::bigint, o.value
    FROM work w
    JOIN prediction p ON p.shipment_id = w.shipment_id AND p.recorded_at = w.recorded_at
    JOIN outcome o ON o.request_id = p.request_id AND o.instance_no = p.instance_no
        AND o.endpoint = w.endpoint AND o.id <= %(last_outcome)s
    WHERE w.comparison_id = %(comparison)s AND w.fold <= %(folds)s
        AND p.endpoint = %(endpoint)s AND p.name = %(live)s AND p.version = %(live_version)s
        AND p.erased_at IS NULL
    ORDER BY o.request_id, o.instance_no, o.revision
"""

_ITEMS = text("""
    SELECT (fold - 1) * :parts / :folds, count(*), sum(instances) FROM work
    WHERE comparison_id = :comparison AND fold <= :folds GROUP BY 1
""")

COUNTED = ("work_items", "instances", "predictions", "shadow_predictions", "outcomes")


@dataclass(frozen=True)
class Part:
    """What some folds next to each other hold, from the first to the last of them."""

    folds: tuple[int, int]
    work_items: int
    instances: int
    predictions: int
    shadow_predictions: int
    outcomes: int
    digest: str


@dataclass(frozen=True)
class DataDigest:
    """
    All rows behind a decision: how many of each kind, and their SHA-256.

    `predictions` are live's, `shadow_predictions` what the shadow made of them, `outcomes` every
    revision known then; `instances` is what the work items say they held.
    """

    work_items: int
    instances: int
    predictions: int
    shadow_predictions: int
    outcomes: int
    digest: str
    parts: tuple[Part, ...]


class _Lines:
    """A file for COPY: feeds each line to the digest of all and to that of its part."""

    def __init__(self, whole: Any, parts: list[Any], count: Callable[[int, bytes], None]) -> None:
        self._whole = whole
        self._parts = parts
        self._count = count
        self._left = b""

    def write(self, received: bytes) -> None:
        """Takes some bytes, which may end within a line."""
        *lines, self._left = (self._left + received).split(b"\n")
        for line in lines:
            number, row = line.split(b"\t", 1)
            part = int(number)
            self._whole.update(row + b"\n")
            self._parts[part].update(row + b"\n")
            self._count(part, row)


def digest_data(connection: Connection, kept: KeptComparison, last_outcome: int) -> DataDigest:
    """Count and digest what was folded into a comparison, with the outcomes up to one."""
    folds = kept.folds
    size = min(folds, MOST_PARTS)
    parameters = parameters_of(kept.endpoint, kept.live) | {
        "comparison": kept.id,
        "folds": folds,
        "parts": size,
        "last_outcome": last_outcome,
    }
    whole, digests = sha256(), [sha256() for _ in range(size)]
    counts = [dict.fromkeys(COUNTED, 0) for _ in range(size)]

    def count_row(part: int, row: bytes) -> None:
        counts[part]["predictions"] += 1
        counts[part]["shadow_predictions"] += row.split(b"\t", _STATUS)[_STATUS - 1] != rb"\N"

    def count_outcome(part: int, _: bytes) -> None:
        counts[part]["outcomes"] += 1

    if folds:
        for query, count in ((_ROWS, count_row), (_OUTCOMES, count_outcome)):
            _copy(connection, query, parameters, _Lines(whole, digests, count))
        for part, items, instances in connection.execute(_ITEMS, parameters):
            counts[part] |= {"work_items": items, "instances": instances}
    parts = tuple(
        Part(_folds_of(number, size, folds), **counts[number], digest=digests[number].hexdigest())
        for number in range(size)
    )
    sums = {name: sum(getattr(part, name) for part in parts) for name in COUNTED}
    return DataDigest(**sums, digest=whole.hexdigest(), parts=parts)


def _copy(connection: Connection, query: str, parameters: dict[str, object], lines: _Lines) -> None:
    with driver(connection).cursor() as cursor:
        bound = cursor.mogrify(sql.SQL(query), parameters)
        cursor.copy_expert(b"COPY (" + bound + b") TO STDOUT", lines)


def _folds_of(part: int, parts: int, folds: int) -> tuple[int, int]:
    """Return the first and the last fold f with (f − 1)·parts // folds = part."""
    return -(-part * folds // parts) + 1, -(-(part + 1) * folds // parts)
