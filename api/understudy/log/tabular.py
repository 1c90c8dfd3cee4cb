"""Rows of a query as columns, by way of COPY, at a fifth of what a cursor costs in memory."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from psycopg2 import sql
from sqlalchemy import Connection

from understudy.log.database import driver

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class Kinds:
    """Which columns of a query hold numbers, integers (of 32 and of 64 bits) and texts."""

    numbers: Sequence[str] = ()
    integers: Sequence[str] = ()
    longs: Sequence[str] = ()
    texts: Sequence[str] = ()

    def plus(self, texts: Sequence[str]) -> "Kinds":
        """Return these columns with more texts."""
        return Kinds(self.numbers, self.integers, self.longs, (*self.texts, *texts))


class Fields:
    """Some fields of the instances, taken out of their JSON by Postgres: little travels then."""

    def __init__(self, names: Sequence[str], instance: str = "instance") -> None:
        self._of = dict(zip((f"field_{place}" for place in range(len(names))), names, strict=True))
        self._instance = sql.SQL(instance)

    @property
    def query(self) -> sql.Composed:
        """What a SELECT says to get them, with a comma behind each."""
        return sql.Composed(
            sql.SQL("{} -> {}::text AS {}, ").format(
                self._instance, sql.Placeholder(name), sql.Identifier(name)
            )
            for name in self._of
        )

    @property
    def parameters(self) -> Mapping[str, str]:
        """The names of the fields, as parameters of the query."""
        return self._of

    def read(self, table: "pyarrow.Table") -> dict[str, list[object]]:
        """Return one list of JSON values per field; None for a null and for an absent field."""
        return {field: json_column(table[name]) for name, field in self._of.items()}


def copy_out(
    connection: Connection, query: sql.Composed, parameters: Mapping[str, object], kinds: Kinds
) -> "pyarrow.Table":
    """Return the rows of a query as a table of these kinds."""
    import pyarrow  # here, since a worker that only serves predictions never needs it
    from pyarrow import csv

    types = dict.fromkeys(kinds.numbers, pyarrow.float64())
    types |= dict.fromkeys(kinds.integers, pyarrow.int32())
    types |= dict.fromkeys(kinds.longs, pyarrow.int64())
    types |= dict.fromkeys(kinds.texts, pyarrow.string())
    received = io.BytesIO()
    with driver(connection).cursor() as cursor:
        bound = cursor.mogrify(query, parameters)
        cursor.copy_expert(b"COPY (" + bound + b") TO STDOUT (FORMAT csv, HEADER)", received)
    received.seek(0)
    return csv.read_csv(
        received,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def arrays(table: "pyarrow.Table", kinds: Kinds) -> dict[str, Any]:
    """Return the columns as arrays; absent numbers are NaN, absent texts None."""
    names = (*kinds.numbers, *kinds.integers, *kinds.longs)
    found = {name: table[name].to_numpy() for name in names}
    return found | {name: np.array(table[name].to_pylist(), dtype=object) for name in kinds.texts}


def json_column(column: "pyarrow.ChunkedArray") -> list[object]:
    """Parse a whole column at once: its values are JSON each, and absent ones are null."""
    cells = ("null" if cell is None else cell for cell in column.to_pylist())
    values: list[object] = orjson.loads(f"[{','.join(cells)}]")
    return values
