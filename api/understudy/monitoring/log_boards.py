"""What the prediction log holds, and who writes into it, as gauges."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from understudy.log.figures import Totals
from understudy.log.roles import Deployments
from understudy.log.spools import SpoolState
from understudy.monitoring.registry import Board, Rows

# A worker reports every second or so; one that does not is gone, though its spool is not empty.
_GONE_S = 10.0


class LogBoards:
    """Totals, workers and roles of one endpoint."""

    def __init__(self, registry: CollectorRegistry, endpoint: str) -> None:
        def board(name: str, about: str, *labels: str) -> Board:
            return Board(registry, endpoint, name, about, labels)

        self._recorded = board(
            "understudy_recorded_instances", "Instances in the prediction log, ever."
        )
        self._quarantined = board(
            "understudy_quarantine_requests", "Requests that lie in quarantine."
        )
        self._lost = board(
            "understudy_unrecorded_instances", "Instances answered without a record, ever."
        )
        self._outcomes = board("understudy_outcomes", "Instances whose outcome is known.")
        self._lag = board(
            "understudy_recording_lag_seconds",
            "How long the oldest answer of the newest shipment took into the prediction log.",
        )
        self._workers = board(
            "understudy_workers",
            "Api workers, by the deployment they serve and whether they have a problem with it.",
            "deployment",
            "problem",
        )
        self._models = board(
            "understudy_role_info", "The roles on record.", "role", "name", "version", "since"
        )

    def show(
        self,
        totals: Totals,
        lag_s: float | None,
        spools: Iterable[SpoolState],
        deployments: Deployments,
    ) -> None:
        """Show what the log says of itself and of the api workers."""
        self._recorded.show({(): totals.recorded})
        self._quarantined.show({(): totals.quarantined})
        self._lost.show({(): totals.lost})
        self._outcomes.show({(): totals.outcomes})
        self._lag.show({} if lag_s is None else {(): lag_s})
        self._workers.show(_count_workers(spools))
        self._models.show(_roles(deployments))

    def clear(self) -> None:
        """Show nothing."""
        for board in (
            self._recorded,
            self._quarantined,
            self._lost,
            self._outcomes,
            self._lag,
            self._workers,
            self._models,
        ):
            board.clear()


def _count_workers(spools: Iterable[SpoolState]) -> Rows:
    found: Rows = {}
    for spool in spools:
        if spool.unseen_s > _GONE_S:
            continue
        deployment = "" if spool.deployment_id is None else str(spool.deployment_id)
        labels = (deployment, "no" if spool.problem is None else "yes")
        found[labels] = found.get(labels, 0.0) + 1
    return found


def _roles(deployments: Deployments) -> Rows:
    roles = [("shadow", role) for role in deployments.shadows]
    named = [("live", deployments.live), ("previous", deployments.previous), *roles]
    return {
        (name, role.name, role.version, role.since.isoformat(timespec="seconds")): 1.0
        for name, role in named
        if role is not None
    }
