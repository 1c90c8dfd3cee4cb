"""Generated instances at the edges of what a contract accepts."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from understudy.artefacts.schema import LARGEST_INTEGER, Field

UNSEEN_LEVEL = "a level that training never saw"
# White space at both ends, a combining letter, and a character outside the first plane.
ODD_TEXT = " nai\u0308ve \U0001f3e0 "
# How far beyond the range of training a number is tried.
REACH = 1000
# The smallest positive number and the largest subnormal one.
SUBNORMALS = (5e-324, 2.225073858507201e-308)
# Instances with one extreme number; of more fields than this leaves room for, some are drawn.
MOST_LONE = 700
MIXED = 400
# Levels of a field that mixed edges draw from.
SOME_LEVELS = 20

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
        if not field.required:
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

    They reach a thousand times the range to both sides and include subnormal numbers, negative
    zero and the largest integers, as far as the contract of the field accepts them.
    """
    random = np.random.default_rng(seed)
    cases = []
    for number, field in enumerate(fields):
        row = rows[number % len(rows)]
        cases += [{**row, field.name: value} for value in _extreme_values(field)]
    if len(cases) > MOST_LONE:
        chosen = random.choice(len(cases), MOST_LONE, replace=False)
        cases = [cases[i] for i in sorted(chosen.tolist())]
    pools = {field.name: _pool(field) for field in fields}
    for _ in range(MIXED):
        row = rows[int(random.integers(len(rows)))]
        cases.append({name: _draw(pool, row[name], random) for name, pool in pools.items()})
    return cases


def _plain_values(field: Field) -> list[object]:
    values: list[object] = [None] if field.nullable else []
    if field.type == "string":
        texts = [UNSEEN_LEVEL, "", ODD_TEXT]
        values += [text for text in texts if _is_accepted(field, text)]
    if field.type == "boolean":
        values += [True, False]
    return values


def _is_accepted(field: Field, level: str) -> bool:
    return field.outside == "serve" or field.categories is None or level in field.categories


def _extreme_values(field: Field) -> list[float]:
    """Return what the contract accepts of the values at and beyond the ends of the range."""
    if field.type not in ("number", "integer"):
        return []
    known = [bound for bound in (field.minimum, field.maximum) if bound is not None] or [0.0]
    low, high = known[0], known[-1]
    reach = REACH * ((high - low) or max(abs(high), 1.0))
    values = [low, high, (low + high) / 2, low - reach, high + reach, high + reach / 100, 0.0]
    if field.type == "integer":
        whole = [int(value) for value in values] + [-LARGEST_INTEGER, LARGEST_INTEGER]
        values = [min(max(value, -LARGEST_INTEGER), LARGEST_INTEGER) for value in whole]
    else:
        # The last has no short decimal spelling.
        values += [-0.0, *SUBNORMALS, low + (high - low) / 3]
    first, last = _ends(field)
    return [value for value in values if first <= value <= last and math.isfinite(value)]


def _ends(field: Field) -> tuple[float, float]:
    if field.outside == "serve":
        return -math.inf, math.inf
    return (
        -math.inf if field.minimum is None else field.minimum,
        math.inf if field.maximum is None else field.maximum,
    )


def _pool(field: Field) -> list[object]:
    return [
        *_plain_values(field),
        *_extreme_values(field),
        *(field.categories or ())[:SOME_LEVELS],
    ]


def _draw(pool: list[object], present: object, random: np.random.Generator) -> object:
    """Half of the fields keep what training saw, so that the edges meet ordinary values."""
    if not pool or random.integers(2):
        return present
    return pool[int(random.integers(len(pool)))]
