"""The rows of one fold: all that live was asked in it, and what the shadow made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from psycopg2 import sql
from sqlalchemy import Connection

from understudy.log.comparisons import KeptComparison
from understudy.log.instances import Values, instance_columns
from understudy.log.readers import Floats, Integers, Shares, Texts, parameters_of
from understudy.log.tabular import Kinds, arrays, copy_out, json_column

# Two queries and a join here: by its shipments each side is read in one go, where Postgres would
# look up the shadow's answers one by one, by random ids.
_LIVE = """
    SELECT p.request_id AS request_ids, p.instance_no, extract(epoch FROM p.served_at) AS served_at,
        p.value AS live_value, p.label AS live_label, w.replayed::int AS replayed,
        (p.erased_at IS NOT NULL)::int AS erased,
        {probabilities} hashtextextended(p.content, 0) AS hash, p.content AS instance
    FROM work w CROSS JOIN LATERAL (
        SELECT *, instance::text AS content FROM prediction
        WHERE shipment_id = w.shipment_id AND recorded_at = w.recorded_at
            AND endpoint = %(endpoint)s AND name = %(live)s AND version = %(live_version)s
        OFFSET 0
    ) p
    WHERE w.comparison_id = %(comparison)s AND w.fold = %(fold)s
"""
_SHADOW = """
    SELECT s.request_id AS request_ids, s.instance_no, s.value AS shadow_value,
        s.label AS shadow_label, {probabilities} s.status
    FROM work w JOIN shadow_prediction s
        ON s.shipment_id = w.shipment_id AND s.recorded_at = w.recorded_at
        AND s.endpoint = w.endpoint AND s.name = w.name AND s.version = w.version
    WHERE w.comparison_id = %(comparison)s AND w.fold = %(fold)s
"""
_SHARES = ("live_probabilities", "shadow_probabilities")
_READ_SHARES = (
    "p.output -> 'probabilities' AS live_probabilities,",
    "s.output -> 'probabilities' AS shadow_probabilities,",
)
_KEYS = ("request_ids", "instance_no")
_ORDER = [(name, "ascending") for name in ("served_at", *_KEYS)]

_LIVE_KINDS = Kinds(
    ("served_at", "live_value"),
    ("instance_no", "replayed", "erased"),
    ("hash",),
    ("request_ids", "live_label", "instance"),
)
_SHADOW_KINDS = Kinds(
    ("shadow_value",), ("instance_no",), (), ("request_ids", "shadow_label", "status")
)
_KINDS = Kinds(
    ("served_at", "live_value", "shadow_value"),
    ("instance_no", "replayed", "erased"),
    ("hash",),
    ("request_ids", "live_label", "shadow_label", "status"),
)


@dataclass(frozen=True)
class FoldedRows:
    """
    The instances that the live version of a comparison answered, of one fold.

    Ordered and typed as `Pairs`. `status` is that of the shadow: scored, skipped, failed, or None
    for what was sampled out. `hashes` are equal for equal instances, and `replayed` are those that
    a replay brought. Of those that are `erased` nothing else is left.
    """

    request_ids: Texts
    instance_no: Integers
    served_at: Floats
    live_value: Floats
    live_label: Texts
    shadow_value: Floats
    shadow_label: Texts
    status: Texts
    replayed: NDArray[np.bool_]
    erased: NDArray[np.bool_]
    hashes: NDArray[np.uint64]
    columns: Mapping[str, Values]
    live_probabilities: Shares = None
    shadow_probabilities: Shares = None

    def __len__(self) -> int:
        return len(self.request_ids)


def read_fold(
    connection: Connection,
    kept: KeptComparison,
    number: int,
    types: Mapping[str, str],
    *,
    has_probabilities: bool = False,
) -> FoldedRows:
    """Return the rows of fold `number` with these fields of the instances, by their types."""
    given = parameters_of(kept.endpoint, kept.live) | {"comparison": kept.id, "fold": number}
    live, shadow = (
        copy_out(
            connection,
            sql.SQL(query).format(probabilities=sql.SQL(shares if has_probabilities else "")),
            given,
            kinds.plus((name,) if has_probabilities else ()),
        )
        for query, shares, kinds, name in zip(
            (_LIVE, _SHADOW), _READ_SHARES, (_LIVE_KINDS, _SHADOW_KINDS), _SHARES, strict=True
        )
    )
    table = live.join(shadow, list(_KEYS), join_type="left outer").sort_by(_ORDER)
    found = arrays(table, _KINDS)
    hashes = found.pop("hash").astype(np.int64).view(np.uint64)
    if has_probabilities:
        found |= {name: json_column(table[name]) for name in _SHARES}
    found |= {name: found[name].astype(np.bool_) for name in ("replayed", "erased")}
    return FoldedRows(**found, hashes=hashes, columns=instance_columns(table["instance"], types))
