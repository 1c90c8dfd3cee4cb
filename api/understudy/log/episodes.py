"""Episodes: from when to when one live and one shadow version stood under one policy."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from understudy.log.roles import DeploymentRow, Deployments, Role, ShadowRole, fold_each


@dataclass(frozen=True)
class Episode:
    """
    The time in which nothing changed that a comparison rests on.

    It began with the deployment `deployment_id` at `started_at`; `shadows` were compared with live
    then. A changed share of the traffic is no new episode.
    """

    deployment_id: int
    started_at: datetime
    live: Role
    shadow: ShadowRole
    shadows: int
    ended_at: datetime | None = None


def episodes(rows: Iterable[DeploymentRow]) -> list[Episode]:
    """Return all episodes of an endpoint, in the order in which they began."""
    found: list[Episode] = []
    for row, now in fold_each(rows):
        compared = compared_shadows(now)
        for place, episode in enumerate(found):
            if episode.ended_at is None and not _goes_on(episode, now):
                found[place] = replace(episode, ended_at=row.at)
        running = [episode for episode in found if episode.ended_at is None]
        found += [
            Episode(row.id, row.at, now.live, shadow, len(compared))
            for shadow in compared
            if now.live is not None and not any(_is_of(episode, shadow) for episode in running)
        ]
    return found


def compared_shadows(now: Deployments) -> tuple[ShadowRole, ...]:
    """Return the shadows that stand for promotion: not live's own twin."""
    live = None if now.live is None else now.live.key
    return tuple(shadow for shadow in now.shadows if live is not None and shadow.key != live)


def _goes_on(episode: Episode, now: Deployments) -> bool:
    live = now.live
    if live is None or (live.key, live.digest) != (episode.live.key, episode.live.digest):
        return False
    return any(_is_of(episode, shadow) for shadow in compared_shadows(now))


def _is_of(episode: Episode, shadow: ShadowRole) -> bool:
    then = episode.shadow
    return (shadow.key, shadow.digest, shadow.policy) == (then.key, then.digest, then.policy)
