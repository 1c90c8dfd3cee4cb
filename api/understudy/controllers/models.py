"""GET /v1/models: the model versions in the artefact store."""

from dataclasses import asdict

import flask

from understudy.artefacts.dossier import read_dossier
from understudy.artefacts.manifest import Manifest
from understudy.controllers.documents import Json, answer
from understudy.controllers.services import services
from understudy.errors import ArtefactMissing, RecordUnknown, UnderstudyError


def search() -> flask.Response:
    """Return every version with what its manifest says of it, and those that say nothing."""
    store = services().store
    models, unreadable = [], []
    for name, version in store.list():
        try:
            models.append(_describe(store.manifest(name, version)))
        except UnderstudyError as error:
            unreadable.append({"name": name, "version": version, "reason": str(error)})
    return answer({"models": models, "unreadable": unreadable})


def get(name: str, version: str) -> flask.Response:
    """Return all that is kept of one version. Raises RecordUnknown if it is not stored."""
    found = services()
    try:
        dossier = read_dossier(found.store, name, version, found.settings.reading_dir)
    except ArtefactMissing:
        raise RecordUnknown(f"{name}:{version} is not in the artefact store.") from None
    manifest = dossier.manifest
    return answer(
        {
            "name": manifest.name,
            "version": manifest.version,
            "digest": manifest.digest,
            "manifest": manifest.to_json(),
            "gates": [asdict(gate) for gate in manifest.gates],
            "waivers": [asdict(waiver) for waiver in manifest.waivers],
            "card": dossier.card,
            "provenance": dossier.provenance,
            "signed_by": dossier.signed_by,
            "problem": dossier.problem,
        }
    )


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
