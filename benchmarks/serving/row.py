"""One server under one load in one round, and the file that keeps all of them."""

import csv
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

NAN = math.nan


@dataclass(frozen=True)
class Row:
    """
    What was measured; `problem` says why it does not count, and is empty where it does.

    `cpu_ms` is per request and of all processes of the server, Postgres and what was worked off
    afterwards included; `api_cpu_ms` of those that answer alone. `difference` is the largest one
    to the pipeline's predictions.
    """

    model: str
    server: str
    load: str
    round: int
    problem: str = ""
    requests: int = 0
    errors: int = 0
    requests_per_s: float = NAN
    instances_per_s: float = NAN
    cpu_ms: float = NAN
    api_cpu_ms: float = NAN
    p50_ms: float = NAN
    p95_ms: float = NAN
    p99_ms: float = NAN
    pss_mb: float = NAN
    start_s: float = NAN
    backlog_s: float = NAN
    difference: float = NAN


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as CSV, six digits of each figure, nothing where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _written(value) for name, value in asdict(row).items()})


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file."""
    kinds = {field.name: field.type for field in fields(Row)}
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Row(**{name: _read(text, kinds[name]) for name, text in line.items()})
            for line in csv.DictReader(file)
        ]


def _written(value: object) -> object:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return value


def _read(text: str, kind: object) -> Any:
    if kind is int:
        return int(text)
    if kind is float:
        return float(text) if text else NAN
    return text
