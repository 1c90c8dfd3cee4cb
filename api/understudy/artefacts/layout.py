"""Where the files of a version lie in an artefact store, and which archive is its own."""

import json
import re
from dataclasses import asdict, dataclass

from understudy.artefacts.artefact import PROVENANCE_FILE, SIGNATURE_FILE, Artefact
from understudy.artefacts.canonical import canonical_json, file_sha256, sha256
from understudy.artefacts.manifest import (
    MANIFEST_FILE,
    NAME_PATTERN,
    VERSION_PATTERN,
    Manifest,
)
from understudy.artefacts.parsing import parse
from understudy.errors import ArtefactInvalid

_CONTENT_PATTERN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Packed:
    """
    What one archive holds: `content` is a SHA-256 over manifest and provenance.

    The same training packaged twice has one manifest and two provenances, and so two archives.
    """

    content: str


def packed_of(artefact: Artefact) -> Packed:
    """Say what an archive of this artefact would hold."""
    provenance = artefact.folder / PROVENANCE_FILE
    covered = {
        "manifest": artefact.digest,
        "provenance": file_sha256(provenance) if provenance.exists() else None,
    }
    return Packed(sha256(canonical_json(covered)))


def packed_to_bytes(packed: Packed) -> bytes:
    """Return the content of the file that says which archive is a version's own."""
    return canonical_json(asdict(packed))


def read_packed(found: bytes, manifest: Manifest) -> Packed:
    """Read that file; raises ArtefactInvalid if it is none."""
    where = f"The record of which archive is that of {manifest.title}"
    try:
        packed = parse(Packed, json.loads(found), where)
    except (ValueError, RecursionError) as error:
        raise ArtefactInvalid(f"{where} cannot be read ({error}).") from error
    if not _CONTENT_PATTERN.fullmatch(packed.content):
        raise ArtefactInvalid(f"{where} holds no SHA-256.")
    return packed


def is_title(name: str, version: str) -> bool:
    """Tell whether a name and a version are such as a model may have."""
    return bool(NAME_PATTERN.fullmatch(name) and VERSION_PATTERN.fullmatch(version))


def version_order(title: tuple[str, str]) -> tuple[str, tuple[int, ...], bool, str]:
    """Order versions by their numbers; a pre-release comes before its release."""
    name, version = title
    numbers, _, release = version.partition("-")
    return name, tuple(int(part) for part in numbers.split(".")), release == "", release


def manifest_path(name: str, version: str) -> str:
    """Return where the manifest lies that makes a version visible."""
    return f"{name}/{version}/{MANIFEST_FILE}"


def packed_path(manifest: Manifest) -> str:
    """Return where it is written which archive is the version's own."""
    return f"{_stem(manifest)}.stored.json"


def archive_path(manifest: Manifest, packed: Packed) -> str:
    """Return where the archive lies that holds this content and no other."""
    return f"{_stem(manifest)}-{packed.content[:12]}.tar.gz"


def signature_path(manifest: Manifest, packed: Packed) -> str:
    """Return where a signature lies that was made for this content and no other."""
    return f"{_stem(manifest)}-{packed.content[:12]}.{SIGNATURE_FILE}"


def _stem(manifest: Manifest) -> str:
    file = f"{manifest.name}-{manifest.version}-{manifest.digest[:12]}"
    return f"{manifest.name}/{manifest.version}/{file}"
