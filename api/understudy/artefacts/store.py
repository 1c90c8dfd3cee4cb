"""Artefacts behind any fsspec URL: a folder, S3, GCS, Azure."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from understudy.artefacts.archive import MAX_PACKED_BYTES, pack, unpack
from understudy.artefacts.artefact import PROVENANCE_FILE, SIGNATURE_FILE, Artefact, open_artefact
from understudy.artefacts.manifest import (
    MANIFEST_FILE,
    NAME_PATTERN,
    VERSION_PATTERN,
    Manifest,
    read_manifest_bytes,
)
from understudy.artefacts.storage import Advance, Storage
from understudy.errors import (
    ArtefactCorrupt,
    ArtefactError,
    ArtefactImmutable,
    ArtefactInvalid,
    ArtefactMissing,
)

MAX_MANIFEST_BYTES = 64 * 1024**2
MAX_SIGNATURE_BYTES = 64 * 1024

Progress = Callable[[str, int], AbstractContextManager[Advance]]
"""Opens the account of one transfer: what it is, and how many bytes it has."""

_MOST_NAMED = 20
_ABANDONED_AFTER_S = 24 * 3600.0


@contextmanager
def unseen(label: str, total: int) -> Iterator[Advance]:
    """Keep no account of a transfer."""
    yield lambda _: None


class ArtefactStore:
    """
    A place that keeps immutable model versions.

    A version is `NAME/VERSION/manifest.json`, written last and once, beside an archive, and a
    signature if it has one, that bear the manifest's digest in their names. Whatever an
    interrupted push leaves behind has no manifest and is invisible. The manifest is written on
    the condition that there is none, and read again afterwards: of two who push at once, one is
    refused.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._storage = Storage(url)

    def push(self, artefact: Artefact, progress: Progress = unseen) -> str:
        """
        Store an artefact and return its digest.

        The same again changes nothing, but adds or replaces a signature made for what is stored.
        Raises ArtefactImmutable if another content has this name and version, StoreUnavailable,
        and what `open_artefact` raises if the folder was changed.
        """
        found = open_artefact(artefact.folder)
        manifest = found.manifest
        stored = self._digest_stored(manifest)
        if stored is None:
            self._send(found, progress)
            stored = self._digest_stored(manifest)
        elif stored == manifest.digest:
            self._send_signature(found)
        if stored != manifest.digest:
            raise ArtefactImmutable(
                f"{manifest.title} is already stored with the digest {str(stored)[:12]}…, and this"
                f" is {manifest.digest[:12]}…. Give the new model a new version."
            )
        return manifest.digest

    def pull(self, name: str, version: str, into: Path, progress: Progress = unseen) -> Artefact:
        """
        Fetch an artefact into `into/NAME-VERSION-DIGEST12`, verified; fetched before is fine.

        Raises ArtefactMissing, StoreUnavailable, and ArtefactInvalid or ArtefactCorrupt if what is
        stored is not what its manifest says.
        """
        manifest = self.manifest(name, version)
        folder = into / f"{name}-{version}-{manifest.digest[:12]}"
        if folder.exists():
            try:
                self._fetch_signature(manifest, folder)
                return open_artefact(folder)
            except ArtefactError:
                # A cache that was cut short or changed is fetched again.
                shutil.rmtree(folder)
        _sweep(into)
        arriving = into / f".arriving-{uuid.uuid4().hex}"
        try:
            self._fetch(manifest, arriving, progress)
            return _move_in(arriving / "unpacked", folder)
        finally:
            shutil.rmtree(arriving, ignore_errors=True)

    def list(self) -> "list[tuple[str, str]]":
        """Return name and version of everything stored completely, in order."""
        places = [path.split("/") for path in self._storage.find()]
        titles = [(place[0], place[1]) for place in places if place[2:] == [MANIFEST_FILE]]
        # A folder that somebody else left in the store is no version.
        stored = [title for title in titles if _is_title(*title)]
        if not stored:
            self._storage.check_bucket()
        return sorted(stored, key=_version_order)

    def manifest(self, name: str, version: str) -> Manifest:
        """Read the manifest of a version; raises ArtefactMissing naming those that exist."""
        content = self._manifest_bytes(name, version)
        if content is None:
            raise ArtefactMissing(
                f"{name}:{version} is not in the artefact store {self._storage.shown};"
                f" there is {self._known()}."
            )
        manifest = read_manifest_bytes(content)
        if (manifest.name, manifest.version) != (name, version):
            raise ArtefactInvalid(f"{name}:{version} is stored with the manifest of another model.")
        return manifest

    def signature(self, name: str, version: str) -> bytes | None:
        """Return the signature file that a stored version has, unchecked, or None."""
        manifest = self.manifest(name, version)
        return self._storage.read(_signature_path(manifest), MAX_SIGNATURE_BYTES)

    def _send(self, artefact: Artefact, progress: Progress) -> None:
        """Upload archive and signature, and only then let the version be seen."""
        manifest = artefact.manifest
        self._storage.check_bucket()
        with TemporaryDirectory(prefix="understudy-push-") as scratch:
            packed = Path(scratch) / "archive.tar.gz"
            pack(artefact.folder, packed)
            with progress(f"pushing {manifest.title}", packed.stat().st_size) as advance:
                self._storage.put(packed, _archive_path(manifest), advance)
        signature = artefact.folder / SIGNATURE_FILE
        if signature.exists():
            self._storage.put(signature, _signature_path(manifest), lambda _: None)
        # Whether we or somebody else was first, the caller sees by the digest.
        self._storage.create(_manifest_path(manifest.name, manifest.version), manifest.to_bytes())

    def _send_signature(self, artefact: Artefact) -> None:
        """
        Put a signature beside a version that is stored, if it was made for that.

        The same training packaged twice has one digest and two provenances, and a signature covers
        both: one made for the other provenance stays away.
        """
        mine, path = artefact.folder / SIGNATURE_FILE, _signature_path(artefact.manifest)
        if not mine.exists():
            return
        if mine.read_bytes() == self._storage.read(path, MAX_SIGNATURE_BYTES):
            return
        with TemporaryDirectory(prefix="understudy-push-") as scratch:
            self._fetch(artefact.manifest, Path(scratch) / "stored", unseen)
            stored = Path(scratch) / "stored" / "unpacked" / PROVENANCE_FILE
            if _content(stored) == _content(artefact.folder / PROVENANCE_FILE):
                self._storage.put(mine, path, lambda _: None)

    def _fetch(self, manifest: Manifest, arriving: Path, progress: Progress) -> None:
        """Download and unpack an archive, and hold it against the manifest of the store."""
        unpacked, packed = arriving / "unpacked", arriving / "archive.tar.gz"
        unpacked.mkdir(parents=True)
        size = self._storage.size(_archive_path(manifest), MAX_PACKED_BYTES)
        if size is None:
            raise ArtefactInvalid(f"The archive of {manifest.title} is gone.")
        with progress(f"pulling {manifest.title}", size) as advance:
            self._storage.fetch(_archive_path(manifest), packed, size, advance)
        unpack(packed, unpacked)
        packed.unlink()
        self._fetch_signature(manifest, unpacked)
        found = open_artefact(unpacked).digest
        if found != manifest.digest:
            raise ArtefactCorrupt(MANIFEST_FILE, manifest.digest, found)

    def _fetch_signature(self, manifest: Manifest, folder: Path) -> None:
        """Let a folder have the signature that the store has now: it may come later, or change."""
        stored = self._storage.read(_signature_path(manifest), MAX_SIGNATURE_BYTES)
        path = folder / SIGNATURE_FILE
        if stored is None:
            path.unlink(missing_ok=True)
        elif _content(path) != stored:
            arriving = folder.parent / f".arriving-{uuid.uuid4().hex}"
            arriving.write_bytes(stored)
            arriving.replace(path)  # whoever reads the folder now sees one or the other

    def _digest_stored(self, manifest: Manifest) -> str | None:
        content = self._manifest_bytes(manifest.name, manifest.version)
        return None if content is None else read_manifest_bytes(content).digest

    def _manifest_bytes(self, name: str, version: str) -> bytes | None:
        if not _is_title(name, version):
            raise ArtefactMissing(
                f"{name}:{version} is not a name and a version such as a-b:1.0.0."
            )
        return self._storage.read(_manifest_path(name, version), MAX_MANIFEST_BYTES)

    def _known(self) -> str:
        """Return the newest of what is stored, as a sentence has it."""
        known = [f"{name}:{version}" for name, version in self.list()]
        more = f"{len(known) - _MOST_NAMED} others and " if len(known) > _MOST_NAMED else ""
        return more + (", ".join(known[-_MOST_NAMED:]) or "nothing")


