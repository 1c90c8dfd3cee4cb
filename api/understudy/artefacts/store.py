"""Artefacts behind any fsspec URL: a folder, S3, GCS, Azure."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from understudy.artefacts.archive import MAX_PACKED_BYTES, pack, unpack
from understudy.artefacts.artefact import SIGNATURE_FILE, Artefact, open_artefact
from understudy.artefacts.layout import (
    Packed,
    archive_path,
    is_title,
    manifest_path,
    packed_of,
    packed_path,
    packed_to_bytes,
    read_packed,
    signature_path,
    version_order,
)
from understudy.artefacts.manifest import MANIFEST_FILE, Manifest, read_manifest_bytes
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
_MAX_PACKED_RECORD_BYTES = 1024

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

    A version is `NAME/VERSION/manifest.json`, written last and once, beside archives and
    signatures whose names bear a digest over manifest and provenance, so that no push replaces
    what another has sent. `….stored.json`, written once as well, says which archive is that of
    the manifest: of two who packaged the same training and push at once, the first. Whatever else
    lies there an interrupted or late push left behind; nobody looks at it. The manifest is
    written on the condition that there is none, and read again afterwards: of two who push
    different manifests at once, one is refused.
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
        elif stored == manifest.digest and self._packed_stored(manifest) is None:
            self._send(found, progress)  # whoever removed the record made the archive unknown
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
        packed = self._packed(manifest)
        folder = into / f"{name}-{version}-{manifest.digest[:12]}"
        is_spoilt = folder.exists()
        if is_spoilt:
            # A cache that was cut short or changed, or holds something else, is fetched again.
            with suppress(ArtefactError):
                found = open_artefact(folder)
                _check(found, manifest, packed)
                self._fetch_signature(manifest, packed, folder)
                return found
        _sweep(into)
        arriving = into / f".arriving-{uuid.uuid4().hex}"
        try:
            self._fetch(manifest, packed, arriving, progress)
            if is_spoilt:  # only now: while the store is away, the spoilt one is better than none
                with suppress(FileNotFoundError):
                    folder.rename(arriving / "spoilt")
            return _move_in(arriving / "unpacked", folder)
        finally:
            shutil.rmtree(arriving, ignore_errors=True)

    def list(self) -> "list[tuple[str, str]]":
        """Return name and version of everything stored completely, in order."""
        places = [path.split("/") for path in self._storage.find()]
        titles = [(place[0], place[1]) for place in places if place[2:] == [MANIFEST_FILE]]
        # A folder that somebody else left in the store is no version.
        stored = [title for title in titles if is_title(*title)]
        if not stored:
            self._storage.check_bucket()
        return sorted(stored, key=version_order)

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
        packed = self._packed(manifest)
        return self._storage.read(signature_path(manifest, packed), MAX_SIGNATURE_BYTES)

    def _send(self, artefact: Artefact, progress: Progress) -> None:
        """Upload archive and signature, then say they count, and only then let them be seen."""
        manifest, mine = artefact.manifest, packed_of(artefact)
        self._storage.check_bucket()
        with TemporaryDirectory(prefix="understudy-push-") as scratch:
            packed = Path(scratch) / "archive.tar.gz"
            pack(artefact.folder, packed)
            with progress(f"pushing {manifest.title}", packed.stat().st_size) as advance:
                self._storage.put(packed, archive_path(manifest, mine), advance)
        signature = artefact.folder / SIGNATURE_FILE
        if signature.exists():
            self._storage.put(signature, signature_path(manifest, mine), lambda _: None)
        # Whether we or somebody else was first, every reader sees by these two.
        self._storage.create(packed_path(manifest), packed_to_bytes(mine))
        self._storage.create(manifest_path(manifest.name, manifest.version), manifest.to_bytes())

    def _send_signature(self, artefact: Artefact) -> None:
        """
        Put a signature beside a version that is stored, if it was made for that.

        The same training packaged twice has one digest and two provenances, and a signature covers
        both: one made for the other provenance stays away.
        """
        manifest, packed = artefact.manifest, self._packed(artefact.manifest)
        mine, path = artefact.folder / SIGNATURE_FILE, signature_path(manifest, packed)
        if not mine.exists() or packed_of(artefact) != packed:
            return
        if mine.read_bytes() != self._storage.read(path, MAX_SIGNATURE_BYTES):
            self._storage.put(mine, path, lambda _: None)

    def _fetch(
        self, manifest: Manifest, stored: Packed, arriving: Path, progress: Progress
    ) -> None:
        """Download and unpack an archive, and hold it against what the store says of it."""
        unpacked, packed = arriving / "unpacked", arriving / "archive.tar.gz"
        path = archive_path(manifest, stored)
        unpacked.mkdir(parents=True)
        size = self._storage.size(path, MAX_PACKED_BYTES)
        if size is None:
            raise ArtefactInvalid(f"The archive of {manifest.title} is gone.")
        with progress(f"pulling {manifest.title}", size) as advance:
            self._storage.fetch(path, packed, size, advance)
        unpack(packed, unpacked)
        packed.unlink()
        _check(open_artefact(unpacked), manifest, stored)
        self._fetch_signature(manifest, stored, unpacked)

    def _fetch_signature(self, manifest: Manifest, packed: Packed, folder: Path) -> None:
        """Let a folder have the signature that the store has now: it may come later, or change."""
        stored = self._storage.read(signature_path(manifest, packed), MAX_SIGNATURE_BYTES)
        path = folder / SIGNATURE_FILE
        if stored is None:
            path.unlink(missing_ok=True)
        elif _content(path) != stored:
            arriving = folder.parent / f".arriving-{uuid.uuid4().hex}"
            arriving.write_bytes(stored)
            arriving.replace(path)  # whoever reads the folder now sees one or the other

    def _packed(self, manifest: Manifest) -> Packed:
        packed = self._packed_stored(manifest)
        if packed is None:
            raise ArtefactInvalid(
                f"The archive of {manifest.title} is gone: the store does not say which it is."
                " Push it again."
            )
        return packed

    def _packed_stored(self, manifest: Manifest) -> Packed | None:
        found = self._storage.read(packed_path(manifest), _MAX_PACKED_RECORD_BYTES)
        return None if found is None else read_packed(found, manifest)

    def _digest_stored(self, manifest: Manifest) -> str | None:
        content = self._manifest_bytes(manifest.name, manifest.version)
        return None if content is None else read_manifest_bytes(content).digest

    def _manifest_bytes(self, name: str, version: str) -> bytes | None:
        if not is_title(name, version):
            raise ArtefactMissing(
                f"{name}:{version} is not a name and a version such as a-b:1.0.0."
            )
        return self._storage.read(manifest_path(name, version), MAX_MANIFEST_BYTES)

    def _known(self) -> str:
        """Return the newest of what is stored, as a sentence has it."""
        known = [f"{name}:{version}" for name, version in self.list()]
        more = f"{len(known) - _MOST_NAMED} others and " if len(known) > _MOST_NAMED else ""
        return more + (", ".join(known[-_MOST_NAMED:]) or "nothing")


def _check(found: Artefact, manifest: Manifest, stored: Packed) -> None:
    """Raise what is wrong if an artefact, whole as it is, is not the one that is stored."""
    if found.digest != manifest.digest:
        raise ArtefactCorrupt(MANIFEST_FILE, manifest.digest, found.digest)
    if packed_of(found) != stored:
        raise ArtefactInvalid(f"{manifest.title} does not have the provenance it was stored with.")


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
