"""The programs of Postgres are found in the wheel, or copied whole to where all may read them."""

import os
import subprocess
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from understudy.errors import EmbeddedPostgresFailed
from understudy.log import binaries
from understudy.log.account import Account

ME = Account(os.geteuid(), os.getegid(), dropped=False)


def test_the_programs_are_of_the_version_that_is_announced() -> None:
    """The wheel holds several; data of one cannot be read by another."""
    found = binaries.find_binaries(ME)
    for program in (found.postgres, found.initdb):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        assert f" {binaries.MAJOR}." in said.stdout


def test_a_copy_runs_and_is_open_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made once, with its libraries, whatever the permissions of the original."""
    monkeypatch.setattr(binaries, "SHARED_ROOT", tmp_path / "shared")
    site, version = binaries._installed()
    copy = binaries._copy(site, version)
    program = copy / binaries._TREE / "bin" / "initdb"
    subprocess.run([program, "--version"], capture_output=True, check=True)
    modes = {path.stat().st_mode & 0o777 for path in copy.rglob("*") if not path.is_symlink()}
    assert modes == {0o755, 0o644}
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o755
    assert binaries._copy(site, version) == copy
    assert [path.name for path in (tmp_path / "shared").iterdir()] == [copy.name]


def test_an_absent_wheel_is_an_error_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a missing distribution nor one without this version passes."""
    monkeypatch.setattr(binaries, "_TREE", Path("elsewhere"))
    with pytest.raises(EmbeddedPostgresFailed, match="UNDERSTUDY_DATABASE_URL"):
        binaries.find_binaries(ME)

    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(binaries, "distribution", absent)
    with pytest.raises(EmbeddedPostgresFailed, match="not installed"):
        binaries.find_binaries(ME)
