"""Which revision is the baseline, and what is exported of each side."""

from collections.abc import Callable
from pathlib import Path

import pytest

from differential_tests.errors import OperationFailed, RevisionUnknown
from differential_tests.revisions import (
    NoBaseline,
    Revision,
    describe_checkout,
    export_checkout,
    export_revision,
    find_baseline,
)

Run = Callable[..., str]


def test_a_first_commit_has_no_baseline(repository: Path, commit: Run) -> None:
    """The reason says what was looked for."""
    commit(a="1")
    found = find_baseline(repository, None)
    assert isinstance(found, NoBaseline)
    assert "no release tag" in found.reason


def test_a_folder_without_history_has_no_baseline(repository: Path) -> None:
    """A downloaded archive can be tested too."""
    found = find_baseline(repository, None)
    assert found == NoBaseline("this folder has no git history")
    assert describe_checkout(repository) == "this checkout"


def test_without_a_release_the_first_parent_is_the_baseline(
    repository: Path, commit: Run, git: Run
) -> None:
    """Of a merge that is the branch that was merged into."""
    first = commit(a="1")
    git("checkout", "--quiet", "-b", "side")
    commit(b="1")
    git("checkout", "--quiet", "main")
    parent = commit(a="2")
    git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    assert find_baseline(repository, None) == Revision(parent, "the first parent")
    assert find_baseline(repository, "side~1") == Revision(first, "side~1")


def test_the_last_release_is_the_baseline(repository: Path, commit: Run, git: Run) -> None:
    """Tags that are no release do not count, and an annotated tag means its commit."""
    commit(a="1")
    git("tag", "v0.1.0")
    release = commit(a="2")
    git("tag", "-a", "-m", "release", "v0.2.0")
    commit(a="3")
    git("tag", "nightly")
    commit(a="4")
    assert find_baseline(repository, None) == Revision(release, "release v0.2.0")


def test_a_release_is_not_compared_with_itself(repository: Path, commit: Run, git: Run) -> None:
    """On the tag the release before counts; with changes on top, the tag itself."""
    parent = commit(a="1")
    release = commit(a="2")
    git("tag", "v0.1.0")
    assert find_baseline(repository, None) == Revision(parent, "the first parent")
    (repository / "a").write_text("3")
    assert find_baseline(repository, None) == Revision(release, "release v0.1.0")
    git("tag", "v0.0.1", parent)
    git("checkout", "--quiet", "a")
    assert find_baseline(repository, None) == Revision(parent, "release v0.0.1")


@pytest.mark.parametrize("wanted", ["nothing", "HEAD~9", "--all", ""])
def test_a_revision_that_does_not_exist_is_refused(
    repository: Path, commit: Run, wanted: str
) -> None:
    """A typing mistake does not end in NO BASELINE."""
    commit(a="1")
    with pytest.raises(RevisionUnknown):
        find_baseline(repository, wanted)


def test_a_revision_is_exported_as_it_was(repository: Path, commit: Run, tmp_path: Path) -> None:
    """What came later, or was never committed, is not in it."""
    first = commit(a="1")
    commit(a="2", b="2")
    export_revision(repository, first, tmp_path / "out")
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == {"a": "1"}
    with pytest.raises(OperationFailed, match="cannot export"):
        export_revision(repository, "0" * 40, tmp_path / "other")


def test_the_checkout_is_exported_with_its_changes(
    repository: Path, commit: Run, tmp_path: Path
) -> None:
    """Changed and new files are there; ignored and deleted ones are not."""
    commit(a="1", gone="1", **{".gitignore": "junk\n"})
    (repository / "a").write_text("changed")
    (repository / "new").write_text("new")
    (repository / "junk").write_text("junk")
    (repository / "gone").unlink()
    export_checkout(repository, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a", "new", ".gitignore"}
    assert (tmp_path / "out" / "a").read_text() == "changed"
    assert describe_checkout(repository).endswith("and changes)")


def test_without_git_the_folders_of_a_build_are_exported(repository: Path, tmp_path: Path) -> None:
    """What running the code leaves behind stays behind."""
    for name in ("api", "model_package", "requirements", ".venv"):
        (repository / name / "__pycache__").mkdir(parents=True)
        (repository / name / "file").write_text(name)
    export_checkout(repository, tmp_path / "out")
    found = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*")}
    folders = {"api", "model_package", "requirements"}
    assert found == folders | {f"{name}/file" for name in folders}
