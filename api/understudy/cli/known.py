"""Outcomes in files: beside their request ids, or in the rows that were sent."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from understudy.cli.rows import parse_number, read_column, read_rows
from understudy.errors import UsageError

Outcome = dict[str, Any]


def read_outcomes(
    file: Path, column: str, ids_file: Path | None, *, as_labels: bool
) -> Iterator[Outcome]:
    """
    Yield the outcomes of a file as the api takes them, without the rows that have no value.

    `ids_file` is what `send --ids` wrote for the very rows of `file`: rows that were not answered
    have no prediction to judge and are passed over.
    """
    found = _beside_ids(file, column) if ids_file is None else _by_row(file, column, ids_file)
    for request_id, instance, cell in found:
        value = _value(cell, as_labels=as_labels)
        if value is not None:
            yield {"request_id": request_id, "instance": instance, "value": value}


def _beside_ids(file: Path, column: str) -> Iterator[tuple[str, int, Any]]:
    for number, row in enumerate(read_rows(file)):
        for name in ("request_id", column):
            if name not in row:
                raise UsageError(
                    f"Row {number} of {file} has no {name!r}; its columns are {', '.join(row)}."
                )
        yield row["request_id"], _instance(file, number, row.get("instance", 0)), row[column]


def _by_row(file: Path, column: str, ids_file: Path) -> Iterator[tuple[str, int, Any]]:
    cells = list(read_column(file, column))
    for number, sent in enumerate(read_rows(ids_file)):
        try:
            row, request_id, instance = sent["row"], sent["request_id"], sent["instance"]
            cell = cells[row]
        except (KeyError, IndexError, TypeError):
            raise UsageError(
                f"Line {number + 1} of {ids_file} does not belong to {file}:"
                " it must be what `send --ids` wrote for that file."
            ) from None
        if request_id is not None:
            yield request_id, instance, cell


def _instance(file: Path, number: int, cell: Any) -> int:
    try:
        return int(cell)
    except (TypeError, ValueError):
        raise UsageError(f"Row {number} of {file} has the instance {cell!r}.") from None


def _value(cell: Any, *, as_labels: bool) -> Any:
    """Return the number or label of a cell, None for an empty one."""
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if as_labels:
        return str(cell)
    if isinstance(cell, str):
        number = parse_number(cell)
        return cell if number is None else number
    return cell
