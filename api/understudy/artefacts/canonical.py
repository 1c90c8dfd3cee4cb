"""One spelling for every JSON document, so that equal content has equal digests."""

import hashlib
import json
from pathlib import Path

CHUNK_BYTES = 1 << 20


def canonical_json(content: object) -> bytes:
    """
    Spell JSON with sorted keys, two spaces and the shortest exact floats, ending in a newline.

    Raises ValueError for NaN and infinities, which JSON cannot hold.
    """
    text = json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            digest.update(piece)
    return digest.hexdigest()
