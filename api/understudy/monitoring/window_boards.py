"""What the windows of the live version's traffic found, as gauges."""

from prometheus_client import CollectorRegistry

from understudy.monitoring.registry import Board, Rows
from understudy.review.windows import Windows

_FINDING = ("column", "finding", "against")


class WindowBoards:
    """The newest window of an endpoint, and whether its traffic alarms."""

    def __init__(self, registry: CollectorRegistry, endpoint: str) -> None:
        def board(name: str, about: str, *labels: str) -> Board:
            return Board(registry, endpoint, name, about, labels)

        self._alarm = board(
            "understudy_drift_window_alarm",
            "Whether a finding alarms; an alarm stays until two windows in succession are clean.",
            *_FINDING,
        )
        self._effect = board(
            "understudy_drift_window_effect",
            "Size of a change in the newest window; its name says on which scale.",
            *_FINDING,
            "effect",
        )
        self._end = board(
            "understudy_drift_window_end_timestamp_seconds", "When the newest window ended."
        )
        self._units = board("understudy_drift_window_units", "Units in the newest window.")

    def show(self, windows: Windows | None) -> None:
        """Show exactly these windows."""
        newest = windows.kept[-1] if windows is not None and windows.kept else None
        self._alarm.show({} if windows is None else _alarms(windows))
        self._effect.show({} if windows is None else _effects(windows))
        self._end.show({} if newest is None else {(): newest.until.timestamp()})
        self._units.show({} if newest is None else {(): float(newest.units)})


def _alarms(windows: Windows) -> Rows:
    """Give 0 for what was measured and does not alarm, so that an alarm is seen to begin."""
    found: Rows = {(one.column, one.finding, one.against): 0.0 for one in windows.measured}
    for alarm in windows.state.alarms:
        found[alarm.column, alarm.finding, alarm.against] = 1.0
    return found


def _effects(windows: Windows) -> Rows:
    return {
        (one.column, one.finding, one.against, one.effect_name): one.effect
        for one in windows.measured
    }
