"""Probes and metrics."""

from typing import Any

from understudy.controllers.services import Metrics
from understudy.serving.worker import Worker


def live() -> dict[str, Any]:
    """Say that the process answers."""
    return {"status": "live"}


def ready(worker: Worker) -> dict[str, Any]:
    """Say which model answers. Raises NoLiveModel before the first deployment."""
    generation = worker.generation
    model = {"name": generation.name, "version": generation.version}
    return {"status": "ready", "model": model}


def metrics(source: Metrics) -> tuple[bytes, str]:
    """Return the metrics of all workers of this service, and the content type of the text."""
    return source.expose()
