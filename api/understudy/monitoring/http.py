"""HTTP metrics of the api, summed over all its workers."""

import os
from functools import cache, partial
from typing import Any

from flask import Flask, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_flask_exporter import PrometheusMetrics

from understudy import __version__

_LATENCY_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class HttpMetrics:
    """Counts requests at the outermost layer, by route template, method and status."""

    def __init__(self, endpoint: str) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "understudy_http_requests",
            "Requests answered, by route template.",
            ("endpoint", "route", "method", "status"),
            registry=self._registry,
        )
        self._latency = Histogram(
            "understudy_http_request_duration_seconds",
            "Time from the first byte read to the last byte sent.",
            ("endpoint", "route", "method"),
            buckets=_LATENCY_S,
            registry=self._registry,
        )
        # There from the start: what is to be counted on a full disk needs no more room then.
        self._unrecorded = Counter(
            "understudy_unrecorded_instances",
            "Instances answered without a record.",
            ("endpoint",),
            registry=self._registry,
        ).labels(endpoint)
        self._build = Gauge(
            "understudy_build_info",
            "The running version of Understudy.",
            ("version", "endpoint"),
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )
        self._build.labels(__version__, endpoint).set(1)
        self._instances, self._body_bytes, self._control, self._connections = (
            Gauge(name, about, ("endpoint",), registry=self._registry, multiprocess_mode="livesum")
            for name, about in (
                ("understudy_held_instances", "Instances that wait for the model or are with it."),
                ("understudy_held_body_bytes", "What large bodies of requests under way hold."),
                ("understudy_held_control_requests", "Requests in the control plane or before it."),
                ("understudy_held_connections", "Connections of clients, idle ones included."),
            )
        )
        self._endpoint = endpoint
        # One look-up instead of prometheus_client's own for each request of the same kind.
        self._counter_of = cache(partial(self._requests.labels, endpoint))
        self._timer_of = cache(partial(self._latency.labels, endpoint))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is a template, never a path as it was sent."""
        self._counter_of(route, method, str(status)).inc()
        self._timer_of(route, method).observe(seconds)

    def refused(self, status: int, count: int) -> None:
        """Count connections that were ended with an answer before there was a request."""
        self._counter_of("(connection)", "OTHER", str(status)).inc(count)

    def unrecorded(self, instances: int) -> None:
        """Count instances that were answered without a record; the count outlives this worker."""
        self._unrecorded.inc(instances)

    def hold(
        self, instances: int, body_bytes: int, control_requests: int, connections: int
    ) -> None:
        """Show what this worker holds; all workers' are added up."""
        self._instances.labels(self._endpoint).set(instances)
        self._body_bytes.labels(self._endpoint).set(body_bytes)
        self._control.labels(self._endpoint).set(control_requests)
        self._connections.labels(self._endpoint).set(connections)

    def watch_views(self, app: Flask) -> None:
        """Let prometheus-flask-exporter time the views of the control plane."""
        # Before the exporter's own hook: a path without a view would count as a failure.
        app.before_request(_leave_out_unknown)
        PrometheusMetrics(
            app,
            path=None,
            registry=self._registry,
            group_by="url_rule",
            defaults_prefix="understudy_control",
            excluded_paths=["^/metrics$"],
        )

    def expose(self) -> tuple[bytes, str]:
        """Return all workers' metrics in the text format, and its content type."""
        if _is_multiprocess():
            together = CollectorRegistry()
            MultiProcessCollector(together)  # type: ignore[no-untyped-call]
            return generate_latest(together), CONTENT_TYPE_LATEST
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


def _leave_out_unknown() -> None:
    if request.url_rule is None:
        request.prom_do_not_track = True  # type: ignore[attr-defined]


def _is_multiprocess() -> bool:
    """Say whether prometheus_client was told, before its import, to share values in files."""
    kind: Any = values.ValueClass
    return kind is not values.MutexValue


def forget_worker(pid: int) -> None:
    """Drop the gauges of a worker that ended; its counts stay."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