def _is_title(name: str, version: str) -> bool:
    return bool(NAME_PATTERN.fullmatch(name) and VERSION_PATTERN.fullmatch(version))


def _manifest_path(name: str, version: str) -> str:
    return f"{name}/{version}/{MANIFEST_FILE}"


def _archive_path(manifest: Manifest) -> str:
    return f"{_stem(manifest)}.tar.gz"


def _signature_path(manifest: Manifest) -> str:
    return f"{_stem(manifest)}.{SIGNATURE_FILE}"


def _stem(manifest: Manifest) -> str:
    file = f"{manifest.name}-{manifest.version}-{manifest.digest[:12]}"
    return f"{manifest.name}/{manifest.version}/{file}"


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _sweep(into: Path) -> None:
    """Remove what pulls that were killed left behind long ago."""
    for left in into.glob(".arriving-*"):
        with suppress(OSError):  # another process may sweep as well
            if time.time() - left.stat().st_mtime > _ABANDONED_AFTER_S:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def _move_in(arrived: Path, folder: Path) -> Artefact:
    try:
        arrived.rename(folder)
    except OSError:
        # Another process pulled the same at the same moment.
        if not folder.exists():
            raise
    return open_artefact(folder)


def _version_order(title: tuple[str, str]) -> tuple[str, tuple[int, ...], bool, str]:
    """Order versions by their numbers; a pre-release comes before its release."""
    name, version = title
    numbers, _, release = version.partition("-")
    return name, tuple(int(part) for part in numbers.split(".")), release == "", release
