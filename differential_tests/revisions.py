"""The two states of the source: a revision of the past, and the files of this checkout."""

import io
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from differential_tests.errors import OperationFailed, RevisionUnknown

GIT_S = 120
BUILT_FOLDERS = ("api", "model_package", "requirements")


@dataclass(frozen=True)
class Revision:
    """A commit, and why it is the one to compare with."""

    commit: str
    chosen_as: str

    @property
    def title(self) -> str:
        """The revision as people speak of it."""
        is_told_twice = self.commit.startswith(self.chosen_as)
        return self.commit[:8] if is_told_twice else f"{self.commit[:8]} ({self.chosen_as})"


@dataclass(frozen=True)
class NoBaseline:
    """Why there is no revision to compare with."""

    reason: str


def find_baseline(repository: Path, wanted: str | None) -> Revision | NoBaseline:
    """
    Return the revision that was asked for, else the last release tag, else the first parent.

    A release is not compared with itself: a tag that is exactly this checkout is passed over.
    Raises RevisionUnknown for a revision that was asked for and does not exist.
    """
    if wanted is not None:
        commit = _commit(repository, wanted)
        if commit is None:
            raise RevisionUnknown(wanted)
        return Revision(commit, wanted)
    if _commit(repository, "HEAD") is None:
        return NoBaseline("this folder has no git history")
    parent = _commit(repository, "HEAD^1")
    tag = _last_tag(repository, "HEAD")
    if tag and _commit(repository, tag) == _commit(repository, "HEAD") and is_clean(repository):
        tag = _last_tag(repository, "HEAD^1") if parent else None
    if tag and (commit := _commit(repository, tag)):
        return Revision(commit, f"release {tag}")
    if parent:
        return Revision(parent, "the first parent")
    return NoBaseline("no release tag can be reached, and HEAD has no parent here")


def describe_checkout(repository: Path) -> str:
    """Name the state of this checkout."""
    head = _commit(repository, "HEAD")
    if head is None:
        return "this checkout"
    return f"this checkout ({head[:8]}{'' if is_clean(repository) else ' and changes'})"


def is_clean(repository: Path) -> bool:
    """Say whether the checkout holds exactly its commit."""
    return _git(repository, "status", "--porcelain") == b""


def export_revision(repository: Path, commit: str, into: Path) -> None:
    """Write the files of a commit into a folder."""
    archive = _git(repository, "archive", "--format=tar", commit)
    if archive is None:
        raise OperationFailed(f"git cannot export {commit[:8]}.")
    into.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(into, filter="data")


def export_checkout(repository: Path, into: Path) -> None:
    """Copy the files of this checkout, tracked or not, but not those that git ignores."""
    listed = _git(repository, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is None:
        _copy_folders(repository, into)
        return
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        source = repository / name
        if source.is_file():  # a tracked file may be deleted, a submodule is a folder
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def _copy_folders(repository: Path, into: Path) -> None:
    """Copy what a build needs where git cannot say which files count."""
    passed_over = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "build", "dist")
    for name in BUILT_FOLDERS:
        shutil.copytree(repository / name, into / name, ignore=passed_over)


def _commit(repository: Path, revision: str) -> str | None:
    found = _git(
        repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    return found.decode().strip() if found else None


def _last_tag(repository: Path, revision: str) -> str | None:
    found = _git(repository, "describe", "--tags", "--abbrev=0", "--match", "v*", revision)
    return found.decode().strip() if found else None


def _git(repository: Path, *arguments: str) -> bytes | None:
    """Return what git says, None where it refuses or is missing."""
    try:
        ended = subprocess.run(
            ["git", "-C", str(repository), *arguments],
            capture_output=True, check=False, timeout=GIT_S, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError:
        return None
    return ended.stdout if ended.returncode == 0 else None
