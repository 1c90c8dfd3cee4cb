"""Makes the files of the scale benchmark from a seed, part by part."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20260101
PART = 500_000
START = 1_767_225_600
NUMERIC, CATEGORICAL = 15, 10
MISSING = 0.02


def make(path: Path, rows: int, part_of: int) -> None:
    """
    Write so many rows of 30 columns.

    Those are client, served_at, two models' answers and the outcome, 15 numbers (continuous, in
    hundredths, whole, with many noughts) and 10 categories of 2 to 60 levels; some with gaps. Files
    of another `part_of` are other rows of the same kind.
    """
    writer: pq.ParquetWriter | None = None
    for start in range(0, rows, PART):
        rng = np.random.default_rng([SEED, part_of, start])
        table = _part(rng, start, min(PART, rows - start))
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _part(rng: np.random.Generator, start: int, rows: int) -> pa.Table:
    truth = rng.lognormal(12.0, 0.4, rows).round(2)
    columns: dict[str, pa.Array] = {
        # A third as many clients as rows, in a random order.
        "client": pa.array([f"client-{number:08d}" for number in _clients(rng, start, rows)]),
        "served_at": pa.array(START + np.sort(start + rng.integers(0, rows, rows)) // 4),
        "live": pa.array((truth * rng.lognormal(0, 0.11, rows)).round(2)),
        "shadow": pa.array(
            _with_gaps(rng, (truth * rng.lognormal(0, 0.10, rows)).round(2), 1e-3), from_pandas=True
        ),
        "outcome": pa.array(truth),
    }
    for number in range(NUMERIC):
        values = _numbers(rng, number, rows)
        columns[f"number_{number:02d}"] = pa.array(values, from_pandas=True)
    for number in range(CATEGORICAL):
        columns[f"category_{number}"] = _categories(rng, number, rows)
    return pa.table(columns)


def _clients(rng: np.random.Generator, start: int, rows: int) -> list[int]:
    found: list[int] = rng.integers(0, max(1, (start + rows) // 3), rows).tolist()
    return found


def _numbers(rng: np.random.Generator, number: int, rows: int) -> np.ndarray:
    kind = number % 5
    if kind in (0, 1):
        values = rng.normal(50, 10, rows)
    elif kind == 2:
        values = rng.lognormal(3, 1, rows).round(2)
    elif kind == 3:
        values = rng.poisson(40, rows).astype(np.float64)
    else:
        values = np.where(rng.random(rows) < 0.4, 0.0, rng.gamma(2, 30, rows))
    return _with_gaps(rng, values, MISSING if number % 3 == 0 else 0.0)


def _with_gaps(rng: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    return np.where(rng.random(len(values)) < share, np.nan, values) if share else values


def _categories(rng: np.random.Generator, number: int, rows: int) -> pa.Array:
    levels = [2, 3, 4, 5, 8, 12, 20, 30, 45, 60][number]
    weights = 1 / np.arange(1, levels + 1)
    codes = rng.choice(levels, rows, p=weights / weights.sum()).astype(np.int32)
    gaps = rng.random(rows) < (MISSING if number % 3 == 0 else 0.0)
    names = pa.array([f"level {number}-{code}" for code in range(levels)])
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=gaps), names).cast(pa.string())
