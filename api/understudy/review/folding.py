"""Folds closed work into its comparison, each item once, and keeps the looks that fall due."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.comparison.coverage import Coverage
from understudy.comparison.evidence import Evidence, Probabilities
from understudy.comparison.fold import Batch, Folded, Premises, fold
from understudy.comparison.looks import Look
from understudy.comparison.traffic import Traffic
from understudy.log import comparisons, folded_work, kept_looks
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.erasure import ERASED
from understudy.log.folds import FoldedRows, read_fold
from understudy.review.exclusion import Excluded
from understudy.review.looks import as_kept
from understudy.review.redaction import without_redacted
from understudy.review.sides import Sides

MOST_ITEMS = 400
MOST_INSTANCES = 20_000
"""
Per fold, unless one item has more: it bounds memory, and what a killed watcher loses.

Larger folds are no faster, and five times as large they take 200 MB more.
"""

Flags = NDArray[np.bool_]
Places = NDArray[np.int64] | slice


def begin(engine: Engine, sides: Sides) -> int:
    """Return the id of the comparison of these sides, which begins if it has not yet."""
    with log_errors(), engine.begin() as connection:
        return comparisons.open_comparison(
            connection,
            sides.endpoint,
            sides.episode,
            sides.filled.to_json(),
            sides.given.digest,
        )


def fold_closed_work(
    engine: Engine, sides: Sides, comparison_id: int, advance: Callable[[int], None] | None = None
) -> None:
    """
    Fold in everything that is closed, in transactions of some items each.

    Whoever asks may do it, and any number of them at once: they wait for one another at the row of
    the comparison. One that is killed leaves what it had committed and nothing else. `advance`
    hears how many instances each fold had.
    """
    folder = Folder(sides)
    folded = 1
    while folded:
        with log_errors(), engine.begin() as connection:
            folded = _fold_some(connection, folder, comparison_id)
        if advance is not None:
            advance(folded)


@dataclass(eq=False)
class Folder:
    """Takes the folds of a comparison one after the other, each without what is redacted in it."""

    sides: Sides
    _premises: dict[frozenset[str], Premises] = field(default_factory=dict)

    def take(
        self, connection: Connection, kept: KeptComparison, so_far: Folded, number: int
    ) -> tuple[Folded, tuple[tuple[str, Look], ...], "Rows"]:
        """Read fold `number`; return what is known after it, the looks that fell due, its rows."""
        sides = without_redacted(connection, self.sides, comparisons.at_fold(kept, number))
        rows = read_rows_of(connection, sides, kept, number)
        after, looks = fold(self._premises_of(sides, kept), so_far, rows.batch)
        return after, looks, rows

    def _premises_of(self, sides: Sides, kept: KeptComparison) -> Premises:
        """Return what a fold goes by: where units come in later work again, only the accounting."""
        if sides.redacted not in self._premises:
            policy = sides.terms(kept).policy
            found = Premises(policy, {}) if sides.unit else sides.premises(policy)
            self._premises[sides.redacted] = found
        return self._premises[sides.redacted]


def _fold_some(connection: Connection, folder: Folder, comparison_id: int) -> int:
    """Fold in some items and return how many instances they had."""
    kept = comparisons.read_comparison(connection, comparison_id, lock=True)
    claimed = folded_work.claim_work(connection, kept, MOST_ITEMS, MOST_INSTANCES)
    if not claimed:
        return 0
    so_far = read_folded(connection, kept)
    after, looks, rows = folder.take(connection, kept, so_far, kept.folds + 1)
    comparisons.write_state(connection, kept.id, after.to_json())
    kept_looks.write_looks(connection, kept.id, [f for look in looks for f in as_kept(*look)])
    comparisons.write_exclusions(connection, kept.id, rows.exclusions)
    return claimed


def read_folded(connection: Connection, kept: KeptComparison) -> Folded:
    """Return what was folded into a comparison so far."""
    state = comparisons.read_state(connection, kept.id)
    return Folded() if state is None else Folded.from_json(state)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one fold as the comparison takes them, and which do not count though late."""

    batch: Batch
    exclusions: list[tuple[str, int, str]]


