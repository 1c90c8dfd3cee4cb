"""Probes and metrics."""

from typing import Any

import flask

from understudy.serving.worker import Worker


def live() -> dict[str, Any]:
    """Say that the process answers."""
    return {"status": "live"}


def ready(worker: Worker) -> dict[str, Any]:
    """Say which model answers. Raises NoLiveModel before the first deployment."""
    generation = worker.generation
    model = {"name": generation.name, "version": generation.version}
    return {"status": "ready", "model": model}


def metrics() -> flask.Response:
    """Return the metrics of all workers of this service in the text format of Prometheus."""
    text, content_type = flask.current_app.extensions["understudy"].metrics.expose()
    return flask.Response(text, content_type=content_type)
