"""The review of one shadow: closed work folded in, looks taken, and judged."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.blocks import Block, nothing_yet
from understudy.comparison.compare import Comparison, Summary, Terms, conclude
from understudy.comparison.concentration import concentrate
from understudy.comparison.context import conclude_selection
from understudy.comparison.coverage import Coverage, Segment
from understudy.comparison.explanation import explain
from understudy.comparison.fold import INPUTS, OUTPUTS, Folded, folded_drift
from understudy.comparison.outcomes import DAY, OutcomesResult, compare_outcomes
from understudy.comparison.pairs import judge_pairs, show_pairs
from understudy.comparison.paths import Path, loss_path, pair_paths
from understudy.comparison.rows import Rows
from understudy.comparison.slice_looks import glance_apart
from understudy.comparison.slices import conclude_slices
from understudy.log import comparisons, folded_work, kept_looks
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.deployments import history
from understudy.log.planner import refresh_statistics
from understudy.review.basis import Basis, read_basis
from understudy.review.by_unit import read_blocks, take_unit_looks, unit_drift
from understudy.review.evidence import read_known, read_sample
from understudy.review.folding import begin, fold_closed_work
from understudy.review.looks import SELECTION
from understudy.review.noise import read_noise
from understudy.review.outcome_looks import take_outcome_looks
from understudy.review.redaction import without_redacted
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
    refresh_statistics(engine)
    with log_errors(), engine.connect() as connection:
        kept = comparisons.read_comparison(connection, comparison_id)
        moment = kept_looks.outcome_moment(connection, kept)
        known = read_known(connection, sides, kept)
    take_outcome_looks(engine, sides, comparison_id, known)
    if sides.unit:
        take_unit_looks(engine, sides, comparison_id)
    with between_looks(engine, comparison_id) as (connection, kept):
        if moment != kept_looks.outcome_moment(connection, kept):
            known = read_known(connection, sides, kept)
        found = judge(connection, sides, read_basis(connection, kept), known, shows=shows)
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


@contextmanager
def between_looks(
    engine: Engine, comparison_id: int
) -> Iterator[tuple[Connection, KeptComparison]]:
    """
    Open a snapshot, and read the comparison, at a moment at which nobody is taking a look.

    Who takes one has chosen its newest outcome before the look is kept. A snapshot in between would
    know later outcomes and not the look, and a certificate of it would leave the look out.
    """
    with ExitStack() as reading:
        with log_errors(), engine.begin() as waiting:
            comparisons.read_comparison(waiting, comparison_id, lock=True)
            connection = reading.enter_context(snapshot(engine))
            # What a snapshot shows is settled by its first query.
            kept = comparisons.read_comparison(connection, comparison_id)
        yield connection, kept


def judge(
    connection: Connection, sides: Sides, basis: Basis, known: Rows, *, shows: bool = True
) -> Review:
    """Judge by what was folded in, the looks, and the outcomes up to the newest of the basis."""
    kept = basis.kept
    sides = without_redacted(connection, sides, kept)
    terms = sides.terms(kept)
    blocks, requests = basis.folded.blocks, None
    if sides.unit:
        blocks, requests = read_blocks(connection, sides, kept, terms.policy)
    empty = nothing_yet(has_numbers=sides.has_numbers, has_labels=sides.task != "regression")
    summary = Summary(
        about=sides.about,
        coverage=_with_waiting(basis.folded.coverage, basis.waiting),
        pairs=judge_pairs((empty, *blocks), sides.task, terms.policy, terms.level),
        outcomes=_outcomes(known, basis.folded, terms, shows=shows),
        **_looked_at(connection, sides, kept, basis, terms),
        days=_days(basis.folded),
        segments=_segments(connection, kept),
        requests=requests,
        redacted=tuple(sorted(sides.redacted)),
    )
    if shows:
        summary = _with_shown(connection, sides, kept, basis, summary)
    return Review(
        comparison=conclude(summary, terms),
        kept=kept,
        sides=sides,
        basis=basis,
        known=known,
        paths=_paths(blocks, known, sides, terms),
    )


def _looked_at(
    connection: Connection, sides: Sides, kept: KeptComparison, basis: Basis, terms: Terms
) -> dict[str, Any]:
    """Return what rests on looks: drift of inputs and answers, selection, slices."""
    looks, slices = basis.looks, basis.slices
    premises = sides.premises(terms.policy)
    if sides.unit:
        drifted = unit_drift(connection, sides, kept, premises, looks)
    else:
        drifted = {
            name: folded_drift(premises, basis.folded, name, looks.get(name, []))
            for name in premises.families
        }
    return {
        "input_drift": drifted.get(INPUTS),
        "output_drift": drifted.get(OUTPUTS),
        "selection": conclude_selection(looks.get(SELECTION, []), terms.policy),
        "slices": conclude_slices(slices, terms.policy) if slices else None,
    }


def _with_shown(
    connection: Connection, sides: Sides, kept: KeptComparison, basis: Basis, summary: Summary
) -> Summary:
    """Add what only informs: tests for one look, where the two are apart, and why."""
    policy = sides.terms(kept).policy
    rows, columns = read_sample(connection, sides, kept, basis.last_outcome)
    pairs = replace(summary.pairs, **show_pairs(rows, policy))
    summary = replace(
        summary, pairs=pairs, noise=read_noise(connection, sides.endpoint, sides.episode.live)
    )
    if not rows.compared.any():
        return summary
    slices = summary.slices
    if slices is None:
        look = glance_apart(rows, columns, sides.trained_fields, policy)
        slices = conclude_slices([look], policy)
    return replace(
        summary,
        slices=slices,
        explanation=explain(rows, columns),
        concentrated=concentrate(rows, columns, sides.trained_fields, policy),
    )


def _segments(connection: Connection, kept: KeptComparison) -> tuple[Segment, ...]:
    return tuple(Segment(**vars(part)) for part in folded_work.folded_shares(connection, kept))


def _with_waiting(folded: Coverage, waiting: int) -> Coverage:
    return folded.plus(Coverage(recorded=waiting, compared=0, waiting=waiting))


def _outcomes(known: Rows, folded: Folded, terms: Terms, *, shows: bool) -> OutcomesResult | None:
    found = compare_outcomes(known, terms.policy, terms.level, with_quality=shows)
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


def _paths(blocks: Sequence[Block], known: Rows, sides: Sides, terms: Terms) -> tuple[Path, ...]:
    walked = pair_paths(blocks, sides.task, terms.policy, terms.level)
    loss = loss_path(known, terms.policy, terms.level)
    return walked if loss is None else (*walked, loss)
