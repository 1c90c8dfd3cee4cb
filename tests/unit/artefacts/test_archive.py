"""An archive is packed the same way every time and unpacked without trust."""

import gzip
import io
import tarfile
import tracemalloc
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.artefacts import archive
from understudy.artefacts.archive import pack, unpack
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.errors import ArtefactInvalid

GIB = 1024**3


def member(
    name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, link: str = ""
) -> tarfile.TarInfo:
    """Return the header of one member."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info


def header(info: tarfile.TarInfo) -> bytes:
    """Return the block that announces a member."""
    return info.tobuf(tarfile.GNU_FORMAT)


def archive_with(path: Path, *members: tarfile.TarInfo) -> Path:
    """Write an archive of the given members, filled with zeros."""
    with tarfile.open(path, "w:gz") as file:
        for info in members:
            file.addfile(info, io.BytesIO(bytes(info.size)) if info.isreg() else None)
    return path


def archive_of(path: Path, *blocks: bytes) -> Path:
    """Write blocks as they are, packed like an archive."""
    path.write_bytes(gzip.compress(b"".join(blocks)))
    return path


def zeros(path: Path, begin: bytes, size: int) -> Path:
    """Write an archive that begins with a block and goes on with very many zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with path.open("wb") as file:
        file.write(packer.compress(begin))
        for _ in range(size >> 24):
            file.write(packer.compress(bytes(1 << 24)))
        file.write(packer.flush())
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return an empty folder to unpack into."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_what_is_packed_comes_out(linear_artefact: Artefact, tmp_path: Path, out: Path) -> None:
    """With the same digest, and the same bytes when packed again."""
    pack(linear_artefact.folder, tmp_path / "a.tar.gz")
    unpack(tmp_path / "a.tar.gz", out)
    assert open_artefact(out).digest == linear_artefact.digest
    pack(out, tmp_path / "b.tar.gz")
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()


def test_an_archive_is_what_every_tar_reads(linear_artefact: Artefact, tmp_path: Path) -> None:
    """Nobody needs Understudy to look into it."""
    pack(linear_artefact.folder, tmp_path / "a.tar.gz")
    with tarfile.open(tmp_path / "a.tar.gz") as found:
        assert "manifest.json" in found.getnames()
        assert all(info.isreg() and info.mode == 0o644 for info in found)


def test_a_signature_is_not_packed(linear_artefact: Artefact, tmp_path: Path, out: Path) -> None:
    """It may come later and change, which an archive never does."""
    (out / "manifest.json").write_text("{}")
    (out / "signature.json").write_text("{}")
    pack(out, tmp_path / "a.tar.gz")
    with tarfile.open(tmp_path / "a.tar.gz") as found:
        assert found.getnames() == ["manifest.json"]


def test_what_could_not_be_unpacked_is_not_packed(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody finds out by pulling."""
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1000)
    (out / "large").write_bytes(bytes(1001))
    with pytest.raises(ArtefactInvalid, match="1000 bytes"):
        pack(out, tmp_path / "a.tar.gz")
    assert not (tmp_path / "a.tar.gz").exists()


@pytest.mark.parametrize(
    "bad",
    [
        member("../escape", 3),
        member("/etc/escape", 3),
        member("below/file", 3),
        member("below\\file", 3),
        member("..", 3),
        member("", 3),
        member(".hidden", 3),
        member("name\n", 3),
        member("näme", 3),
        member("link", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        member("hard", kind=tarfile.LNKTYPE, link="manifest.json"),
        member("folder", kind=tarfile.DIRTYPE),
        member("pipe", kind=tarfile.FIFOTYPE),
        member("disk", kind=tarfile.BLKTYPE),
        member("terminal", kind=tarfile.CHRTYPE),
        member("contiguous", kind=tarfile.CONTTYPE),
        member("sparse", kind=tarfile.GNUTYPE_SPARSE),
        member("long" * 60, 3),
        member("slash/"),
    ],
    ids=lambda bad: bad.name[:20] or "nameless",
)
def test_anything_but_a_plain_file_is_refused(
    bad: tarfile.TarInfo, tmp_path: Path, out: Path
) -> None:
    """No path leaves the folder, no link points out of it, no device is made."""
    path = archive_with(tmp_path / "bad.tar.gz", bad)
    with pytest.raises(ArtefactInvalid, match="no plain file"):
        unpack(path, out)
    assert list(out.iterdir()) == []
    assert {p.name for p in tmp_path.iterdir()} == {"out", "bad.tar.gz"}


@pytest.mark.parametrize("name", ["path", "size", "linkpath", "GNU.sparse.name", "GNU.sparse.map"])
def test_no_extended_header_changes_what_a_plain_one_says(
    name: str, tmp_path: Path, out: Path
) -> None:
    """A name checked in one header must not be replaced by another."""
    info = member("harmless", 3)
    info.pax_headers = {name: "../escape"}
    with tarfile.open(tmp_path / "pax.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as file:
        file.addfile(info, io.BytesIO(b"abc"))
    with pytest.raises(ArtefactInvalid, match="no plain file"):
        unpack(tmp_path / "pax.tar.gz", out)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_an_extended_header_of_any_size_takes_no_memory(
    kind: bytes, tmp_path: Path, out: Path
) -> None:
    """`tarfile` would read all of it at once: 64 MiB, from an archive of 64 KiB."""
    size = GIB // 16
    path = zeros(tmp_path / "bomb.tar.gz", header(member("bomb", size, kind)), size)
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(ArtefactInvalid, match="no plain file"):
            unpack(path, out)
        assert tracemalloc.get_traced_memory()[1] < size // 16
    finally:
        tracemalloc.stop()
    assert list(out.iterdir()) == []


def test_a_bomb_is_refused_before_it_goes_off(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would unpack to more than the limit is not written."""
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1000)
    path = archive_with(tmp_path / "bomb.tar.gz", member("a", 600), member("b", 600))
    with pytest.raises(ArtefactInvalid, match="1000 bytes"):
        unpack(path, out)
    assert [p.name for p in out.iterdir()] == ["a"]


