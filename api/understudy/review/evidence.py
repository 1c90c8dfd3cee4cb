"""Pairs and inputs of a comparison as arrays: for outcomes, for pictures, and to look into."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.comparison.columns import level_name
from understudy.comparison.evidence import Evidence
from understudy.comparison.rows import Rows, read_rows
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection
from understudy.log.folded_work import count_pairs
from understudy.log.readers import Integers, Pairs, Texts, Wanted, read_pairs
from understudy.review.sides import Sides

MOST_PAIRS = 200_000
"""Of more pairs than this a sample of the requests is shown; the verdict rests on all of them."""


def read_known(
    connection: Connection, sides: Sides, kept: KeptComparison, last_outcome: int | None = None
) -> Rows:
    """Return the compared instances whose outcome is known, in order of arrival."""
    pairs = read_compared(connection, sides, kept, only_known=True, last_outcome=last_outcome)
    return read_rows(as_evidence(pairs, sides))


def read_compared(
    connection: Connection,
    sides: Sides,
    kept: KeptComparison,
    *,
    only_known: bool = False,
    share: float | None = None,
    fields: bool = False,
    last_outcome: int | None = None,
) -> Pairs:
    """
    Return the pairs of a comparison: all, those with an outcome, or a share of the requests.

    They are those of the folds that `kept` counts: what is folded in later does not show.
    """
    wanted = Wanted(
        comparison_id=kept.id,
        folds=kept.folds,
        training_end=sides.training_end,
        only_known=only_known,
        sample=None if share is None or share >= 1 else share,
        fields=sides.fields if fields else (sides.unit,) if sides.unit else (),
        has_probabilities=sides.has_probabilities,
        last_outcome=last_outcome,
    )
    return read_pairs(connection, sides.endpoint, kept.live, kept.shadow, wanted)


def read_sample(
    connection: Connection, sides: Sides, kept: KeptComparison, last_outcome: int | None = None
) -> tuple[Rows, pd.DataFrame]:
    """Return pairs in order of arrival with all their columns; a sample where they are many."""
    share = MOST_PAIRS / max(MOST_PAIRS, count_pairs(connection, kept))
    pairs = read_compared(
        connection, sides, kept, share=share, fields=True, last_outcome=last_outcome
    )
    return with_columns(pairs, sides)


def with_columns(pairs: Pairs, sides: Sides) -> tuple[Rows, pd.DataFrame]:
    """Return pairs in order of arrival, and the fields of the same instances."""
    rows = read_rows(as_evidence(pairs, sides))
    frame = pd.DataFrame(dict(pairs.columns), index=range(len(pairs)), columns=sides.fields)
    return rows, frame.iloc[rows.units.order].reset_index(drop=True)


def as_evidence(pairs: Pairs, sides: Sides) -> Evidence:
    """Return pairs as the comparison takes them."""
    is_number = sides.task == "regression"
    has_values = sides.has_numbers and sides.task != "multiclass"
    units: NDArray[Any] = pairs.request_ids
    instances: NDArray[Any] = pairs.instance_no
    if sides.unit:
        units, instances = unit_names(pairs.columns[sides.unit], units, instances)
    return Evidence(
        live=pairs.live_value if has_values else None,
        shadow=pairs.shadow_value if has_values else None,
        task=sides.task,
        units=units,
        instances=instances,
        served_at=pairs.served_at,
        live_labels=None if is_number else pairs.live_label,
        shadow_labels=None if is_number else pairs.shadow_label,
        live_probabilities=pairs.live_probabilities,
        shadow_probabilities=pairs.shadow_probabilities,
        positive=sides.live.manifest.output.positive,
        classes=sides.classes,
        failed=pairs.failed,
        outcomes=pairs.outcome if is_number else pairs.outcome_label,
        outcome_at=pairs.outcome_at,
    )


def unit_names(
    values: Sequence[object], request_ids: Texts, numbers: Integers
) -> tuple[Texts, Texts]:
    """
    Return the unit of each instance by the values of a field, and a name of it within its unit.

    An instance without a value is a unit of its request.
    """
    named = [
        request if value is None else f"={level_name(value)}"
        for value, request in zip(values, request_ids, strict=True)
    ]
    parts = [f"{request}/{no}" for request, no in zip(request_ids, numbers, strict=True)]
    return np.array(named, dtype=object), np.array(parts, dtype=object)
