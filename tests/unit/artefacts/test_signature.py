"""A signature says whose an artefact is, and that nothing of it was changed since."""

import base64
import hashlib
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import read_manifest, write_manifest
from understudy.artefacts.signature import check_signature, make_keys, read_trusted_keys, sign
from understudy.artefacts.store import ArtefactStore
from understudy.errors import ArtefactCorrupt, ArtefactUntrusted, KeyInvalid

Keys = tuple[Path, Path]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Return a private and a public key."""
    return make_keys(tmp_path / "mine")


@pytest.fixture
def signed(folder: Path, keys: Keys) -> Artefact:
    """Return an artefact that is signed with that key."""
    sign(folder, keys[0])
    return open_artefact(folder)


def private_pem(key: object, password: bytes | None = None) -> bytes:
    """Return a private key of any kind as a file holds it."""
    lock = serialization.BestAvailableEncryption(password) if password else None
    return key.private_bytes(  # type: ignore[attr-defined,no-any-return]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        lock or serialization.NoEncryption(),
    )


def public_pem(key: object) -> bytes:
    """Return the public half of a private key of any kind as a file holds it."""
    return key.public_key().public_bytes(  # type: ignore[attr-defined,no-any-return]
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_a_key_vouches_for_an_artefact(
    signed: Artefact, keys: Keys, linear_artefact: Artefact
) -> None:
    """Its id is told, and signing did not change the model."""
    public = serialization.load_pem_public_key(keys[1].read_bytes())
    raw = public.public_bytes_raw()  # type: ignore[union-attr]
    expected = hashlib.sha256(raw).hexdigest()[:16]
    assert check_signature(signed, read_trusted_keys(keys[1])) == expected
    assert signed.digest == linear_artefact.digest
    content = json.loads((signed.folder / "signature.json").read_bytes())
    assert (content["algorithm"], content["key"]) == ("ed25519", expected)
    assert len(base64.b64decode(content["signature"])) == 64


def test_the_signed_content_is_what_it_is_said_to_be(signed: Artefact, keys: Keys) -> None:
    """Another program can check a signature by this recipe alone."""
    content = json.loads((signed.folder / "signature.json").read_bytes())
    digests = {
        name: hashlib.sha256((signed.folder / f"{name}.json").read_bytes()).hexdigest()
        for name in ("manifest", "provenance")
    }
    message = json.dumps(digests, indent=2, sort_keys=True) + "\n"
    public = serialization.load_pem_public_key(keys[1].read_bytes())
    public.verify(  # type: ignore[union-attr,call-arg]
        base64.b64decode(content["signature"]),
        b"understudy artefact signature 1\n" + message.encode(),  # type: ignore[arg-type]
    )


def test_one_of_several_keys_is_enough(signed: Artefact, keys: Keys, tmp_path: Path) -> None:
    """Keys can be rotated: for a while the old one and the new one are trusted."""
    folder = tmp_path / "trusted"
    (folder / "..hidden").mkdir(parents=True)
    (folder / ".gitkeep").write_text("")
    make_keys(tmp_path / "other")
    for name in ("mine", "other"):
        (folder / f"{name}.pub").write_bytes((tmp_path / f"{name}.pub").read_bytes())
    assert len(read_trusted_keys(folder)) == 2
    check_signature(signed, read_trusted_keys(folder))


def test_a_new_signature_replaces_the_old_one(signed: Artefact, keys: Keys, tmp_path: Path) -> None:
    """An artefact bears one name."""
    private, public = make_keys(tmp_path / "new")
    sign(signed.folder, private)
    check_signature(signed, read_trusted_keys(public))
    with pytest.raises(ArtefactUntrusted, match="it is signed with key"):
        check_signature(signed, read_trusted_keys(keys[1]))


def test_an_artefact_that_nobody_signed_is_not_trusted(folder: Path, keys: Keys) -> None:
    """The message says what to do."""
    with pytest.raises(ArtefactUntrusted, match=r"it is not signed.*models sign"):
        check_signature(open_artefact(folder), read_trusted_keys(keys[1]))


def test_a_strangers_signature_is_not_trusted(signed: Artefact, tmp_path: Path, keys: Keys) -> None:
    """Both keys are named."""
    stranger = make_keys(tmp_path / "stranger")[1]
    theirs = next(iter(read_trusted_keys(stranger)))
    mine = next(iter(read_trusted_keys(keys[1])))
    with pytest.raises(ArtefactUntrusted, match=f"with key {mine}; trusted are {theirs}"):
        check_signature(signed, read_trusted_keys(stranger))


def test_a_changed_provenance_is_noticed(signed: Artefact, keys: Keys) -> None:
    """It stands outside the digest, and inside the signature; so does its absence."""
    path = signed.folder / "provenance.json"
    for spoil in (lambda: path.write_bytes(path.read_bytes() + b" "), path.unlink):
        spoil()
        with pytest.raises(ArtefactUntrusted, match="made for other content"):
            check_signature(open_artefact(signed.folder), read_trusted_keys(keys[1]))


def test_an_artefact_without_provenance_can_be_signed(folder: Path, keys: Keys) -> None:
    """And none can be slipped in afterwards."""
    (folder / "provenance.json").unlink()
    sign(folder, keys[0])
    check_signature(open_artefact(folder), read_trusted_keys(keys[1]))
    (folder / "provenance.json").write_text("{}")
    with pytest.raises(ArtefactUntrusted):
        check_signature(open_artefact(folder), read_trusted_keys(keys[1]))


def test_a_changed_model_is_noticed_even_with_a_manifest_to_match(
    signed: Artefact, keys: Keys
) -> None:
    """Whoever can write all files still cannot sign them."""
    (signed.folder / "card.md").write_text("better than it is")
    digest = hashlib.sha256(b"better than it is").hexdigest()
    manifest = signed.manifest
    write_manifest(replace(manifest, files=manifest.files | {"card.md": digest}), signed.folder)
    with pytest.raises(ArtefactUntrusted, match="made for other content"):
        check_signature(open_artefact(signed.folder), read_trusted_keys(keys[1]))


def test_a_signature_does_not_pass_to_another_model(
    signed: Artefact, boosting_artefact: Artefact, keys: Keys, tmp_path: Path
) -> None:
    """It was made for one manifest."""
    other = Artefact(tmp_path / "copy", read_manifest(boosting_artefact.folder))
    with pytest.raises(ArtefactUntrusted, match="tiny-houses:2"):
        check_signature(other, read_trusted_keys(keys[1]))


def test_a_signature_over_bare_digests_is_none(folder: Path, keys: Keys) -> None:
    """What a key signed for another purpose is not taken for a signature of a model."""
    key = serialization.load_pem_private_key(keys[0].read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    sign(folder, keys[0])
    content = json.loads((folder / "signature.json").read_bytes())
    content["signature"] = base64.b64encode(
        key.sign(open_artefact(folder).digest.encode())
    ).decode()
    (folder / "signature.json").write_text(json.dumps(content))
    with pytest.raises(ArtefactUntrusted, match="made for other content"):
        check_signature(open_artefact(folder), read_trusted_keys(keys[1]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"algorithm": "none", "key": "KEY", "signature": ""}',
        b'{"algorithm": "ed25519", "key": "KEY"}',
        b'{"algorithm": "ed25519", "key": "KEY", "signature": ""}',
        b'{"algorithm": "ed25519", "key": "KEY", "signature": "\xc3\xa4"}',
        b'{"algorithm": "ed25519", "key": "KEY", "signature": "AAAA"}',
        b'{"algorithm": "ed25519", "key": "KEY", "signature": 1}',
        b'{"algorithm": "ed25519", "key": "KEY", "signature": "", "more": 1}',
        b"\xff\xfe",
        b"[" * 60_000,
    ],
)
def test_whatever_is_no_signature_is_not_trusted(folder: Path, keys: Keys, content: bytes) -> None:
    """No content of that file leads to anything but a refusal."""
    trusted = read_trusted_keys(keys[1])
    content = content.replace(b"KEY", next(iter(trusted)).encode())
    (folder / "signature.json").write_bytes(content)
    with pytest.raises(ArtefactUntrusted):
        check_signature(open_artefact(folder), trusted)


def test_a_private_key_is_for_its_owner_alone(keys: Keys, folder: Path) -> None:
    """It is made so, and one that others may read is refused."""
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    for mode in (0o640, 0o604, 0o602):
        keys[0].chmod(mode)
        with pytest.raises(KeyInvalid, match=f"mode {mode:o}.*chmod 600"):
            sign(folder, keys[0])
    keys[0].chmod(0o400)
    sign(folder, keys[0])


def test_a_mask_does_not_open_a_private_key(tmp_path: Path) -> None:
    """Nor does a generous machine."""
    before = os.umask(0)
    try:
        private, _ = make_keys(tmp_path / "generous")
    finally:
        os.umask(before)
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_keys_are_not_replaced(keys: Keys, tmp_path: Path) -> None:
    """A lost private key cannot be had again."""
    before = keys[0].read_bytes(), keys[1].read_bytes()
    with pytest.raises(KeyInvalid, match="keys are not replaced"):
        make_keys(tmp_path / "mine")
    keys[0].unlink()
    with pytest.raises(KeyInvalid, match="keys are not replaced"):
        make_keys(tmp_path / "mine")
    assert keys[1].read_bytes() == before[1]
    assert not keys[0].exists()
    with pytest.raises(KeyInvalid, match="No such file"):
        make_keys(tmp_path / "none" / "mine")


def test_nothing_is_signed_that_is_not_whole(folder: Path, keys: Keys) -> None:
    """A signature vouches for every file."""
    (folder / "card.md").write_text("changed")
    with pytest.raises(ArtefactCorrupt):
        sign(folder, keys[0])
    assert not (folder / "signature.json").exists()


def test_only_the_right_kind_of_private_key_signs(folder: Path, tmp_path: Path, keys: Keys) -> None:
    """Every other file is refused by what it is."""
    other = generate_private_key(SECP256R1())
    contents = {
        "another kind": private_pem(other),
        "a password locks it": private_pem(Ed25519PrivateKey.generate(), b"secret"),
        "no private key in PEM": b"hello",
        "it is the public key": keys[1].read_bytes(),
    }
    path = tmp_path / "key"
    for words, content in contents.items():
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(KeyInvalid, match=words.strip()):
            sign(folder, path)
    with pytest.raises(KeyInvalid, match="No such file"):
        sign(folder, tmp_path / "none")


def test_only_the_right_kind_of_public_key_is_trusted(tmp_path: Path, keys: Keys) -> None:
    """A folder with one wrong file is refused: a key that is silently left out is missed later."""
    folder = tmp_path / "trusted"
    folder.mkdir()
    with pytest.raises(KeyInvalid, match="holds no public key"):
        read_trusted_keys(folder)
    contents = {
        "another kind": public_pem(generate_private_key(SECP256R1())),
        "it is a private key": keys[0].read_bytes(),
        "no public key in PEM": b"hello",
    }
    (folder / "mine.pub").write_bytes(keys[1].read_bytes())
    for words, content in contents.items():
        (folder / "other.pub").write_bytes(content)
        with pytest.raises(KeyInvalid, match=words):
            read_trusted_keys(folder)
    with pytest.raises(KeyInvalid, match="No such file"):
        read_trusted_keys(tmp_path / "none")


def test_a_signature_travels_with_its_version(
    store: ArtefactStore, signed: Artefact, keys: Keys, tmp_path: Path
) -> None:
    """Through every kind of store."""
    store.push(signed)
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    check_signature(pulled, read_trusted_keys(keys[1]))
    assert (
        store.signature("tiny-houses", "1.0.0") == (signed.folder / "signature.json").read_bytes()
    )


def test_a_version_can_be_signed_after_it_was_stored(
    store: ArtefactStore, folder: Path, keys: Keys, tmp_path: Path
) -> None:
    """Pushing the same again brings the signature, also to caches that have the version."""
    trusted = read_trusted_keys(keys[1])
    store.push(open_artefact(folder))
    assert store.signature("tiny-houses", "1.0.0") is None
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    with pytest.raises(ArtefactUntrusted):
        check_signature(pulled, trusted)
    sign(folder, keys[0])
    store.push(open_artefact(folder))
    check_signature(store.pull("tiny-houses", "1.0.0", tmp_path / "cache"), trusted)
    check_signature(pulled, trusted)
    sign(folder, make_keys(tmp_path / "new")[0])
    store.push(open_artefact(folder))
    new = read_trusted_keys(tmp_path / "new.pub")
    check_signature(store.pull("tiny-houses", "1.0.0", tmp_path / "cache"), new)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_signature_for_another_provenance_stays_away(
    store: ArtefactStore, signed: Artefact, keys: Keys, tmp_path: Path
) -> None:
    """The same training packaged twice is one version: the second signature would not fit it."""
    trusted = read_trusted_keys(keys[1])
    store.push(signed)
    (signed.folder / "provenance.json").write_text('{"packaged_by": "somebody else"}')
    sign(signed.folder, keys[0])
    store.push(open_artefact(signed.folder))
    check_signature(store.pull("tiny-houses", "1.0.0", tmp_path / "cache"), trusted)


def test_a_push_without_a_signature_takes_none_away(
    store: ArtefactStore, signed: Artefact, keys: Keys, tmp_path: Path
) -> None:
    """Whoever has only the unsigned folder cannot undo what somebody signed."""
    store.push(signed)
    (signed.folder / "signature.json").unlink()
    store.push(open_artefact(signed.folder))
    check_signature(
        store.pull("tiny-houses", "1.0.0", tmp_path / "cache"), read_trusted_keys(keys[1])
    )
