"""Generated instances at the edges of what a contract accepts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from understudy.artefacts.schema import LARGEST_INTEGER, Field

UNSEEN_LEVEL = "a level that training never saw"
# How far beyond the range of training a number is tried.
REACH = 1000

Instance = dict[str, Any]


def plain_edges(rows: Sequence[Instance], fields: Sequence[Field]) -> list[tuple[str, Instance]]:
    """
    Return the edges that every model must answer, each with a word for what it is.

    These are missing values, null or absent, where the contract allows them, and unseen levels.
    """
    cases: list[tuple[str, Instance]] = []
    for number, field in enumerate(fields):
        row = rows[number % len(rows)]
        for value in _plain_values(field):
            cases.append((f"{field.name} = {value!r}", {**row, field.name: value}))
        if field.nullable:
            absent = {name: value for name, value in row.items() if name != field.name}
            cases.append((f"{field.name} absent", absent))
    nulls = {field.name: None for field in fields if field.nullable}
    unseen = {f.name: UNSEEN_LEVEL for f in fields if UNSEEN_LEVEL in _plain_values(f)}
    cases += [("every nullable feature null", {**row, **nulls}) for row in rows[:5]]
    cases += [("every level unseen", {**row, **unseen}) for row in rows[:5]]
    return cases


def extreme_edges(rows: Sequence[Instance], fields: Sequence[Field], seed: int) -> list[Instance]:
    """
    Return numbers far outside the range of training, alone and together with other edges.

    They reach a thousand times the range to both sides; a model may have no answer there, but
    then every engine must have none.
    """
    random = np.random.default_rng(seed)
    numeric = [field for field in fields if field.minimum is not None]
    cases = []
    for number, field in enumerate(numeric):
        row = rows[number % len(rows)]
        cases += [{**row, field.name: value} for value in _extreme_values(field)]
    pools = {field.name: _pool(field) for field in fields}
    for _ in range(300):
        row = rows[int(random.integers(len(rows)))]
        cases.append({name: _draw(pool, row[name], random) for name, pool in pools.items()})
    return cases


def _plain_values(field: Field) -> list[object]:
    values: list[object] = [None] if field.nullable else []
    if field.type == "string":
        values += [UNSEEN_LEVEL, ""]
    if field.type == "boolean":
        values += [True, False]
    return values


def _extreme_values(field: Field) -> list[float]:
    low, high = field.minimum or 0.0, field.maximum or 0.0
    reach = REACH * ((high - low) or max(abs(high), 1.0))
    values = [low, high, (low + high) / 2, low - reach, high + reach, high + reach / 100, 0.0]
    if field.type == "integer":
        return [min(max(int(value), -LARGEST_INTEGER), LARGEST_INTEGER) for value in values]
    # The smallest subnormal and a number with no short decimal spelling.
    return [*values, 5e-324, low + (high - low) / 3]


def _pool(field: Field) -> list[object]:
    values = _plain_values(field)
    if field.minimum is not None:
        values += _extreme_values(field)
    return values + list((field.categories or ())[:20])


def _draw(pool: list[object], present: object, random: np.random.Generator) -> object:
    """Half of the fields keep what training saw, so that the edges meet ordinary values."""
    if not pool or random.integers(2):
        return present
    return pool[int(random.integers(len(pool)))]
