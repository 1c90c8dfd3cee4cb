"""The review of one shadow: closed work folded in, looks taken, and judged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pandas as pd

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.blocks import Block, nothing_yet
from understudy.comparison.compare import Comparison, Summary, Terms, conclude
from understudy.comparison.context import conclude_selection
from understudy.comparison.coverage import Coverage, Segment
from understudy.comparison.drift import DriftReport
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
from understudy.review.by_unit import read_blocks, take_unit_looks, unit_drift
from understudy.review.evidence import read_known, read_sample
from understudy.review.folding import begin, fold_closed_work, read_folded
from understudy.review.looks import SELECTION, read_looks, read_slice_looks
from understudy.review.noise import read_noise
from understudy.review.outcome_looks import take_outcome_looks
from understudy.review.sides import Sides, find_sides
from understudy.settings import Settings


@dataclass(frozen=True, eq=False)
class Review:
    """
    A comparison with what stands behind it.

    `known` are the compared instances whose outcome has come, `paths` how the estimates developed.
    """

    comparison: Comparison
    kept: KeptComparison
    sides: Sides
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
        kept = comparisons.read_comparison(connection, comparison_id)
        moment = comparisons.outcome_moment(connection, kept)
        known = read_known(connection, sides, kept)
    take_outcome_looks(engine, sides, comparison_id, known)
    if sides.unit:
        take_unit_looks(engine, sides, comparison_id, sides.premises(sides.filled))
    with _snapshot(engine) as connection:
        kept = comparisons.read_comparison(connection, comparison_id)
        if moment != comparisons.outcome_moment(connection, kept):
            known = read_known(connection, sides, kept)
        found = _judge(connection, sides, kept, known, shows=shows)
    with log_errors(), engine.begin() as connection:
        said = {"verdict": found.comparison.verdict, "reasons": list(found.comparison.reasons)}
        comparisons.write_verdict(connection, comparison_id, said)
    return found


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which every query sees the same log: the counts must add up."""
    repeatable = engine.execution_options(isolation_level="REPEATABLE READ")
    with log_errors(), repeatable.begin() as connection:
        yield connection


def _judge(
    connection: Connection, sides: Sides, kept: KeptComparison, known: Rows, *, shows: bool
) -> Review:
    terms = sides.terms(kept)
    folded = read_folded(connection, kept)
    looks = read_looks(connection, kept)
    slices = read_slice_looks(connection, kept)
    empty = nothing_yet(has_numbers=sides.has_numbers, has_labels=sides.task != "regression")
    blocks = folded.blocks
    if sides.unit:
        blocks = read_blocks(connection, sides, kept, terms.policy)
    pairs = judge_pairs((empty, *blocks), sides.task, terms.policy, terms.level)
    drifted = _drifted(connection, sides, kept, folded, terms)
    shown = _Shown(None, None)
    if shows:
        sample, columns = read_sample(connection, sides, kept)
        pairs = replace(pairs, **show_pairs(sample, terms.policy))
        shown = _show(sample, columns, sides, terms)
    summary = Summary(
        about=sides.about,
        coverage=_with_waiting(folded.coverage, comparisons.count_waiting(connection, kept)),
        pairs=pairs,
        outcomes=_outcomes(known, folded, terms),
        input_drift=drifted.get(INPUTS),
        output_drift=drifted.get(OUTPUTS),
        selection=conclude_selection(looks.get(SELECTION, []), terms.policy),
        days=_days(folded),
        slices=conclude_slices(slices, terms.policy) if slices else shown.slices,
        explanation=shown.explanation,
        noise=read_noise(connection, sides.endpoint, sides.episode.live),
        segments=_segments(connection, kept),
    )
    return Review(
        comparison=conclude(summary, terms),
        kept=kept,
        sides=sides,
        known=known,
        paths=_paths(blocks, known, sides, terms),
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


def _segments(connection: Connection, kept: KeptComparison) -> tuple[Segment, ...]:
    return tuple(Segment(**vars(part)) for part in comparisons.folded_shares(connection, kept.id))


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


def _drifted(
    connection: Connection, sides: Sides, kept: KeptComparison, folded: Folded, terms: Terms
) -> dict[str, DriftReport]:
    """Report on inputs and answers by the looks that were taken at them."""
    premises, looks = sides.premises(terms.policy), read_looks(connection, kept)
    if sides.unit:
        return unit_drift(connection, sides, kept, premises, looks)
    return {
        name: folded_drift(premises, folded, name, looks.get(name, []))
        for name in premises.families
    }


def _paths(blocks: Sequence[Block], known: Rows, sides: Sides, terms: Terms) -> tuple[Path, ...]:
    walked = pair_paths(blocks, sides.task, terms.policy, terms.level)
    loss = loss_path(known, terms.policy, terms.level)
    return walked if loss is None else (*walked, loss)
