"""Artefacts behind any fsspec URL: a folder, S3, GCS, Azure."""

import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from understudy.artefacts.archive import pack, unpack
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import (
    MANIFEST_FILE,
    NAME_PATTERN,
    VERSION_PATTERN,
    Manifest,
    read_manifest_bytes,
)
from understudy.errors import (
    ArtefactCorrupt,
    ArtefactError,
    ArtefactImmutable,
    ArtefactInvalid,
    ArtefactMissing,
)


class ArtefactStore:
    """
    A place that keeps immutable model versions.

    A version is `NAME/VERSION/manifest.json`, written last and once, beside an archive that bears
    the manifest's digest in its name. Whatever an interrupted push leaves behind has no manifest
    and is invisible.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._files, root = fsspec.url_to_fs(url)
        self._root = str(root).rstrip("/")

    def push(self, artefact: Artefact) -> str:
        """
        Store an artefact and return its digest; the same again changes nothing.

        Raises ArtefactImmutable if another content has this name and version, and what
        `open_artefact` raises if the folder was changed.
        """
        manifest = open_artefact(artefact.folder).manifest
        if self._digest_stored(manifest.name, manifest.version) is None:
            self._write(self._archive_path(manifest), pack(artefact.folder))
            self._publish(self._manifest_path(manifest.name, manifest.version), manifest.to_bytes())
        stored = self._digest_stored(manifest.name, manifest.version)
        if stored != manifest.digest:
            raise ArtefactImmutable(
                f"{manifest.title} is already stored with the digest {str(stored)[:12]}…, and this"
                f" is {manifest.digest[:12]}…. Give the new model a new version."
            )
        return manifest.digest

    def pull(self, name: str, version: str, into: Path) -> Artefact:
        """
        Fetch an artefact into `into/NAME-VERSION-DIGEST12`, verified; fetched before is fine.

        Raises ArtefactMissing, and ArtefactInvalid or ArtefactCorrupt if what is stored is not
        what its manifest says.
        """
        manifest = self.manifest(name, version)
        folder = into / f"{name}-{version}-{manifest.digest[:12]}"
        if folder.exists():
            try:
                return open_artefact(folder)
            except ArtefactError:
                # A cache that was cut short or changed is fetched again.
                shutil.rmtree(folder)
        arriving = into / f".arriving-{uuid.uuid4().hex}"
        try:
            self._fetch(manifest, arriving)
            return _move_in(arriving / "unpacked", folder)
        finally:
            shutil.rmtree(arriving, ignore_errors=True)

    def list(self) -> "list[tuple[str, str]]":
        """Return name and version of everything stored completely, in order."""
        self._files.invalidate_cache()
        found = self._files.glob(f"{self._root}/*/*/{MANIFEST_FILE}")
        titles = [str(path).split("/")[-3:-1] for path in found]
        # A folder that somebody else left in the store is no version.
        stored = [
            (name, version)
            for name, version in titles
            if NAME_PATTERN.fullmatch(name) and VERSION_PATTERN.fullmatch(version)
        ]
        return sorted(stored, key=_version_order)

    def manifest(self, name: str, version: str) -> Manifest:
        """Read the manifest of a version; raises ArtefactMissing naming those that exist."""
        content = self._manifest_bytes(name, version)
        if content is None:
            known = ", ".join(f"{n}:{v}" for n, v in self.list()) or "nothing"
            raise ArtefactMissing(
                f"{name}:{version} is not in the artefact store {self.url}; there is {known}."
            )
        manifest = read_manifest_bytes(content)
        if (manifest.name, manifest.version) != (name, version):
            raise ArtefactInvalid(f"{name}:{version} is stored with the manifest of another model.")
        return manifest

    def _fetch(self, manifest: Manifest, arriving: Path) -> None:
        """Download and unpack an archive, and hold it against the manifest of the store."""
        unpacked = arriving / "unpacked"
        unpacked.mkdir(parents=True)
        try:
            self._files.get_file(self._archive_path(manifest), str(arriving / "archive.tar.gz"))
        except FileNotFoundError as error:
            raise ArtefactInvalid(f"The archive of {manifest.title} is gone.") from error
        unpack(arriving / "archive.tar.gz", unpacked)
        found = open_artefact(unpacked).digest
        if found != manifest.digest:
            raise ArtefactCorrupt(MANIFEST_FILE, manifest.digest, found)

    def _digest_stored(self, name: str, version: str) -> str | None:
        content = self._manifest_bytes(name, version)
        return None if content is None else read_manifest_bytes(content).digest

    def _manifest_bytes(self, name: str, version: str) -> bytes | None:
        if not (NAME_PATTERN.fullmatch(name) and VERSION_PATTERN.fullmatch(version)):
            raise ArtefactMissing(
                f"{name}:{version} is not a name and a version such as a-b:1.0.0."
            )
        self._files.invalidate_cache()
        try:
            content: bytes = self._files.cat_file(self._manifest_path(name, version))
        except FileNotFoundError:
            return None
        return content

    def _publish(self, path: str, content: bytes) -> None:
        """Make a file appear complete, and only if nobody else was first."""
        try:
            if isinstance(self._files, LocalFileSystem):
                _publish_locally(Path(path), content)
            else:
                # Object stores show a file only once it is complete.
                self._files.pipe_file(path, content, mode="create")
        except FileExistsError:
            # The winner's digest is compared by the caller.
            return

    def _write(self, path: str, content: bytes) -> None:
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        arriving: Any = f"{path}.{uuid.uuid4().hex}"
        if isinstance(self._files, LocalFileSystem):
            Path(arriving).write_bytes(content)
            Path(arriving).replace(path)
        else:
            self._files.pipe_file(path, content)

    def _manifest_path(self, name: str, version: str) -> str:
        return f"{self._root}/{name}/{version}/{MANIFEST_FILE}"

    def _archive_path(self, manifest: Manifest) -> str:
        file = f"{manifest.name}-{manifest.version}-{manifest.digest[:12]}.tar.gz"
        return f"{self._root}/{manifest.name}/{manifest.version}/{file}"


def _publish_locally(path: Path, content: bytes) -> None:
    arriving = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    arriving.write_bytes(content)
    try:
        # A link, unlike a rename, refuses to replace what is there.
        os.link(arriving, path)
    finally:
        arriving.unlink()


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
