"""Comparisons that are over: what closes late still belongs to them."""

from understudy.artefacts.store import ArtefactStore
from understudy.log import comparisons, folded_work
from understudy.log.database import Engine, log_errors
from understudy.log.deployments import history
from understudy.log.episodes import Episode, episodes
from understudy.review.shadow import review_sides
from understudy.review.sides import pull_sides
from understudy.settings import Settings


def review_ended(engine: Engine, settings: Settings, store: ArtefactStore) -> int:
    """
    Note which comparisons are over, and judge those again whose work was closed since.

    Returns how many were judged. Raises LogUnavailable or ArtefactError.
    """
    late = _late(engine, settings.endpoint)
    for episode in late:
        review_sides(engine, pull_sides(episode, settings, store), shows=False)
    return len(late)


def _late(engine: Engine, endpoint: str) -> list[Episode]:
    """End what is over, and return the episodes that have closed work which is not folded in."""
    with log_errors(), engine.begin() as connection:
        over = {
            (episode.deployment_id, episode.shadow.key): episode
            for episode in episodes(history(connection, endpoint))
            if episode.ended_at is not None
        }
        late = []
        for kept in comparisons.list_comparisons(connection, endpoint):
            episode = over.get((kept.deployment_id, kept.shadow))
            if episode is None or episode.ended_at is None:
                continue
            comparisons.end_comparison(connection, kept.id, episode.ended_at)
            if folded_work.has_closed_work(connection, kept, episode.ended_at):
                late.append(episode)
    return late
