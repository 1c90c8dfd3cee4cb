"""The rows of one fold: all that live was asked in it, and what the shadow made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from psycopg2 import sql
from sqlalchemy import Connection

from understudy.log.comparisons import KeptComparison
from understudy.log.readers import (
    PROBABILITIES,
    Floats,
    Integers,
    Shares,
    Texts,
    parameters_of,
)
from understudy.log.tabular import Fields, Kinds, arrays, copy_out, json_column

_FOLDED = """
    SELECT p.request_id AS request_ids, p.instance_no, extract(epoch FROM p.served_at) AS served_at,
        p.value AS live_value, p.label AS live_label,
        s.value AS shadow_value, s.label AS shadow_label, s.status,
        w.replayed::int AS replayed,
        {probabilities}{fields}
        hashtextextended(p.instance::text, 0) AS hash
    FROM work w
    JOIN prediction p ON p.shipment_id = w.shipment_id AND p.recorded_at = w.recorded_at
    LEFT JOIN shadow_prediction s ON s.request_id = p.request_id AND s.instance_no = p.instance_no
        AND s.recorded_at = p.recorded_at AND s.endpoint = w.endpoint
        AND s.name = w.name AND s.version = w.version
    WHERE w.comparison_id = %(comparison)s AND w.fold = %(fold)s
        AND p.endpoint = %(endpoint)s AND p.name = %(live)s AND p.version = %(live_version)s
    ORDER BY p.served_at, p.request_id, p.instance_no
"""

_KINDS = Kinds(
    ("served_at", "live_value", "shadow_value"),
    ("instance_no", "replayed"),
    ("hash",),
    ("request_ids", "live_label", "shadow_label", "status"),
)
_SHARES = ("live_probabilities", "shadow_probabilities")


@dataclass(frozen=True)
class FoldedRows:
    """
    The instances that the live version of a comparison answered, of one fold.

    Ordered and typed as `Pairs`. `status` is that of the shadow: scored, skipped, failed, or None
    for what was sampled out. `hashes` are equal for equal instances, and `replayed` are those that
    a replay brought.
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
    hashes: NDArray[np.uint64]
    columns: Mapping[str, Sequence[object]]
    live_probabilities: Shares = None
    shadow_probabilities: Shares = None

    def __len__(self) -> int:
        return len(self.request_ids)


def read_fold(
    connection: Connection,
    kept: KeptComparison,
    number: int,
    names: Sequence[str],
    *,
    has_probabilities: bool = False,
) -> FoldedRows:
    """Return the rows of fold `number` with these fields of the instances."""
    fields = Fields(names, "p.instance")
    query = sql.SQL(_FOLDED).format(
        fields=fields.query, probabilities=sql.SQL(PROBABILITIES if has_probabilities else "")
    )
    parameters = parameters_of(kept.endpoint, kept.live) | {
        "comparison": kept.id,
        "fold": number,
        **fields.parameters,
    }
    shares = _SHARES if has_probabilities else ()
    table = copy_out(connection, query, parameters, _KINDS.plus((*fields.parameters, *shares)))
    found = arrays(table, _KINDS)
    hashes = found.pop("hash").astype(np.int64).view(np.uint64)
    found |= {name: json_column(table[name]) for name in shares}
    found["replayed"] = found["replayed"].astype(np.bool_)
    return FoldedRows(**found, hashes=hashes, columns=fields.read(table))
