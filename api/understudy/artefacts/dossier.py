"""All that is kept of one stored version: its manifest, its card, its provenance, its signature."""

import json
from dataclasses import dataclass
from pathlib import Path

from understudy.artefacts.artefact import CARD_FILE, SIGNATURE_FILE, Artefact, open_artefact
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.store import ArtefactStore
from understudy.errors import ArtefactError, UnderstudyError


@dataclass(frozen=True)
class Dossier:
    """
    What people and programs may want to know of a version.

    `signed_by` is the id of the key that the signature names, unverified; whoever takes a model
    into service verifies it. Where the archive cannot be had, `problem` says why, and card,
    provenance and signature are None.
    """

    manifest: Manifest
    card: str | None = None
    provenance: dict[str, object] | None = None
    signed_by: str | None = None
    problem: str | None = None


def read_dossier(store: ArtefactStore, name: str, version: str, cache: Path) -> Dossier:
    """
    Gather what the store has of a version; the archive is fetched once into `cache`.

    Raises what `ArtefactStore.manifest` raises.
    """
    manifest = store.manifest(name, version)
    try:
        return dossier_of(store.pull(name, version, cache.absolute()))
    except (UnderstudyError, OSError, ValueError) as error:
        return Dossier(manifest, problem=str(error))


def read_cached(cache: Path, name: str, version: str, digest: str) -> Dossier | None:
    """Gather the same from what this machine fetched earlier, None if it never did."""
    try:
        artefact = open_artefact(cache / f"{name}-{version}-{digest[:12]}")
        return dossier_of(artefact) if artefact.digest == digest else None
    except (ArtefactError, OSError, ValueError):
        return None


def dossier_of(artefact: Artefact) -> Dossier:
    """Gather what an artefact that is here holds; raises OSError or ValueError if unreadable."""
    return Dossier(
        manifest=artefact.manifest,
        card=(artefact.folder / CARD_FILE).read_text("utf-8"),
        provenance=artefact.provenance(),
        signed_by=_signer(artefact),
    )


def _signer(artefact: Artefact) -> str | None:
    """Return the key that a signature names, without the libraries that would verify it."""
    try:
        found = json.loads((artefact.folder / SIGNATURE_FILE).read_bytes())
    except FileNotFoundError:
        return None
    key = found.get("key") if isinstance(found, dict) else None
    return key if isinstance(key, str) else None
