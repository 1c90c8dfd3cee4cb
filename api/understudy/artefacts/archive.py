"""An artefact as one file, and back without trusting that file."""

import gzip
import io
import tarfile
from pathlib import Path
from typing import IO

from understudy.artefacts.manifest import FILE_PATTERN
from understudy.errors import ArtefactInvalid

MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_FILES = 100


def pack(folder: Path) -> bytes:
    """Return the files of an artefact's folder as a tar.gz; equal files give equal bytes."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(folder.iterdir()):
            entry = tarfile.TarInfo(path.name)
            entry.size = path.stat().st_size
            entry.mode = 0o644
            with path.open("rb") as file:
                archive.addfile(entry, file)
    return buffer.getvalue()


def unpack(archive_path: Path, folder: Path) -> None:
    """
    Unpack an archive into an empty folder.

    Raises ArtefactInvalid for anything but plain files with plain names, for more than 100 files
    and for more than 2 GiB, before that much is written.
    """
    try:
        with tarfile.open(archive_path, mode="r|gz") as archive:
            _unpack_members(archive, folder)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArtefactInvalid(f"{archive_path.name} cannot be unpacked ({error}).") from error


def _unpack_members(archive: tarfile.TarFile, folder: Path) -> None:
    total = 0
    for number, member in enumerate(archive):
        total += member.size
        if number >= MAX_FILES or total > MAX_UNPACKED_BYTES:
            raise ArtefactInvalid(
                f"The archive holds more than {MAX_FILES} files or {MAX_UNPACKED_BYTES} bytes."
            )
        if not member.isreg() or not FILE_PATTERN.fullmatch(member.name):
            raise ArtefactInvalid(f"The archive holds {member.name!r}, which is no plain file.")
        content = archive.extractfile(member)
        if content is not None:
            _write(content, folder / member.name)


def _write(content: IO[bytes], path: Path) -> None:
    # Exclusive: a second member of the same name must not replace the first.
    with path.open("xb") as file:
        while piece := content.read(1 << 20):
            file.write(piece)
