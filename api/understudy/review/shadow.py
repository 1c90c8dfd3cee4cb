"""The review of one shadow: closed work folded in, looks taken, and judged."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pandas as pd

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.blocks import nothing_yet
from understudy.comparison.compare import Comparison, Summary, Terms, conclude
from understudy.comparison.context import conclude_selection
from understudy.comparison.coverage import Coverage
from understudy.comparison.explanation import Explanation, explain
from understudy.comparison.fold import INPUTS, OUTPUTS, Folded, folded_drift
from understudy.comparison.outcomes import DAY, OutcomesResult, compare_outcomes
from understudy.comparison.pairs import judge_pairs, show_pairs
from understudy.comparison.paths import Path, loss_path, pair_paths
from understudy.comparison.rows import Rows
from understudy.comparison.slice_looks import glance_apart
from understudy.comparison.slices import SliceReport, conclude_slices
from understudy.log import comparisons
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.deployments import history
from understudy.review.basis import Basis, read_basis
from understudy.review.evidence import read_known, read_sample
from understudy.review.folding import begin, fold_closed_work
from understudy.review.looks import SELECTION
from understudy.review.outcome_looks import take_outcome_looks
from understudy.review.sides import Sides, find_sides
from understudy.settings import Settings


@dataclass(frozen=True, eq=False)
class Review:
    """
    A comparison with what stands behind it.

    `basis` is what the judgement rests on, `known` are the compared instances whose outcome has
    come, `paths` tells how the estimates developed.
    """

    comparison: Comparison
    kept: KeptComparison
    sides: Sides
    basis: Basis
    known: Rows
    paths: tuple[Path, ...]


def review_shadow(
    engine: Engine, settings: Settings, store: ArtefactStore, shadow: str, *, shows: bool = True
) -> Comparison:
    """
    Compare a shadow, `NAME:VERSION`, with the live model on all that the log holds.

    Without `shows`, what only informs (textbook tests, descriptions) is left out: it reads pairs
    again. Raises RecordUnknown, LogUnavailable, ArtefactError or ComparisonError.
    """
    return review(engine, settings, store, shadow, shows=shows).comparison


def review(
    engine: Engine, settings: Settings, store: ArtefactStore, shadow: str, *, shows: bool = True
) -> Review:
    """Review a shadow as `review_shadow` does, and return what stands behind it as well."""
    with log_errors(), engine.connect() as connection:
        changes = history(connection, settings.endpoint)
    return review_sides(engine, find_sides(changes, settings, store, shadow), shows=shows)


def review_sides(engine: Engine, sides: Sides, *, shows: bool = True) -> Review:
    """Fold in what is closed, judge, and keep the verdict."""
    comparison_id = begin(engine, sides)
    fold_closed_work(engine, sides, comparison_id)
    with log_errors(), engine.connect() as connection:
        known = read_known(
            connection, sides, comparisons.read_comparison(connection, comparison_id)
        )
    take_outcome_looks(engine, sides, comparison_id, known)
    with snapshot(engine) as connection:
        kept = comparisons.read_comparison(connection, comparison_id)
        found = judge(connection, sides, kept, read_basis(connection, kept), shows=shows)
    with log_errors(), engine.begin() as connection:
        said = {"verdict": found.comparison.verdict, "reasons": list(found.comparison.reasons)}
        comparisons.write_verdict(connection, comparison_id, said)
    return found


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which every query sees the same log: the counts must add up."""
    repeatable = engine.execution_options(isolation_level="REPEATABLE READ")
    with log_errors(), repeatable.begin() as connection:
        yield connection


def judge(
    connection: Connection, sides: Sides, kept: KeptComparison, basis: Basis, *, shows: bool = True
) -> Review:
    """Judge by what was folded in, the looks, and the outcomes up to the newest of the basis."""
    terms = sides.terms(kept)
    folded, looks, slices = basis.folded, basis.looks, basis.slices
    known = read_known(connection, sides, kept, basis.last_outcome)
    premises = sides.premises(terms.policy)
    empty = nothing_yet(has_numbers=sides.has_numbers, has_labels=sides.task != "regression")
    pairs = judge_pairs((empty, *folded.blocks), sides.task, terms.policy, terms.level)
    shown = _Shown(None, None)
    if shows:
        sample, columns = read_sample(connection, sides, kept, basis.last_outcome)
        pairs = replace(pairs, **show_pairs(sample, terms.policy))
        shown = _show(sample, columns, sides, terms)
    summary = Summary(
        about=sides.about,
        coverage=_with_waiting(folded.coverage, basis.waiting),
        pairs=pairs,
        outcomes=_outcomes(known, folded, terms),
        input_drift=folded_drift(premises, folded, INPUTS, looks.get(INPUTS, [])),
        output_drift=folded_drift(premises, folded, OUTPUTS, looks.get(OUTPUTS, [])),
        selection=conclude_selection(looks.get(SELECTION, []), terms.policy),
        days=_days(folded),
        slices=conclude_slices(slices, terms.policy) if slices else shown.slices,
        explanation=shown.explanation,
    )
    return Review(
        comparison=conclude(summary, terms),
        kept=kept,
        sides=sides,
        basis=basis,
        known=known,
        paths=_paths(folded, known, sides, terms),
    )


@dataclass(frozen=True)
class _Shown:
    """What informs and decides nothing: where the models are apart, and why."""

    slices: SliceReport | None
    explanation: Explanation | None


def _show(sample: Rows, columns: "pd.DataFrame", sides: Sides, terms: Terms) -> _Shown:
    if not sample.compared.any():
        return _Shown(None, None)
    look = glance_apart(sample, columns, sides.trained_fields, terms.policy)
    return _Shown(conclude_slices([look], terms.policy), explain(sample, columns))


def _with_waiting(folded: Coverage, waiting: int) -> Coverage:
    return folded.plus(Coverage(recorded=waiting, compared=0, waiting=waiting))


def _outcomes(known: Rows, folded: Folded, terms: Terms) -> OutcomesResult | None:
    found = compare_outcomes(known, terms.policy, terms.level)
    if found is None:
        return None
    compared = folded.coverage.compared
    return replace(
        found,
        waiting=max(0, compared - found.outcomes),
        share=found.outcomes / max(1, compared),
    )


def _days(folded: Folded) -> float | None:
    if folded.first_at is None or folded.last_at is None:
        return None
    return (folded.last_at - folded.first_at) / DAY


def _paths(folded: Folded, known: Rows, sides: Sides, terms: Terms) -> tuple[Path, ...]:
    walked = pair_paths(folded.blocks, sides.task, terms.policy, terms.level)
    loss = loss_path(known, terms.policy, terms.level)
    return walked if loss is None else (*walked, loss)