def read_rows_of(connection: Connection, sides: Sides, kept: KeptComparison, number: int) -> Rows:
    """Read one fold, with what the shadow must not be judged on taken out of its pairs."""
    rows = read_fold(
        connection, kept, number, sides.wanted_types, has_probabilities=sides.has_probabilities
    )
    found = sides.trained_on.excluded_columns(rows.served_at, rows.columns, rows.replayed)
    batch = _batch(rows, found.flags | found.exploratory | rows.erased, sides)
    return Rows(batch, _told(rows, found))


def _told(rows: FoldedRows, found: Excluded) -> list[tuple[str, int, str]]:
    """List what is excluded for another reason than its time, which the readers know themselves."""
    reasons = (
        (rows.erased, ERASED),
        (found.by_input & ~found.by_time & ~rows.erased, "the shadow was trained on this input"),
        (
            found.exploratory & ~found.by_time & ~rows.erased,
            "replayed, and nobody knows until when it was trained",
        ),
    )
    return [
        (str(rows.request_ids[row]), int(rows.instance_no[row]), reason)
        for flags, reason in reasons
        for row in np.flatnonzero(flags)
    ]


def _batch(rows: FoldedRows, is_excluded: Flags, sides: Sides) -> Batch:
    there = np.flatnonzero(~rows.erased) if rows.erased.any() else slice(None)
    ids, numbers = rows.request_ids[there], rows.instance_no[there]
    served = rows.served_at[there]
    answers = rows.live_label if sides.task == "multiclass" else rows.live_value
    columns = {name: _column(rows, name, there) for name in sides.learned.features}
    return Batch(
        pairs=_pairs(rows, is_excluded, sides),
        inputs=Traffic(columns, ids, numbers, served),
        outputs=Traffic({"prediction": answers[there]}, ids, numbers, served),
        hashes=rows.hashes[there],
        first_at=float(rows.served_at.min()) if len(rows) else None,
        last_at=float(rows.served_at.max()) if len(rows) else None,
    )


def _column(rows: FoldedRows, name: str, there: Places) -> "pd.Series[Any]":
    """
    Return values as they are: pandas would make texts of its own of objects, cell by cell.

    A redacted column holds nothing, and no family counts it; it is there for the number of rows.
    """
    values = rows.columns.get(name)
    found = np.full(len(rows), None, dtype=object) if values is None else values
    found = found[there]
    return pd.Series(found, dtype=found.dtype)


def _pairs(rows: FoldedRows, is_excluded: Flags, sides: Sides) -> Evidence:
    """Take the rows that were due, with the accounting of all of them."""
    given = [status or "sampled_out" for status in rows.status]
    status = np.where(is_excluded, "excluded", np.array(given, dtype=object))
    due = np.flatnonzero((status == "scored") | (status == "failed"))
    counts = Counter(status.tolist())
    is_number = sides.task == "regression"
    return Evidence(
        live=rows.live_value[due] if sides.task != "multiclass" and sides.has_numbers else None,
        shadow=rows.shadow_value[due] if sides.task != "multiclass" and sides.has_numbers else None,
        task=sides.task,
        units=rows.request_ids[due],
        instances=rows.instance_no[due],
        served_at=rows.served_at[due],
        live_labels=None if is_number else rows.live_label[due],
        shadow_labels=None if is_number else rows.shadow_label[due],
        live_probabilities=_picked(rows.live_probabilities, due),
        shadow_probabilities=_picked(rows.shadow_probabilities, due),
        positive=sides.live.manifest.output.positive,
        classes=sides.classes,
        failed=status[due] == "failed",
        coverage=Coverage(
            recorded=len(rows),
            compared=counts["scored"],
            sampled_out=counts["sampled_out"],
            skipped=counts["skipped"],
            failed=counts["failed"],
            excluded=counts["excluded"],
        ),
    )


def _picked(
    shares: Sequence[Probabilities | None] | None, due: NDArray[np.int64]
) -> list[Probabilities | None] | None:
    return None if shares is None else [shares[int(row)] for row in due]
