"""Who packaged a model, and from which revision."""

import subprocess
from pathlib import Path

import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.packaging.costs import measure_costs
from understudy.packaging.provenance import provenance, source_revision
from understudy.serving.engines import load_engine


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, without anybody's configuration."""
    name = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True)


def test_a_revision_is_dirty_once_something_changes(tmp_path: Path) -> None:
    """Outside git there is none."""
    assert source_revision(tmp_path) is None
    git(tmp_path, "init")
    (tmp_path / "a").write_text("a")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-m", "a")
    clean = source_revision(tmp_path)
    assert clean is not None
    assert clean["dirty"] is False
    (tmp_path / "a").write_text("b")
    assert source_revision(tmp_path) == {"revision": clean["revision"], "dirty": True}
    assert source_revision(tmp_path / "a") == source_revision(tmp_path)


def test_a_file_that_git_does_not_know_has_no_revision(tmp_path: Path) -> None:
    """The commit beside it says nothing of what it holds."""
    git(tmp_path, "init")
    (tmp_path / ".gitignore").write_text("train.py")
    git(tmp_path, "add", ".gitignore")
    git(tmp_path, "commit", "-m", "a")
    (tmp_path / "train.py").write_text("pass")
    assert source_revision(tmp_path / "train.py") is None
    assert source_revision(tmp_path / ".gitignore") is not None


def test_a_user_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may run under a number that no file knows."""

    def nameless() -> str:
        raise KeyError("uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert provenance({}, {}, Path())["packaged_by"] == "unknown"


def test_the_revision_is_that_of_the_code_that_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of the folder that one happens to stand in."""
    repository = tmp_path / "elsewhere"
    repository.mkdir()
    git(repository, "init")
    git(repository, "commit", "--allow-empty", "-m", "a")
    monkeypatch.chdir(repository)
    code = tmp_path / "train.py"
    code.write_text("pass")
    linear = tiny.linear_pipeline()
    told = tiny.package_houses(linear, tmp_path, "1.0.0", code=code).provenance()
    assert told["source"] is None
    here = tiny.package_houses(linear, tmp_path / "again", "1.0.0").provenance()
    assert here["source"] == source_revision(Path(tiny.__file__))


def test_costs_are_measured_by_batch_size(linear_artefact: Artefact) -> None:
    """A row costs less in company."""
    costs = measure_costs(load_engine(linear_artefact), tiny.make_instances(50))
    assert set(costs) == {"1", "32", "1000"}
    assert 0 < costs["1000"] < costs["1"]
