"""The review of one shadow: gathered, compared, judged."""

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.compare import Comparison, compare
from understudy.log.database import Engine
from understudy.review.evidence import gather
from understudy.settings import Settings


def review_shadow(
    engine: Engine, settings: Settings, store: ArtefactStore, shadow: str
) -> Comparison:
    """
    Compare a shadow, `NAME:VERSION`, with the live model on all that the log holds.

    Raises RecordUnknown, LogUnavailable, ArtefactError or ComparisonError.
    """
    gathered = gather(engine, settings, store, shadow)
    return compare(gathered.evidence, gathered.policy)
