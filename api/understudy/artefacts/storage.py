"""Files behind an fsspec URL: read, written whole or not at all, and listed."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fsspec.callbacks import Callback
from fsspec.implementations.local import LocalFileSystem

from understudy.artefacts.location import OBJECT_STORES, open_location, shown_url
from understudy.errors import ArtefactInvalid, StoreUnavailable, UnderstudyError

Advance = Callable[[int], None]
"""Hears of each piece of a transfer how many bytes it had."""

# Left alone, s3fs has ten pieces of 50 MiB in memory at once.
_S3_PIECES = {"chunksize": 8 << 20, "max_concurrency": 4}


class Storage:
    """
    The files below one fsspec URL, by their paths in it.

    Whatever the file system's client raises becomes StoreUnavailable, with its own error in
    `__cause__`. Files appear whole or not at all in folders and in object stores; elsewhere as
    that file system has it.
    """

    def __init__(self, url: str) -> None:
        self.shown = shown_url(url)
        self._files, self._root = open_location(url)
        self._is_local = isinstance(self._files, LocalFileSystem)
        protocols = self._files.protocol
        names = {protocols} if isinstance(protocols, str) else set(protocols)
        self._has_buckets = bool(names & OBJECT_STORES)
        self._pieces = _S3_PIECES if "s3" in names else {}

    def read(self, path: str, limit: int) -> bytes | None:
        """Return the content of a small file, or None where there is none."""
        with self._reached():
            self._files.invalidate_cache()
            try:
                self._check_size(path, limit)
                content: bytes = self._files.cat_file(self._at(path))
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None
        return content

    def size(self, path: str, limit: int) -> int | None:
        """Return how many bytes a file has, or None where there is none."""
        with self._reached():
            try:
                return self._check_size(path, limit)
            except FileNotFoundError:
                return None

    def fetch(self, path: str, target: Path, limit: int, advance: Advance) -> None:
        """Download a file, and no more of it than the limit allows."""
        watch = _Watch(limit, advance)
        with self._reached():
            self._files.get_file(self._at(path), str(target), callback=watch, **self._pieces)
            watch.finish(target.stat().st_size)

    def put(self, source: Path, path: str, advance: Advance) -> None:
        """Upload a file, replacing what is there."""
        size = source.stat().st_size
        watch = _Watch(size, advance)
        with self._reached():
            if self._is_local:
                _replace(source, Path(self._at(path)))
            else:
                self._files.put_file(str(source), self._at(path), callback=watch, **self._pieces)
            watch.finish(size)

    def create(self, path: str, content: bytes) -> bool:
        """Make a file appear complete, unless one is there: then return False."""
        with self._reached():
            try:
                if self._is_local:
                    _create(Path(self._at(path)), content)
                else:
                    self._files.pipe_file(self._at(path), content, mode="create")
            except FileExistsError:
                return False
        return True

    def find(self) -> list[str]:
        """Return the paths of all files, in a folder down to the third level."""
        with self._reached():
            self._files.invalidate_cache()
            if self._is_local and Path(self._root).exists():
                os.scandir(self._root).close()  # what cannot be looked into is not empty
            # One listing of everything is what an object store is quick at.
            depth = None if self._has_buckets else 3
            try:
                found = self._files.find(self._root, maxdepth=depth)
            except FileNotFoundError:
                found = []
        begin = len(self._root.strip("/"))
        return sorted(str(path).strip("/")[begin:].strip("/") for path in found)

    def check_bucket(self) -> None:
        """Raise StoreUnavailable if the store's bucket does not exist; a folder can be made."""
        bucket = self._root.partition("/")[0]
        try:
            if self._has_buckets:
                self._files.info(bucket)
        except FileNotFoundError as error:
            raise StoreUnavailable(self.shown, f"there is no bucket {bucket!r}") from error
        except Exception:  # noqa: BLE001 # whoever may use a store need not be allowed to look at its bucket
            return

    def _check_size(self, path: str, limit: int) -> int:
        size = int(self._files.info(self._at(path))["size"] or 0)
        if size > limit:
            raise ArtefactInvalid(
                f"{path} in the artefact store {self.shown} has {size} bytes, and no more than"
                f" {limit} are fetched."
            )
        return size

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn what a file system's client raises into StoreUnavailable."""
        try:
            yield
        except UnderstudyError:
            raise
        except Exception as error:
            raise StoreUnavailable(self.shown, _reason(error)) from error

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"


class _Watch(Callback):  # type: ignore[misc] # fsspec has no types
    """Passes on how a transfer advances, and ends one that brings more than was announced."""

    def __init__(self, limit: int, advance: Advance) -> None:
        super().__init__()
        self._limit = limit
        self._advance = advance
        self._seen = 0

    def relative_update(self, inc: int = 1) -> None:
        """Hear of one more piece."""
        self._seen += inc
        if self._seen > self._limit:
            raise ArtefactInvalid(f"The download was stopped at its limit of {self._limit} bytes.")
        self._advance(inc)

    def finish(self, size: int) -> None:
        """Hear of the end: not every file system tells of the pieces."""
        self.relative_update(max(0, size - self._seen))


def _create(path: Path, content: bytes) -> None:
    """Write a file beside its place, then make it appear there unless one is there."""
    arriving = _beside(path)
    try:
        with arriving.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, refuses to replace what is there.
        os.link(arriving, path)
    finally:
        arriving.unlink(missing_ok=True)


def _replace(source: Path, path: Path) -> None:
    """Copy a file beside its place, then make it appear there in one step."""
    arriving = _beside(path)
    try:
        with source.open("rb") as original, arriving.open("xb") as file:
            shutil.copyfileobj(original, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        arriving.replace(path)
    finally:
        arriving.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{uuid.uuid4().hex}")


def _reason(error: Exception) -> str:
    first = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
    if isinstance(error, PermissionError):
        return f"access is denied ({first})"
    if isinstance(error, FileNotFoundError):
        return f"it is not there ({first})"
    if "credentials" in type(error).__name__.lower():
        return f"no credentials are found ({first})"
    return f"{type(error).__name__}: {first}"
