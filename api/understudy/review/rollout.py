"""How far a decision has come: how many api workers serve it."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.log.database import Connection
from understudy.log.spools import SpoolState, list_spools

_SEEN_WITHIN_S = 10.0  # a spool that was not seen for longer belongs to a worker that is gone


@dataclass(frozen=True)
class Rollout:
    """How many of the workers that report serve a deployment, and what the others say."""

    serving: int
    workers: int
    problems: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Whether no worker is behind."""
        return self.serving == self.workers

    def to_json(self) -> dict[str, object]:
        """Return what programs are told of it."""
        return {"serving": self.serving, "of": self.workers, "problems": list(self.problems)}


def read_rollout(connection: Connection, endpoint: str, deployment_id: int) -> Rollout:
    """Return how many of the present workers serve a deployment or a later one."""
    spools = list_spools(connection, endpoint)
    present = [spool for spool in spools if spool.unseen_s < _SEEN_WITHIN_S]
    behind = [spool for spool in present if (spool.deployment_id or 0) < deployment_id]
    return Rollout(len(present) - len(behind), len(present), _problems(behind))


def _problems(behind: Sequence[SpoolState]) -> tuple[str, ...]:
    return tuple(sorted({spool.problem for spool in behind if spool.problem}))
