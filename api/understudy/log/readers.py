"""The prediction log as columns, for the comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from psycopg2 import sql
from sqlalchemy import Connection, func, select

from understudy.log.joins import joins_for
from understudy.log.schema import work
from understudy.log.tabular import Fields, Kinds, arrays, copy_out, json_column

ModelVersion = tuple[str, str]  # name and version
Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]
Shares = Sequence[Mapping[str, float] | None] | None

_PAIRS = """
    SELECT p.request_id AS request_ids, p.instance_no, extract(epoch FROM p.served_at) AS served_at,
        p.value AS live_value, p.label AS live_label,
        s.value AS shadow_value, s.label AS shadow_label, (s.status = 'failed')::int AS failed,
        {probabilities}{fields}
        CASE WHEN jsonb_typeof(o.value) = 'number' THEN o.value::float8 END AS outcome,
        CASE WHEN jsonb_typeof(o.value) <> 'number' THEN o.value #>> '{{}}' END AS outcome_label,
        extract(epoch FROM o.first_at) AS outcome_at, coalesce(o.revision, 0) AS outcome_revision
    FROM {rows}
    {work}
    {outcomes}
    WHERE p.endpoint = %(endpoint)s AND p.name = %(live)s AND p.version = %(live_version)s
        AND s.endpoint = %(endpoint)s AND s.name = %(shadow)s AND s.version = %(shadow_version)s
        AND s.status IN ('scored', 'failed')
        AND (%(since)s::timestamptz IS NULL OR p.served_at >= %(since)s)
        AND (%(training_end)s::timestamptz IS NULL OR p.served_at > %(training_end)s)
        AND (%(sample)s::float8 IS NULL
            OR hashtextextended(p.request_id::text, 7)::float8 < (%(sample)s - 0.5) * 2.0 ^ 64)
        {excluded}
    ORDER BY p.served_at, p.request_id, p.instance_no
"""

# Only what was folded into a comparison, without what it excludes.
# The sample is drawn in two stages, items and then requests of theirs: so the rest is never read.
_OF_COMPARISON = """
    JOIN work w ON w.shipment_id = p.shipment_id AND w.comparison_id = %(comparison)s
        AND (%(folds)s::bigint IS NULL OR w.fold <= %(folds)s)
        AND (%(items)s::float8 IS NULL
            OR hashint8extended(w.shipment_id, 7)::float8 < (%(items)s - 0.5) * 2.0 ^ 64)
    LEFT JOIN excluded_pair e ON e.comparison_id = w.comparison_id
        AND e.request_id = p.request_id AND e.instance_no = p.instance_no
"""
_NOT_EXCLUDED = "AND e.reason IS NULL"

PROBABILITIES = """
    p.output -> 'probabilities' AS live_probabilities,
    s.output -> 'probabilities' AS shadow_probabilities,
"""

_INSTANCES = """
    SELECT request_id AS request_ids, instance_no, extract(epoch FROM served_at) AS served_at,
        {fields} value, label
    FROM (
        SELECT * FROM prediction
        WHERE endpoint = %(endpoint)s AND name = %(live)s AND version = %(live_version)s
            AND erased_at IS NULL
            AND (%(since)s::timestamptz IS NULL OR served_at >= %(since)s)
            AND (%(until)s::timestamptz IS NULL OR served_at < %(until)s)
            {work}
        ORDER BY CASE WHEN %(most)s::bigint IS NOT NULL THEN hash_record((request_id, instance_no))
            END
        LIMIT %(most)s
    ) chosen
    ORDER BY served_at, request_id, instance_no
"""

_IN_COMPARISON = """
    AND shipment_id IN (
        SELECT shipment_id FROM work WHERE comparison_id = %(comparison)s
            AND (%(folds)s::bigint IS NULL OR fold <= %(folds)s)
            AND (%(most)s::bigint IS NULL OR hashint8extended(shipment_id, 7)::float8 < (
                SELECT least(1, greatest(
                    %(spread)s * %(most)s / sum(instances)::float8, %(fewest)s / count(*)::float8
                )) - 0.5
                FROM work WHERE comparison_id = %(comparison)s
                    AND (%(folds)s::bigint IS NULL OR fold <= %(folds)s)
            ) * 2.0 ^ 64)
    )
