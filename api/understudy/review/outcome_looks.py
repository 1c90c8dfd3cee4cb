"""Looks that fall due as outcomes come in: at slices, and at who gets an outcome at all."""

from collections.abc import Sequence

import numpy as np

from understudy.comparison.context import old_enough, take_selection_looks
from understudy.comparison.looks import Look, look_sizes
from understudy.comparison.policy import Policy
from understudy.comparison.rows import Rows
from understudy.comparison.slice_looks import due_sizes, take_slice_looks
from understudy.comparison.slices import SliceLook
from understudy.log import comparisons, kept_looks
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection, Engine, log_errors
from understudy.review.evidence import read_compared, read_sample, with_columns
from understudy.review.looks import (
    SELECTION,
    SLICES,
    as_kept,
    as_kept_slices,
    keep_looks,
    read_looks,
    read_slice_looks,
)
from understudy.review.redaction import without_redacted
from understudy.review.sides import Sides


def take_outcome_looks(engine: Engine, sides: Sides, comparison_id: int, known: Rows) -> None:
    """
    Take the looks that the known outcomes made due, and keep them.

    They wait for one another at the row of the comparison: whoever comes second finds them there.
    """
    with log_errors(), engine.connect() as connection:
        policy = sides.terms(comparisons.read_comparison(connection, comparison_id)).policy
        due = _due(connection, comparison_id, known, policy)
    if not due:
        return
    with log_errors(), engine.begin() as connection:
        kept = comparisons.read_comparison(connection, comparison_id, lock=True)
        if SLICES in due:
            _look_at_slices(connection, sides, kept)
        if SELECTION in due:
            _look_at_selection(connection, sides, kept)


def _due(
    connection: Connection, comparison_id: int, known: Rows, policy: Policy
) -> tuple[str, ...]:
    """Name the families whose next look has all its units."""
    taken = kept_looks.count_looks(connection, comparison_id)
    labelled = np.unique(known.codes[old_enough(known, policy) & known.known])
    reached = {SLICES: len(due_sizes(known)), SELECTION: len(look_sizes(len(labelled)))}
    return tuple(family for family, number in reached.items() if number > taken.get(family, 0))


def slice_looks(
    connection: Connection,
    sides: Sides,
    kept: KeptComparison,
    last_outcome: int,
    taken: Sequence[SliceLook],
) -> tuple[SliceLook, ...]:
    """Take the looks at slices that are due on these folds and outcomes; those taken stay."""
    sides = without_redacted(connection, sides, kept)
    pairs = read_compared(
        connection, sides, kept, only_known=True, fields=True, last_outcome=last_outcome
    )
    rows, columns = with_columns(pairs, sides)
    policy = sides.terms(kept).policy
    return take_slice_looks(rows, columns, sides.trained_fields, policy, taken)


def selection_looks(
    connection: Connection,
    sides: Sides,
    kept: KeptComparison,
    last_outcome: int,
    taken: Sequence[Look],
) -> tuple[Look, ...]:
    """Take the looks at who gets an outcome that are due then; those taken stay."""
    sides = without_redacted(connection, sides, kept)
    rows, columns = read_sample(connection, sides, kept, last_outcome)
    policy = sides.terms(kept).policy
    return take_selection_looks(rows, columns[sides.features], policy, taken)


def _look_at_slices(connection: Connection, sides: Sides, kept: KeptComparison) -> None:
    newest = kept_looks.last_outcome(connection, kept.endpoint)
    taken = read_slice_looks(connection, kept)
    looks = slice_looks(connection, sides, kept, newest, taken)
    fresh = [as_kept_slices(look) for look in looks if look not in taken]
    keep_looks(connection, kept, fresh, newest)


def _look_at_selection(connection: Connection, sides: Sides, kept: KeptComparison) -> None:
    newest = kept_looks.last_outcome(connection, kept.endpoint)
    taken = read_looks(connection, kept).get(SELECTION, [])
    looks = selection_looks(connection, sides, kept, newest, taken)
    fresh = [found for look in looks if look not in taken for found in as_kept(SELECTION, look)]
    keep_looks(connection, kept, fresh, newest)
