"""GET /v1/models: the model versions in the artefact store."""

from typing import Any

from understudy.artefacts.manifest import Manifest
from understudy.controllers.services import services

Json = dict[str, Any]


def search() -> Json:
    """Return every version with what its manifest says of it."""
    store = services().store
    return {"models": [_describe(store.manifest(*version)) for version in store.list()]}


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
