"""Pairs and inputs of a comparison as arrays: for outcomes, for pictures, and to look into."""

from understudy.comparison.evidence import Evidence
from understudy.comparison.rows import Rows, read_rows
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection
from understudy.log.readers import Pairs, Wanted, read_pairs
from understudy.review.sides import Sides

MOST_PAIRS = 200_000
"""Of more pairs than this a sample of the requests is shown; the verdict rests on all of them."""


def read_known(connection: Connection, sides: Sides, kept: KeptComparison) -> Rows:
    """Return the compared instances whose outcome is known, in order of arrival."""
    wanted = Wanted(
        comparison_id=kept.id,
        training_end=sides.training_end,
        only_known=True,
        has_probabilities=sides.has_probabilities,
    )
    pairs = read_pairs(connection, sides.endpoint, kept.live, kept.shadow, wanted)
    return read_rows(as_evidence(pairs, sides))


def read_sample(
    connection: Connection, sides: Sides, kept: KeptComparison, compared: int
) -> Evidence:
    """Return the pairs of a comparison, or a sample of the requests where there are very many."""
    wanted = Wanted(
        comparison_id=kept.id,
        training_end=sides.training_end,
        sample=None if compared <= MOST_PAIRS else MOST_PAIRS / compared,
        has_probabilities=sides.has_probabilities,
    )
    pairs = read_pairs(connection, sides.endpoint, kept.live, kept.shadow, wanted)
    return as_evidence(pairs, sides)


def as_evidence(pairs: Pairs, sides: Sides) -> Evidence:
    """Return pairs as the comparison takes them."""
    is_number = sides.task == "regression"
    has_values = sides.has_numbers and sides.task != "multiclass"
    return Evidence(
        live=pairs.live_value if has_values else None,
        shadow=pairs.shadow_value if has_values else None,
        task=sides.task,
        units=pairs.request_ids,
        instances=pairs.instance_no,
        served_at=pairs.served_at,
        live_labels=None if is_number else pairs.live_label,
        shadow_labels=None if is_number else pairs.shadow_label,
        live_probabilities=pairs.live_probabilities,
        shadow_probabilities=pairs.shadow_probabilities,
        positive=sides.live.manifest.output.positive,
        failed=pairs.failed,
        outcomes=pairs.outcome if is_number else pairs.outcome_label,
        outcome_at=pairs.outcome_at,
    )