"""
SPREAD, FEWEST_ITEMS = 4, 200
"""A sample is drawn from so many times as many rows as it has, and from so many items at least."""


@dataclass(frozen=True)
class Wanted:
    """
    Which pairs are read, and what of them.

    Those of one comparison (of its first `folds`, if that is said), or all; served from `since` on
    and later than `training_end`, if a shadow must not be judged on what it was trained on;
    `only_known` those with an outcome; a `sample` of the requests, as a share of them, that is the
    same for the same rows. Outcomes count up to the one with the id `last_outcome`.
    """

    comparison_id: int | None = None
    folds: int | None = None
    since: datetime | None = None
    training_end: datetime | None = None
    only_known: bool = False
    sample: float | None = None
    fields: Sequence[str] = ()
    has_probabilities: bool = False
    last_outcome: int | None = None


EVERYTHING = Wanted()


@dataclass(frozen=True)
class Pairs:
    """
    Both predictions of each instance that a live version answered and a shadow tried to.

    All arrays are equally long, in the order of `served_at`, request id and instance number.
    Times are seconds since 1970. What is absent is NaN in a number and None in a text; a shadow
    that `failed` has no prediction.
    `outcome` or `outcome_label` is the latest revision of the true value, `outcome_at` the arrival
    of the first one, `outcome_revision` 0 without any. `columns` has the fields that were asked
    for, as JSON values, and the probabilities per class are None where nobody asked.
    """

    request_ids: Texts
    instance_no: Integers
    served_at: Floats
    live_value: Floats
    live_label: Texts
    shadow_value: Floats
    shadow_label: Texts
    failed: Flags
    outcome: Floats
    outcome_label: Texts
    outcome_at: Floats
    outcome_revision: Integers
    columns: Mapping[str, Sequence[object]] = field(default_factory=dict)
    live_probabilities: Shares = None
    shadow_probabilities: Shares = None

    def __len__(self) -> int:
        return len(self.request_ids)


@dataclass(frozen=True)
class Instances:
    """
    What a live version was asked and answered, ordered as `Pairs`.

    `columns` has one list per field: JSON values, None for a null and for an absent field.
    """

    request_ids: Texts
    instance_no: Integers
    served_at: Floats
    value: Floats
    label: Texts
    columns: Mapping[str, Sequence[object]]

    def __len__(self) -> int:
        return len(self.request_ids)


_PAIR_KINDS = Kinds(
    ("served_at", "live_value", "shadow_value", "outcome", "outcome_at"),
    ("instance_no", "failed", "outcome_revision"),
    texts=("request_ids", "live_label", "shadow_label", "outcome_label"),
)
_SHARES = ("live_probabilities", "shadow_probabilities")


def read_pairs(
    connection: Connection,
    endpoint: str,
    live: ModelVersion,
    shadow: ModelVersion,
    wanted: Wanted = EVERYTHING,
) -> Pairs:
    """
    Return the pairs of a live and a shadow version, each a (name, version).

    Only what that live version answered and that shadow scored or failed on counts.
    """
    fields = Fields(wanted.fields, "p.instance")
    joins = joins_for(connection, endpoint, wanted.comparison_id, only_known=wanted.only_known)
    query = sql.SQL(_PAIRS).format(
        rows=sql.SQL(joins.rows),
        probabilities=sql.SQL(PROBABILITIES if wanted.has_probabilities else ""),
        fields=fields.query,
        work=sql.SQL("" if wanted.comparison_id is None else _OF_COMPARISON),
        excluded=sql.SQL("" if wanted.comparison_id is None else _NOT_EXCLUDED),
        outcomes=sql.SQL(joins.outcomes),
    )
    items, share = _stages(connection, wanted)
    parameters = parameters_of(endpoint, live) | {
        "shadow": shadow[0],
        "shadow_version": shadow[1],
        "comparison": wanted.comparison_id,
        "folds": wanted.folds,
        "since": wanted.since,
        "training_end": wanted.training_end,
        "items": items,
        "sample": share,
        "last_outcome": wanted.last_outcome,
        **fields.parameters,
    }
    shares = _SHARES if wanted.has_probabilities else ()
    table = copy_out(connection, query, parameters, _PAIR_KINDS.plus((*fields.parameters, *shares)))
    found = arrays(table, _PAIR_KINDS)
    found |= {name: json_column(table[name]) for name in shares}
    return Pairs(**found | {"failed": found["failed"].astype(np.bool_)}, columns=fields.read(table))


def _stages(connection: Connection, wanted: Wanted) -> tuple[float | None, float | None]:
    """Return which share of the items is read, and of their requests."""
    if wanted.sample is None or wanted.comparison_id is None:
        return None, wanted.sample
    counted = select(func.count()).where(work.c.comparison_id == wanted.comparison_id)
    if wanted.folds is not None:
        counted = counted.where(work.c.fold <= wanted.folds)
    there = max(1, connection.execute(counted).scalar_one())
    items = min(1.0, max(SPREAD * wanted.sample, FEWEST_ITEMS / there))
    return items, wanted.sample / items


_INSTANCE_KINDS = Kinds(("served_at", "value"), ("instance_no",), texts=("request_ids", "label"))


def read_instances(  # noqa: PLR0913 - which rows, and how many of them
    connection: Connection,
    endpoint: str,
    live: ModelVersion,
    fields: Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int | None = None,
    comparison_id: int | None = None,
    folds: int | None = None,
) -> Instances:
    """
    Return fields of the instances that a live version answered from `since` to before `until`.

    With `comparison_id` only those that were folded into that comparison, by its first `folds` if
    that is said. `most` limits the number by a sample that is the same for the same rows.
    """
    chosen = Fields(fields)
    parameters = parameters_of(endpoint, live) | {
        "since": since, "until": until, "most": most, "comparison": comparison_id, "folds": folds,
        "spread": SPREAD, "fewest": FEWEST_ITEMS,
    }  # fmt: skip
    of_comparison = sql.SQL("" if comparison_id is None else _IN_COMPARISON)
    query = sql.SQL(_INSTANCES).format(fields=chosen.query, work=of_comparison)
    table = copy_out(
        connection,
        query,
        {**parameters, **chosen.parameters},
        _INSTANCE_KINDS.plus(tuple(chosen.parameters)),
    )
    return Instances(**arrays(table, _INSTANCE_KINDS), columns=chosen.read(table))


def parameters_of(endpoint: str, live: ModelVersion) -> dict[str, object]:
    """Return the parameters that name a live version."""
    return {"endpoint": endpoint, "live": live[0], "live_version": live[1]}
