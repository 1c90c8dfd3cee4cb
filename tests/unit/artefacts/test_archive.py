"""An archive is packed the same way every time and unpacked without trust."""

import io
import tarfile
from pathlib import Path

import pytest

from understudy.artefacts import archive
from understudy.artefacts.archive import pack, unpack
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.errors import ArtefactInvalid


def archive_with(path: Path, *members: tarfile.TarInfo) -> Path:
    """Write an archive of the given members, filled with zeros."""
    with tarfile.open(path, "w:gz") as file:
        for member in members:
            file.addfile(member, io.BytesIO(bytes(member.size)) if member.isreg() else None)
    return path


def member(
    name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, link: str = ""
) -> tarfile.TarInfo:
    """Return the header of one member."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info


def test_what_is_packed_comes_out(linear_artefact: Artefact, tmp_path: Path) -> None:
    """With the same digest, and the same bytes when packed again."""
    (tmp_path / "a.tar.gz").write_bytes(pack(linear_artefact.folder))
    (tmp_path / "out").mkdir()
    unpack(tmp_path / "a.tar.gz", tmp_path / "out")
    assert open_artefact(tmp_path / "out").digest == linear_artefact.digest
    assert pack(tmp_path / "out") == pack(linear_artefact.folder)


@pytest.mark.parametrize(
    "bad",
    [
        member("../escape", 3),
        member("/etc/escape", 3),
        member("below/file", 3),
        member(".hidden", 3),
        member("link", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        member("hard", kind=tarfile.LNKTYPE, link="manifest.json"),
        member("folder", kind=tarfile.DIRTYPE),
        member("pipe", kind=tarfile.FIFOTYPE),
    ],
    ids=lambda bad: bad.name,
)
def test_anything_but_a_plain_file_is_refused(bad: tarfile.TarInfo, tmp_path: Path) -> None:
    """No path leaves the folder, no link points out of it."""
    path = archive_with(tmp_path / "bad.tar.gz", bad)
    (tmp_path / "out").mkdir()
    with pytest.raises(ArtefactInvalid, match="no plain file"):
        unpack(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert {p.name for p in tmp_path.iterdir()} == {"out", "bad.tar.gz"}


def test_a_bomb_is_refused_before_it_goes_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would unpack to more than the limit is not written."""
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1000)
    path = archive_with(tmp_path / "bomb.tar.gz", member("a", 600), member("b", 600))
    (tmp_path / "out").mkdir()
    with pytest.raises(ArtefactInvalid, match="1000 bytes"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out" / "b").exists()


def test_a_swarm_of_files_is_refused(tmp_path: Path) -> None:
    """An artefact has a handful of files."""
    path = archive_with(tmp_path / "swarm.tar.gz", *(member(f"f{i}") for i in range(101)))
    (tmp_path / "out").mkdir()
    with pytest.raises(ArtefactInvalid, match="100 files"):
        unpack(path, tmp_path / "out")


def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    """The second must not replace the first."""
    path = archive_with(tmp_path / "twice.tar.gz", member("a", 1), member("a", 2))
    (tmp_path / "out").mkdir()
    with pytest.raises(ArtefactInvalid, match="cannot be unpacked"):
        unpack(path, tmp_path / "out")


@pytest.mark.parametrize("keep", [0, 100])
def test_an_archive_cut_short_is_refused(
    linear_artefact: Artefact, tmp_path: Path, keep: int
) -> None:
    """Half a download is no artefact."""
    (tmp_path / "cut.tar.gz").write_bytes(pack(linear_artefact.folder)[:keep])
    (tmp_path / "out").mkdir()
    with pytest.raises(ArtefactInvalid, match="cannot be unpacked"):
        unpack(tmp_path / "cut.tar.gz", tmp_path / "out")
