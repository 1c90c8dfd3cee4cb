"""GET /v1/models: the model versions in the artefact store."""

import flask

from understudy.artefacts.manifest import Manifest
from understudy.controllers.documents import Json, answer
from understudy.controllers.services import services


def search() -> flask.Response:
    """Return every version with what its manifest says of it."""
    store = services().store
    manifests = [store.manifest(*version) for version in store.list()]
    return answer({"models": [_describe(manifest) for manifest in manifests]})


def _describe(manifest: Manifest) -> Json:
    return {
        "name": manifest.name,
        "version": manifest.version,
        "task": manifest.task,
        "digest": manifest.digest,
        "engine": manifest.engine,
        "features": [field.name for field in manifest.input_schema.features],
        "trained_on": {
            "digest": manifest.training.digest,
            "rows": manifest.training.rows,
            "start": manifest.training.start,
            "end": manifest.training.end,
        },
    }
