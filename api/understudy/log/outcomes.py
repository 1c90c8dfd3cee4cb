"""The true values: recorded when they become known, before or after the prediction arrives."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from understudy.errors import InstancesInvalid, Violation
from understudy.log.erasure import erased_among
from understudy.log.locks import lock_outcomes

Key = tuple[str, int]
Value = float | int | str | bool

_LATEST = text("""
    SELECT DISTINCT ON (o.request_id, o.instance_no)
        o.request_id::text, o.instance_no, o.revision, o.value::text, o.endpoint = :endpoint
    FROM outcome o
    JOIN unnest(CAST(:ids AS uuid[]), CAST(:numbers AS int[])) AS k (request_id, instance_no)
        USING (request_id, instance_no)
    ORDER BY o.request_id, o.instance_no, o.revision DESC
""")

_MATCHED = text("""
    SELECT DISTINCT p.request_id::text, p.instance_no
    FROM unnest(CAST(:ids AS uuid[]), CAST(:numbers AS int[])) AS k (request_id, instance_no)
    JOIN prediction p USING (request_id, instance_no)
    WHERE p.endpoint = :endpoint
""")

_INSERT = text("""
    INSERT INTO outcome (endpoint, request_id, instance_no, revision, value)
    SELECT :endpoint, n.request_id, n.instance_no, n.revision, n.value
    FROM unnest(
        CAST(:ids AS uuid[]), CAST(:numbers AS int[]), CAST(:revisions AS int[]),
        CAST(:values AS jsonb[])
    ) WITH ORDINALITY AS n (request_id, instance_no, revision, value, place)
    ORDER BY n.place
""")


@dataclass(frozen=True)
class OutcomeItem:
    """The true value of one instance: a number or a label."""

    request_id: str
    instance_no: int
    value: Value


@dataclass(frozen=True)
class Recorded:
    """
    How many outcomes of a call were new, unchanged or a revision of an earlier one.

    `matched` of them belong to a prediction in the log, `waiting` to one that is not there (yet).
    Those of an `erased` request are not stored, and are none of the others.
    """

    new: int
    unchanged: int
    revised: int
    matched: int
    waiting: int
    erased: int = 0


def record(connection: Connection, endpoint: str, items: Sequence[OutcomeItem]) -> Recorded:
    """
    Store outcomes; the same value again changes nothing, another value is a revision.

    Items are taken in order, so of two for one instance the last one counts. Writers wait for one
    another: commit soon. Raises InstancesInvalid, naming every item, if one cannot be stored.
    """
    keys = _checked(items)
    if not keys:
        return Recorded(0, 0, 0, 0, 0)
    lock_outcomes(connection)
    gone = erased_among(connection, endpoint, {key[0] for key in keys})
    if gone:
        left = [item for key, item in zip(keys, items, strict=True) if key[0] not in gone]
        return replace(record(connection, endpoint, left), erased=len(items) - len(left))
    parameters = {
        "endpoint": endpoint,
        "ids": [key[0] for key in keys],
        "numbers": [key[1] for key in keys],
    }
    latest = {
        (row[0], row[1]): (row[2], orjson.loads(row[3]) if row[4] else None)
        for row in connection.execute(_LATEST, parameters)
    }
    found = {(row[0], row[1]) for row in connection.execute(_MATCHED, parameters)}
    new = unchanged = 0
    written: list[tuple[Key, int, Value]] = []
    for key, item in zip(keys, items, strict=True):
        revision, present = latest.get(key, (0, None))
        if _same(present, item.value):
            unchanged += 1
            continue
        new += present is None
        latest[key] = (revision + 1, item.value)
        written.append((key, revision + 1, item.value))
    _write(connection, endpoint, written)
    matched = sum(key in found for key in keys)
    revised = len(written) - new
    return Recorded(new, unchanged, revised, matched, len(keys) - matched)


def _write(
    connection: Connection, endpoint: str, written: Sequence[tuple[Key, int, Value]]
) -> None:
    if written:
        connection.execute(
            _INSERT,
            {
                "endpoint": endpoint,
                "ids": [key[0] for key, _, _ in written],
                "numbers": [key[1] for key, _, _ in written],
                "revisions": [revision for _, revision, _ in written],
                "values": [orjson.dumps(value).decode() for _, _, value in written],
            },
        )


def _same(present: object, value: Value) -> bool:
    """Equal in value; true is not 1, though Python says so."""
    return present == value and isinstance(present, bool) == isinstance(value, bool)


def _checked(items: Sequence[OutcomeItem]) -> list[Key]:
    """Return the key of each item, its request id spelt as Postgres spells it."""
    keys: list[Key] = []
    violations: list[Violation] = []
    for place, item in enumerate(items):
        try:
            keys.append((str(UUID(item.request_id)), item.instance_no))
        except (ValueError, TypeError, AttributeError):
            violations.append(Violation(place, "request_id", "this is no request id"))
        if not 0 <= item.instance_no < 2**31:
            violations.append(Violation(place, "instance", "instances are counted from 0"))
        if not _is_storable(item.value):
            violations.append(Violation(place, "value", "it must be a finite number or a text"))
    if violations:
        raise InstancesInvalid(violations)
    return keys


def _is_storable(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, int):
        return abs(value) < 2**63
    return isinstance(value, float) and math.isfinite(value)
