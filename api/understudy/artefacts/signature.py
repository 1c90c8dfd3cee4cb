"""
Who vouches for an artefact: an Ed25519 signature in `signature.json`, beside the manifest.

It covers the manifest, and so every file that the manifest names, and the provenance. Like the
provenance it stands outside the artefact's digest: signing a model does not change the model.
"""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from understudy.artefacts.artefact import PROVENANCE_FILE, SIGNATURE_FILE, Artefact, open_artefact
from understudy.artefacts.canonical import canonical_json, file_sha256
from understudy.artefacts.parsing import parse
from understudy.errors import ArtefactInvalid, ArtefactUntrusted, KeyInvalid

# Signed before the content, so that no signature made for something else passes for one of these.
_DOMAIN = b"understudy artefact signature 1\n"
_OTHERS = 0o077
_TAKEN = "a file lies there already, and keys are not replaced"

TrustedKeys = Mapping[str, Ed25519PublicKey]
"""Public keys by their ids."""


@dataclass(frozen=True)
class Signature:
    """The content of `signature.json`; `key` is the id of the public key that verifies it."""

    algorithm: Literal["ed25519"]
    key: str
    signature: str


def make_keys(prefix: Path | str) -> tuple[Path, Path]:
    """
    Write a new pair of keys as `PREFIX.key` and `PREFIX.pub`, both PEM, and return the two paths.

    The private key can be read by its owner alone. Raises KeyInvalid where a key lies already.
    """
    private, public = Path(f"{prefix}.key"), Path(f"{prefix}.pub")
    for path in (private, public):
        if path.exists():
            raise KeyInvalid(path, _TAKEN)
    key = Ed25519PrivateKey.generate()
    _write_new(
        private,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        mode=0o600,
    )
    _write_new(public, _pem(key.public_key()), mode=0o644)
    return private, public


def sign(folder: Path, key: Path | str) -> str:
    """
    Sign the artefact in a folder, replacing a signature that is there; return the key's id.

    Raises KeyInvalid for a key that is none or that others may read, and what `open_artefact`
    raises: nothing is signed that is not whole.
    """
    private = read_private_key(key)
    artefact = open_artefact(folder)
    content = Signature(
        algorithm="ed25519",
        key=key_id(private.public_key()),
        signature=base64.b64encode(private.sign(_signed_content(artefact))).decode(),
    )
    (artefact.folder / SIGNATURE_FILE).write_bytes(canonical_json(asdict(content)))
    return content.key


def check_signature(artefact: Artefact, trusted: TrustedKeys) -> str:
    """
    Return the id of the trusted key that signed an artefact.

    Raises ArtefactUntrusted for one that nobody signed, whose signature is by another key, or
    whose signature was made for other content.
    """
    title = artefact.manifest.title
    found = read_signature(artefact)
    if found is None:
        raise ArtefactUntrusted(title, "it is not signed. Sign it: `understudy models sign`")
    if found.key not in trusted:
        known = ", ".join(sorted(trusted))
        raise ArtefactUntrusted(title, f"it is signed with key {found.key}; trusted are {known}")
    try:
        raw = base64.b64decode(found.signature, validate=True)
        trusted[found.key].verify(raw, _signed_content(artefact))
    except (InvalidSignature, ValueError):
        raise ArtefactUntrusted(
            title,
            f"its signature by key {found.key} was made for other content: the manifest, the"
            " provenance or the signature was changed",
        ) from None
    return found.key


def read_signature(artefact: Artefact) -> Signature | None:
    """Return an artefact's signature, unchecked; raises ArtefactUntrusted if it is none."""
    try:
        content = (artefact.folder / SIGNATURE_FILE).read_bytes()
    except FileNotFoundError:
        return None
    return parse_signature(content, artefact.manifest.title)


def parse_signature(content: bytes, title: str) -> Signature:
    """Read the content of a signature file; raises ArtefactUntrusted if it is none."""
    try:
        return parse(Signature, json.loads(content), SIGNATURE_FILE)
    except (ValueError, RecursionError, ArtefactInvalid) as error:
        raise ArtefactUntrusted(title, f"its {SIGNATURE_FILE} cannot be read ({error})") from error


def read_trusted_keys(path: Path) -> TrustedKeys:
    """
    Read the public keys of a file, or of every file in a folder that is not hidden.

    Raises KeyInvalid for a file that holds none, and for a folder without any: a service that is
    told to trust nobody was hardly meant to.
    """
    files = sorted(_visible(path)) if path.is_dir() else [path]
    if not files:
        raise KeyInvalid(path, "the folder holds no public key")
    keys = [_read_public(file) for file in files]
    return {key_id(key): key for key in keys}


def key_id(key: Ed25519PublicKey) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def _signed_content(artefact: Artefact) -> bytes:
    provenance = artefact.folder / PROVENANCE_FILE
    covered = {
        "manifest": artefact.digest,
        "provenance": file_sha256(provenance) if provenance.exists() else None,
    }
    return _DOMAIN + canonical_json(covered)


def _visible(folder: Path) -> list[Path]:
    # A mounted secret keeps its versions in hidden folders beside the files.
    return [file for file in folder.iterdir() if not file.name.startswith(".") and file.is_file()]


def _read_public(path: Path) -> Ed25519PublicKey:
    content = _read(path)
    if b"PRIVATE KEY" in content:
        raise KeyInvalid(path, "it is a private key; give the public one, which ends in .pub")
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyInvalid(path, f"it is no public key in PEM ({_first_line(error)})") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyInvalid(path, "it is a public key of another kind than Ed25519")
    return key


def read_private_key(path: Path | str) -> Ed25519PrivateKey:
    """Read a key to sign with; raises KeyInvalid for one that is none or that others may read."""
    path = Path(path)
    content = _read(path)
    if b"PUBLIC KEY" in content:
        raise KeyInvalid(
            path, "it is the public key; sign with the private one, which ends in .key"
        )
    if (mode := path.stat().st_mode & 0o777) & _OTHERS:
        raise KeyInvalid(path, f"others may read it (mode {mode:o}); `chmod 600` it")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except TypeError as error:
        raise KeyInvalid(
            path, "a password locks it, and signing takes a key without one"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyInvalid(path, f"it is no private key in PEM ({_first_line(error)})") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyInvalid(path, "it is a private key of another kind than Ed25519")
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyInvalid(path, str(error.strerror or error)) from error


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise KeyInvalid(path, _TAKEN) from None
    except OSError as error:
        raise KeyInvalid(path, str(error.strerror or error)) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
