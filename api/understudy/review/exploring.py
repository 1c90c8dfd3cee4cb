"""An exploratory view: some of a comparison's pairs, which decide nothing."""

from dataclasses import replace
from datetime import UTC, datetime

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.compare import Comparison, compare
from understudy.log import comparisons
from understudy.log.database import Engine, log_errors
from understudy.log.deployments import history
from understudy.log.readers import Wanted, read_pairs
from understudy.review.evidence import as_evidence
from understudy.review.folding import begin, fold_closed_work
from understudy.review.sides import find_sides
from understudy.settings import Settings

EXPLORATORY = "EXPLORATORY"


def explore(
    engine: Engine, settings: Settings, store: ArtefactStore, shadow: str, since: datetime
) -> Comparison:
    """
    Compare a shadow on what was served from `since` on; it carries no verdict.

    Whoever chooses the time after a look at the data chooses the answer, too. Raises as
    `review_shadow` does.
    """
    with log_errors(), engine.connect() as connection:
        changes = history(connection, settings.endpoint)
    sides = find_sides(changes, settings, store, shadow)
    comparison_id = begin(engine, sides)
    fold_closed_work(engine, sides, comparison_id)
    with log_errors(), engine.connect() as connection:
        kept = comparisons.read_comparison(connection, comparison_id)
        wanted = Wanted(
            comparison_id=kept.id,
            since=since,
            training_end=sides.training_end,
            fields=(sides.unit,) if sides.unit else (),
            has_probabilities=sides.has_probabilities,
        )
        pairs = read_pairs(connection, sides.endpoint, kept.live, kept.shadow, wanted)
    about = sides.about
    evidence = replace(
        as_evidence(pairs, sides),
        live_name=about.live,
        shadow_name=about.shadow,
        endpoint=about.endpoint,
        target=about.target,
        measured_in=about.measured_in,
    )
    found = compare(evidence, sides.terms(kept).policy)
    moment = since.astimezone(UTC).isoformat(timespec="seconds")
    reason = f"Exploratory: only what was served since {moment}. It carries no verdict."
    return replace(found, verdict=EXPLORATORY, reasons=(reason,), cautions=())
