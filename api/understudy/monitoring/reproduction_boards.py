"""What the newest reproduction found, and what waits to be replayed, as gauges."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry

from understudy.comparison.reproduction import Reproduction
from understudy.monitoring.registry import Board, Rows

_VERSION = ("name", "version")


class ReproductionBoards:
    """The newest run of an endpoint, by version and engine, and its replays."""

    def __init__(self, registry: CollectorRegistry, endpoint: str) -> None:
        def board(name: str, about: str, *labels: str) -> Board:
            return Board(registry, endpoint, name, about, labels)

        version = (*_VERSION, "engine")
        self._sampled = board(
            "understudy_reproduce_instances",
            "Instances of the newest run that were to be scored again.",
            *version,
        )
        self._differing = board(
            "understudy_reproduce_differing_instances",
            "Instances of the newest run that are answered differently than they were served.",
            *version,
        )
        self._missing = board(
            "understudy_reproduce_missing_instances",
            "Instances of the newest run that could not be scored: their artefact is gone.",
            *version,
        )
        self._at = board(
            "understudy_reproduce_timestamp_seconds", "When the newest run was finished."
        )
        self._waiting = board(
            "understudy_replay_waiting_instances",
            "Instances of a replay that wait to be scored.",
            *_VERSION,
        )

    def show(
        self,
        newest: tuple[datetime, Reproduction] | None,
        waiting: Mapping[tuple[str, str], int],
    ) -> None:
        """Show exactly this run and these replays."""
        self._waiting.show({version: float(count) for version, count in waiting.items()})
        found = None if newest is None else newest[1]
        self._sampled.show(_rows(found, "sampled"))
        self._differing.show(_rows(found, "differing"))
        self._missing.show(_rows(found, "missing"))
        self._at.show({} if newest is None else {(): newest[0].timestamp()})


def _rows(found: Reproduction | None, part: str) -> Rows:
    """Sum up a count by version and engine; two contents of one version are one series."""
    rows: Rows = {}
    for one in found.versions if found else ():
        labels = (one.name, one.version, one.engine or "")
        rows[labels] = rows.get(labels, 0.0) + getattr(one, part)
    return rows