def test_a_bomb_is_known_by_its_announcement(tmp_path: Path, out: Path) -> None:
    """Not a byte of five announced gibibytes is written."""
    path = archive_of(tmp_path / "bomb.tar.gz", header(member("bomb", 5 * GIB)), bytes(1 << 20))
    with pytest.raises(ArtefactInvalid, match="more than 100 files or"):
        unpack(path, out)
    assert list(out.iterdir()) == []


def test_a_size_below_nothing_is_refused(tmp_path: Path, out: Path) -> None:
    """The arithmetic of the limits holds for sizes that no file has."""
    path = archive_of(tmp_path / "less.tar.gz", header(member("less", -4 * GIB)), bytes(1024))
    with pytest.raises(ArtefactInvalid, match="no plain file"):
        unpack(path, out)


def test_a_header_that_announces_too_little_ends_it(tmp_path: Path, out: Path) -> None:
    """What follows the announced bytes is no header, so no more is written than was announced."""
    path = archive_of(tmp_path / "liar.tar.gz", header(member("a", 10)), b"x" * 1_000_000)
    with pytest.raises(ArtefactInvalid, match="cannot be unpacked"):
        unpack(path, out)
    assert sum(p.stat().st_size for p in out.iterdir()) == 10


def test_a_swarm_of_files_is_refused(tmp_path: Path, out: Path) -> None:
    """An artefact has a handful of files."""
    path = archive_with(tmp_path / "swarm.tar.gz", *(member(f"f{i}") for i in range(101)))
    with pytest.raises(ArtefactInvalid, match="100 files"):
        unpack(path, out)


def test_a_name_twice_is_refused(tmp_path: Path, out: Path) -> None:
    """The second must not replace the first."""
    path = archive_with(tmp_path / "twice.tar.gz", member("a", 1), member("a", 2))
    with pytest.raises(ArtefactInvalid, match="cannot be unpacked"):
        unpack(path, out)


def test_an_archive_cut_anywhere_is_refused(
    linear_artefact: Artefact, tmp_path: Path, out: Path
) -> None:
    """Half a download is no artefact."""
    pack(linear_artefact.folder, tmp_path / "a.tar.gz")
    whole = (tmp_path / "a.tar.gz").read_bytes()
    for number, keep in enumerate([0, 1, 9, 100, len(whole) // 2, len(whole) - 200]):
        (tmp_path / "cut.tar.gz").write_bytes(whole[:keep])
        (out / str(number)).mkdir()
        with pytest.raises(ArtefactInvalid, match="cannot be unpacked"):
            unpack(tmp_path / "cut.tar.gz", out / str(number))


@settings(deadline=None, max_examples=50)
@given(content=st.binary(max_size=2000), packed=st.booleans())
def test_no_bytes_lead_to_anything_but_a_refusal(
    content: bytes, packed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever an archive is, it ends in ArtefactInvalid, or holds nothing."""
    folder = tmp_path_factory.mktemp("any")
    path = folder / "any.tar.gz"
    path.write_bytes(gzip.compress(content) if packed else content)
    (folder / "out").mkdir()
    with suppress(ArtefactInvalid):
        unpack(path, folder / "out")
    assert list((folder / "out").iterdir()) == []
