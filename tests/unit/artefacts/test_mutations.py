"""
A manifest, an archive or a signature that was changed is the same still, or is refused in words.

Not any bytes, which end at the first check, but good ones with a few changes, which go deep.
"""

import gzip
import json
import random
import tarfile
import tracemalloc
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.artefacts.admission import vet
from understudy.artefacts.archive import pack, unpack
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.canonical import canonical_json
from understudy.artefacts.manifest import MANIFEST_FILE, parse_manifest, read_manifest_bytes
from understudy.artefacts.signature import check_signature, make_keys, read_trusted_keys, sign
from understudy.errors import ArtefactError, ArtefactInvalid, ArtefactUntrusted

FUZZ = settings(
    deadline=None, max_examples=200, database=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
MOST_WORDS = 3000
"""A refusal is read by a person, and goes into logs."""
MOST_BYTES = 64 << 20

DEEP: Any = []
for _ in range(100):
    DEEP = [DEEP]
HOSTILE: list[Any] = [
    None, True, False, 0, -1, 1.5, -0.0, 10**400, -(10**4000), 1e308, float("nan"), float("inf"),
    "", "\0", "\ud800", "\x1b[31m", "../../etc/passwd", "/etc/passwd", "a" * 100_000, "NaN",
    [], {}, [[]], {"": {}}, DEEP, {"__class__": "os.system"}, {"\ud800": 1}, {"\n": None},
    {"\x1b[31m": "x"}, {"a" * 100_000: None}, ["a"] * 10_000,
    {str(number): number for number in range(10_000)},
]  # fmt: skip
HOSTILE_NAMES = [
    "../x", "/etc/x", "a/b", "a\\b", ".", "..", "", ".x", "x\n", "x\0y", "ü", "x" * 99, "CON",
    "manifest.json", "provenance.json", "signature.json", "x.", "-rf",
]  # fmt: skip
KINDS = [*tarfile.SUPPORTED_TYPES, b"\0", b"Z", b"\xff"]


def is_told(error: ArtefactError) -> None:
    """Hold an error to what an error has to be: short words that can be written anywhere."""
    said = str(error)
    assert 0 < len(said) < MOST_WORDS
    said.encode()
    assert "\x1b" not in said


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the place of each value in a document."""
    found = [path] if path else []
    if isinstance(content, dict | list):
        for key in content if isinstance(content, dict) else range(len(content)):
            found += places(content[key], (*path, key))
    return found


def change(content: Any, chance: random.Random) -> None:
    """Replace, remove, add, move or repeat one value somewhere in a document."""
    *path, last = chance.choice(places(content))
    inner = content
    for step in path:
        inner = inner[step]
    match chance.randrange(5):
        case 0 | 1:
            inner[last] = deepcopy(chance.choice(HOSTILE))
        case 2:
            del inner[last]
        case 3 if isinstance(inner, dict):
            inner[chance.choice(["secret", "", "\ud800", "name\x1b"])] = deepcopy(
                chance.choice(HOSTILE)
            )
        case _:
            inner[last] = deepcopy(content[chance.choice(list(content))])


@pytest.fixture(scope="module")
def manifest(linear_artefact: Artefact) -> dict[str, Any]:
    """The content of a good manifest."""
    content: dict[str, Any] = json.loads((linear_artefact.folder / MANIFEST_FILE).read_bytes())
    return content


@FUZZ
@given(seed=st.integers(0, 2**32), count=st.integers(1, 3))
def test_a_changed_manifest_is_read_or_refused(
    seed: int, count: int, manifest: dict[str, Any]
) -> None:
    """Read means that it says what its bytes say, so that its digest stands for them."""
    chance = random.Random(seed)  # noqa: S311
    content = json.loads(json.dumps(manifest))
    for _ in range(count):
        change(content, chance)
    try:
        parsed = parse_manifest(content)
        vet(parsed)
    except ArtefactError as error:
        is_told(error)
    try:
        spelled = canonical_json(content)
    except (ValueError, TypeError, RecursionError):
        spelled = json.dumps(content).encode()
    try:
        assert read_manifest_bytes(spelled).to_bytes() == spelled
    except ArtefactInvalid as error:
        is_told(error)


@pytest.mark.promise("hostile input", "A manifest with changed bytes is refused")
@FUZZ
@given(seed=st.integers(0, 2**32))
def test_changed_bytes_of_a_manifest_are_refused(seed: int, linear_artefact: Artefact) -> None:
    """A bit, a piece cut out or put in twice, another encoding: it is no longer what it was."""
    chance = random.Random(seed)  # noqa: S311
    good = (linear_artefact.folder / MANIFEST_FILE).read_bytes()
    content = chance.choice([flipped, cut, repeated, reencoded])(good, chance)
    try:
        assert read_manifest_bytes(content).to_bytes() == content
    except ArtefactInvalid as error:
        is_told(error)


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Return content with some bits turned."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(content: bytes, chance: random.Random) -> bytes:
    """Return content without its end, or without a piece in the middle."""
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return content[:start] if chance.random() < 0.5 else content[:start] + content[end:]


def repeated(content: bytes, chance: random.Random) -> bytes:
    """Return content with a piece of it put in once more."""
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return content[:end] + content[start:end] + content[end:]


def reencoded(content: bytes, chance: random.Random) -> bytes:
    """Return content in another encoding of Unicode, or none."""
    encoding = chance.choice(["utf-16", "utf-32", "utf-8-sig", "utf-7", "cp500"])
    return content.decode().encode(encoding)


def members(folder: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    """Return the headers and contents of a good archive."""
    path = folder / "good.tar.gz"
    with tarfile.open(path) as archive:
        return [(info, archive.extractfile(info).read()) for info in archive]  # type: ignore[union-attr]


def changed_archive(good: list[tuple[tarfile.TarInfo, bytes]], chance: random.Random) -> bytes:
    """Return an archive of which one or two members are not what they were."""
    kept = [(tarfile.TarInfo.frombuf(info.tobuf(tarfile.USTAR_FORMAT), "ascii", "strict"), content)
            for info, content in good]  # fmt: skip
    for _ in range(chance.randint(1, 2)):
        info, content = chance.choice(kept)
        match chance.randrange(7):
            case 0:
                info.name = chance.choice(HOSTILE_NAMES)
            case 1:
                info.type, info.linkname = chance.choice(KINDS), chance.choice(HOSTILE_NAMES)
            case 2:
                info.size = chance.choice([0, 1, info.size + 1, 2**33 - 1, 2**60, -1])
            case 3:
                kept.append((info, content))
            case 4:
                kept.remove((info, content))
            case 5:
                extra = tarfile.TarInfo(chance.choice(["x", *HOSTILE_NAMES]))
                extra.size = chance.choice([0, 3])
                kept.insert(chance.randrange(len(kept) + 1), (extra, bytes(extra.size)))
            case _:
                info.pax_headers = {"path": chance.choice(HOSTILE_NAMES), "size": "7"}
    return b"".join(_blocks(info, content, chance) for info, content in kept) + bytes(1024)


def _blocks(info: tarfile.TarInfo, content: bytes, chance: random.Random) -> bytes:
    format_ = tarfile.PAX_FORMAT if info.pax_headers else tarfile.GNU_FORMAT
    header = info.tobuf(format_, "utf-8", "surrogateescape")
    if chance.random() < 0.1:
        header = flipped(header, chance)
    return header + content + bytes(-len(content) % tarfile.BLOCKSIZE)


@pytest.fixture(scope="module")
def packed(linear_artefact: Artefact, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good archive."""
    folder = tmp_path_factory.mktemp("packed")
    pack(linear_artefact.folder, folder / "good.tar.gz")
    return folder


@pytest.mark.promise("hostile input", "A changed archive is the same artefact or is refused")
@FUZZ
@given(seed=st.integers(0, 2**32))
def test_a_changed_archive_is_the_same_artefact_or_is_refused(
    seed: int, packed: Path, linear_artefact: Artefact, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing is written beside the folder, and no more than the archive holds is held."""
    chance = random.Random(seed)  # noqa: S311
    good = (packed / "good.tar.gz").read_bytes()
    bare = gzip.decompress(good)
    content = chance.choice([
        lambda: flipped(good, chance),
        lambda: cut(good, chance),
        lambda: repeated(good, chance),
        lambda: gzip.compress(flipped(bare, chance), 1),
        lambda: gzip.compress(cut(bare, chance), 1),
        lambda: gzip.compress(repeated(bare, chance), 1),
        lambda: gzip.compress(changed_archive(members(packed), chance), 1),
        lambda: gzip.compress(changed_archive(members(packed), chance), 1),
        lambda: gzip.compress(changed_archive(members(packed), chance), 1),
    ])()  # fmt: skip
    place = tmp_path_factory.mktemp("place")
    (place / "out").mkdir()
    (place / "a.tar.gz").write_bytes(content)
    before = {path.name for path in place.iterdir()}
    tracemalloc.start()
    try:
        unpack(place / "a.tar.gz", place / "out")
        assert open_artefact(place / "out").digest == linear_artefact.digest
    except ArtefactError as error:
        is_told(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MOST_BYTES
    assert {path.name for path in place.iterdir()} == before
    written = list((place / "out").iterdir())
    assert all(path.is_file() and not path.is_symlink() for path in written)
    assert sum(path.stat().st_size for path in written) <= len(bare) * 2 + 4096
    for path in written:
        path.unlink()


@pytest.mark.promise("hostile input", "A changed signature is the same or not trusted")
@FUZZ
@given(seed=st.integers(0, 2**32))
def test_a_changed_signature_is_the_same_or_not_trusted(seed: int, signed: Artefact) -> None:
    """Base64 has more than one spelling of a text; none of them is another signature."""
    chance = random.Random(seed)  # noqa: S311
    path = signed.folder / "signature.json"
    good = (signed.folder.parent / "good.json").read_bytes()
    trusted = read_trusted_keys(signed.folder.parent / "mine.pub")
    if chance.random() < 0.5:
        content = json.loads(good)
        change(content, chance)
        path.write_text(json.dumps(content))
    else:
        path.write_bytes(chance.choice([flipped, cut, repeated, reencoded])(good, chance))
    try:
        assert check_signature(signed, trusted) == json.loads(good)["key"]
        assert json.loads(path.read_bytes()) == json.loads(good)
    except ArtefactUntrusted as error:
        is_told(error)


@pytest.fixture(scope="module")
def signed(linear_artefact: Artefact, tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """A signed copy of an artefact; the signature lies beside it as well."""
    home = tmp_path_factory.mktemp("signed")
    folder = home / "artefact"
    folder.mkdir()
    for file in linear_artefact.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    private, _ = make_keys(home / "mine")
    sign(folder, private)
    (home / "good.json").write_bytes((folder / "signature.json").read_bytes())
    return Artefact(folder, linear_artefact.manifest)
