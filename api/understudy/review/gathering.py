"""Everything about one shadow for a person to look at: the judgement, and arrays to draw."""

from dataclasses import dataclass, replace

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.compare import Comparison
from understudy.comparison.evidence import Evidence
from understudy.comparison.paths import Path
from understudy.comparison.traffic import Traffic
from understudy.log.comparisons import KeptComparison, list_comparisons
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.episodes import Episode
from understudy.log.readers import read_instances
from understudy.review.evidence import MOST_PAIRS, as_evidence, read_compared
from understudy.review.redaction import without_redacted
from understudy.review.shadow import Review, review
from understudy.settings import Settings

MOST_INPUTS = 200_000


@dataclass(frozen=True, eq=False)
class Gathered:
    """
    A comparison with what a page about it shows.

    `evidence` are pairs and inputs, or samples where there are very many: they are drawn, and
    decide nothing. `earlier` are the other comparisons of the endpoint, the newest first.
    """

    comparison: Comparison
    paths: tuple[Path, ...]
    evidence: Evidence
    live: Manifest
    shadow: Manifest
    episode: Episode
    earlier: tuple[KeptComparison, ...] = ()


def gather(engine: Engine, settings: Settings, store: ArtefactStore, shadow: str) -> Gathered:
    """
    Review a shadow, `NAME:VERSION`, and read what is drawn of it.

    Raises RecordUnknown, LogUnavailable, ArtefactError or ComparisonError.
    """
    found = review(engine, settings, store, shadow)
    with log_errors(), engine.connect() as connection:
        evidence = read_picture(connection, found)
        kept = list_comparisons(connection, settings.endpoint)
    return Gathered(
        comparison=found.comparison,
        paths=found.paths,
        evidence=evidence,
        live=found.sides.live.manifest,
        shadow=found.sides.shadow.manifest,
        episode=found.sides.episode,
        earlier=tuple(one for one in kept if one.id != found.kept.id),
    )


def read_picture(connection: Connection, found: Review) -> Evidence:
    """Return pairs, inputs and training sample of a review as arrays."""
    kept = found.kept
    sides = without_redacted(connection, found.sides, kept)
    share = MOST_PAIRS / max(MOST_PAIRS, found.comparison.coverage.compared)
    pairs = as_evidence(read_compared(connection, sides, kept, share=share), sides)
    inputs = read_instances(
        connection,
        sides.endpoint,
        kept.live,
        sides.features,
        most=MOST_INPUTS,
        comparison_id=kept.id,
    )
    return replace(
        pairs,
        inputs=Traffic(inputs.columns, inputs.request_ids, inputs.instance_no, inputs.served_at),
        reference=sides.trained,
        kinds=sides.kinds,
        training=sides.training,
        held_out=sides.held_out,
        endpoint=sides.endpoint,
        target=sides.about.target,
        measured_in=sides.about.measured_in,
    )
