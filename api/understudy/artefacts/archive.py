"""
An artefact as one file, and back without trusting that file.

The format is a plain tar.gz. Unpacking reads the headers one by one instead of leaving that to
`tarfile`, which follows extended headers, links and sparse maps, and takes an extended header of
any size into memory: here the first header that is not that of a plain file ends it.
"""

import gzip
import tarfile
import zipfile
import zlib
from pathlib import Path

from understudy.artefacts.artefact import SIGNATURE_FILE
from understudy.artefacts.manifest import FILE_PATTERN
from understudy.errors import ArtefactInvalid

MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_FILES = 100
# Data that cannot be compressed grows by a few bytes in a thousand.
MAX_PACKED_BYTES = MAX_UNPACKED_BYTES + MAX_UNPACKED_BYTES // 100

_CHUNK_BYTES = 1 << 20
_END = bytes(tarfile.BLOCKSIZE)


def pack(folder: Path, archive_path: Path) -> None:
    """
    Write the files of an artefact's folder, but for its signature, as one tar.gz.

    Equal files give equal bytes. Raises ArtefactInvalid for what `unpack` would refuse.
    """
    files = sorted(path for path in folder.iterdir() if path.name != SIGNATURE_FILE)
    entries = [_entry(path) for path in files]
    _check_size(len(entries), sum(entry.size for entry in entries))
    with (
        archive_path.open("wb") as file,
        # Without a name and a time in its header, so that equal files give equal bytes.
        gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for path, entry in zip(files, entries, strict=True):
            with path.open("rb") as content:
                archive.addfile(entry, content)


def unpack(archive_path: Path, folder: Path) -> None:
    """
    Unpack an archive into an empty folder.

    Raises ArtefactInvalid for anything but plain files with plain names, for a name twice, for
    more than 100 files and for more than 4 GiB, before that much is written.
    """
    try:
        with gzip.open(archive_path) as archive:
            _unpack_all(archive, folder)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise ArtefactInvalid(f"{archive_path.name} cannot be unpacked ({error}).") from error


def check_inside(path: Path) -> None:
    """Refuse a file of an artefact that is an archive itself and unpacks to more than allowed."""
    try:
        with zipfile.ZipFile(path) as inner:
            total = sum(entry.file_size for entry in inner.infolist())
    except (zipfile.BadZipFile, OSError):
        return  # whoever wants to read it will say so
    if total > MAX_UNPACKED_BYTES:
        raise ArtefactInvalid(f"{path.name} unpacks to more than {MAX_UNPACKED_BYTES} bytes.")


def _unpack_all(archive: gzip.GzipFile, folder: Path) -> None:
    total, count = 0, 0
    while (entry := _next_entry(archive)) is not None:
        count, total = count + 1, total + entry.size
        _check_size(count, total)
        _write(archive, entry.size, folder / entry.name)
        _take(archive, -entry.size % tarfile.BLOCKSIZE)


def _next_entry(archive: gzip.GzipFile) -> tarfile.TarInfo | None:
    """Read the header of the next file, or None at the end of the archive."""
    header = _take(archive, tarfile.BLOCKSIZE)
    if header == _END:
        return None
    entry = tarfile.TarInfo.frombuf(header, "ascii", "surrogateescape")
    is_plain = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and entry.size >= 0
    if not is_plain or not FILE_PATTERN.fullmatch(entry.name):
        raise ArtefactInvalid(f"The archive holds {entry.name[:100]!r}, which is no plain file.")
    return entry


def _check_size(count: int, total: int) -> None:
    if count > MAX_FILES or total > MAX_UNPACKED_BYTES:
        raise ArtefactInvalid(
            f"The artefact has more than {MAX_FILES} files or {MAX_UNPACKED_BYTES} bytes."
        )


def _write(archive: gzip.GzipFile, size: int, path: Path) -> None:
    # Exclusive: a second member of the same name must not replace the first.
    with path.open("xb") as file:
        while size:
            piece = _take(archive, min(size, _CHUNK_BYTES))
            file.write(piece)
            size -= len(piece)


def _take(archive: gzip.GzipFile, size: int) -> bytes:
    """Read exactly so many bytes; raises EOFError where the archive ends before."""
    content = archive.read(size)
    if len(content) < size:
        raise EOFError("it ends too early")
    return content


def _entry(path: Path) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path.name)
    entry.size = path.stat().st_size
    entry.mode = 0o644
    return entry
