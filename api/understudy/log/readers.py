"""The prediction log as columns, for the comparison."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray
from psycopg2 import sql
from sqlalchemy import Connection

from understudy.log.database import driver

if TYPE_CHECKING:
    import pyarrow

ModelVersion = tuple[str, str]  # name and version
Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]

_PAIRS = """
    SELECT p.request_id AS request_ids, p.instance_no, extract(epoch FROM p.served_at) AS served_at,
        p.value AS live_value, p.label AS live_label,
        s.value AS shadow_value, s.label AS shadow_label, (s.status = 'failed')::int AS failed,
        CASE WHEN jsonb_typeof(o.value) = 'number' THEN o.value::float8 END AS outcome,
        CASE WHEN jsonb_typeof(o.value) <> 'number' THEN o.value #>> '{{}}' END AS outcome_label,
        extract(epoch FROM o.first_at) AS outcome_at, coalesce(o.revision, 0) AS outcome_revision
    FROM prediction p JOIN shadow_prediction s USING (request_id, instance_no, recorded_at)
    LEFT JOIN (
        SELECT DISTINCT ON (request_id, instance_no) request_id, instance_no, value, revision,
            min(received_at) OVER (PARTITION BY request_id, instance_no) AS first_at
        FROM outcome WHERE endpoint = %(endpoint)s
        ORDER BY request_id, instance_no, revision DESC
    ) o USING (request_id, instance_no)
    WHERE p.endpoint = %(endpoint)s AND p.name = %(live)s AND p.version = %(live_version)s
        AND s.endpoint = %(endpoint)s AND s.name = %(shadow)s AND s.version = %(shadow_version)s
        AND s.status IN ('scored', 'failed')
        AND (%(since)s::timestamptz IS NULL OR p.served_at >= %(since)s)
        AND (%(training_end)s::timestamptz IS NULL OR p.served_at > %(training_end)s)
    ORDER BY p.served_at, p.request_id, p.instance_no
"""

_INSTANCES = """
    SELECT request_id AS request_ids, instance_no, extract(epoch FROM served_at) AS served_at,
        value, label{fields}
    FROM (
        SELECT * FROM prediction
        WHERE endpoint = %(endpoint)s AND name = %(live)s AND version = %(live_version)s
            AND (%(since)s::timestamptz IS NULL OR served_at >= %(since)s)
            AND (%(until)s::timestamptz IS NULL OR served_at < %(until)s)
        ORDER BY CASE WHEN %(most)s::bigint IS NOT NULL THEN hash_record((request_id, instance_no))
            END
        LIMIT %(most)s
    ) chosen
    ORDER BY served_at, request_id, instance_no
"""


@dataclass(frozen=True)
class Pairs:
    """
    Both predictions of each instance that a live version answered and a shadow tried to.

    All arrays are equally long, in the order of `served_at`, request id and instance number.
    Times are seconds since 1970. What is absent is NaN in a number and None in a text; a shadow
    that `failed` has no prediction.
    `outcome` or `outcome_label` is the latest revision of the true value, `outcome_at` the arrival
    of the first one, `outcome_revision` 0 without any.
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


def read_pairs(
    connection: Connection,
    endpoint: str,
    live: ModelVersion,
    shadow: ModelVersion,
    *,
    since: datetime | None = None,
    training_end: datetime | None = None,
) -> Pairs:
    """
    Return the pairs of a live and a shadow version, each a (name, version).

    Only what that live version answered and that shadow scored or failed on counts, from `since`
    on, and later than `training_end`, if the shadow must not be judged on what it was trained on.
    These are the `scored` and `failed` of `coverage_counts` at the same moment.
    """
    parameters = _parameters(endpoint, live) | {
        "shadow": shadow[0],
        "shadow_version": shadow[1],
        "since": since,
        "training_end": training_end,
    }
    numbers = ("served_at", "live_value", "shadow_value", "outcome", "outcome_at")
    integers = ("instance_no", "failed", "outcome_revision")
    texts = ("request_ids", "live_label", "shadow_label", "outcome_label")
    table = _copy_out(connection, sql.SQL(_PAIRS).format(), parameters, (numbers, integers, texts))
    arrays = _arrays(table, numbers, integers, texts)
    return Pairs(**arrays | {"failed": arrays["failed"].astype(np.bool_)})


def read_instances(
    connection: Connection,
    endpoint: str,
    live: ModelVersion,
    fields: Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int | None = None,
) -> Instances:
    """
    Return fields of the instances that a live version answered from `since` to before `until`.

    The fields are taken out of the JSON by Postgres, so that little travels. `most` limits the
    number by a sample that is the same for the same rows.
    """
    parameters = _parameters(endpoint, live) | {"since": since, "until": until, "most": most}
    names = [f"field_{place}" for place in range(len(fields))]
    chosen = sql.Composed(
        sql.SQL(", instance -> {}::text AS {}").format(sql.Placeholder(name), sql.Identifier(name))
        for name in names
    )
    parameters |= dict(zip(names, fields, strict=True))
    numbers, integers, texts = ("served_at", "value"), ("instance_no",), ("request_ids", "label")
    query = sql.SQL(_INSTANCES).format(fields=chosen)
    table = _copy_out(connection, query, parameters, (numbers, integers, (*texts, *names)))
    columns = {field: _json(table[name]) for field, name in zip(fields, names, strict=True)}
    return Instances(**_arrays(table, numbers, integers, texts), columns=columns)


def _parameters(endpoint: str, live: ModelVersion) -> dict[str, object]:
    return {"endpoint": endpoint, "live": live[0], "live_version": live[1]}


def _copy_out(
    connection: Connection,
    query: sql.Composed,
    parameters: Mapping[str, object],
    columns: tuple[Sequence[str], Sequence[str], Sequence[str]],
) -> "pyarrow.Table":
    """Return the rows of a query by way of COPY, at a fifth of what a cursor costs in memory."""
    import pyarrow  # here, since a worker that only serves predictions never needs it
    from pyarrow import csv

    numbers, integers, texts = columns
    kinds = dict.fromkeys(numbers, pyarrow.float64())
    kinds |= dict.fromkeys(integers, pyarrow.int32()) | dict.fromkeys(texts, pyarrow.string())
    received = io.BytesIO()
    with driver(connection).cursor() as cursor:
        bound = cursor.mogrify(query, parameters)
        cursor.copy_expert(b"COPY (" + bound + b") TO STDOUT (FORMAT csv, HEADER)", received)
    received.seek(0)
    return csv.read_csv(
        received,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=kinds,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _arrays(
    table: "pyarrow.Table", numbers: Sequence[str], integers: Sequence[str], texts: Sequence[str]
) -> dict[str, Any]:
    found = {name: table[name].to_numpy() for name in (*numbers, *integers)}
    return found | {name: np.array(table[name].to_pylist(), dtype=object) for name in texts}


def _json(column: "pyarrow.ChunkedArray") -> list[object]:
    """Parse a whole column at once: its values are JSON each, and absent ones are null."""
    cells = ("null" if cell is None else cell for cell in column.to_pylist())
    values: list[object] = orjson.loads(f"[{','.join(cells)}]")
    return values
