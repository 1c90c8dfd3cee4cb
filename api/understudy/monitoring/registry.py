"""What every process shows of itself, and gauges whose series come and go."""

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from understudy import __version__

Registry = CollectorRegistry
"""Named here, so that no other room has to know the library."""

Rows = dict[tuple[str, ...], float]
"""The series of one gauge: values by the values of their labels."""


def new_registry(endpoint: str) -> Registry:
    """Return a registry of this process's own, with its build, memory, CPU and open files."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    build = Gauge(
        "understudy_build_info",
        "The running Understudy.",
        ("version", "endpoint"),
        registry=registry,
    )
    build.labels(__version__, endpoint).set(1)
    return registry


class Board:
    """
    A gauge whose series are told all at once; what is no longer told disappears.

    `labels` come after the label `endpoint`, which every series has.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        endpoint: str,
        name: str,
        about: str,
        labels: Sequence[str] = (),
    ) -> None:
        self._gauge = Gauge(name, about, ("endpoint", *labels), registry=registry)
        self._endpoint = endpoint
        self._shown: set[tuple[str, ...]] = set()

    def show(self, rows: Mapping[tuple[str, ...], float]) -> None:
        """Show exactly these values, by the values of their labels."""
        for labels, value in rows.items():
            self._gauge.labels(self._endpoint, *labels).set(value)
        for gone in self._shown - rows.keys():
            self._gauge.remove(self._endpoint, *gone)
        self._shown = set(rows)

    def clear(self) -> None:
        """Show nothing."""
        self.show({})
