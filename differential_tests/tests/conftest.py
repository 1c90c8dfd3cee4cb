"""Small worlds for the differential tests: rules, repositories, builds."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from differential_tests.builds import Build
from differential_tests.payloads import Payload, read_payloads
from differential_tests.session import Question
from differential_tests.tolerances import Tolerances, read_tolerances

REPOSITORY = Path(__file__).parents[2]
ASKED = ("sales/single-00", "sales/batch-0", "bad/unknown-field", "contract/ready")
WHO = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org",
       "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]  # fmt: skip


@pytest.fixture
def tolerances() -> Tolerances:
    """Return the rules that really hold."""
    return read_tolerances(REPOSITORY / "differential_tests" / "tolerances.yaml")


@pytest.fixture
def question(tolerances: Tolerances) -> Question:
    """Ask the linear model a little of everything: it is trained in no time."""
    payloads: list[Payload] = [
        payload
        for payload in read_payloads(Path(__file__).parents[1] / "payloads")
        if payload.name in ASKED
    ]
    assert len(payloads) == len(ASKED)
    return Question(payloads, ("linear",), tolerances, ())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a folder for a git repository."""
    folder = tmp_path / "repository"
    folder.mkdir()
    return folder


@pytest.fixture
def git(repository: Path) -> Callable[..., str]:
    """Return a function that runs git in a new repository, as somebody, whoever runs the tests."""

    def run(*arguments: str) -> str:
        command = ["git", "-C", str(repository), *WHO, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    run("init", "--quiet", "--initial-branch=main")
    return run


@pytest.fixture
def commit(repository: Path, git: Callable[..., str]) -> Callable[..., str]:
    """Return a function that commits files, given by name, and returns the commit."""

    def make(**files: str) -> str:
        for name, content in files.items():
            (repository / name).write_text(content)
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "-m", "a change")
        return git("rev-parse", "HEAD")

    return make


@pytest.fixture
def build_here(tmp_path: Path) -> Callable[..., Build]:
    """Return a function that builds this checkout, changed if need be, for the current Python."""

    def build(title: str, change: Callable[[Path], None] = lambda _: None) -> Build:
        tree, work = tmp_path / title, tmp_path / f"{title}-work"
        for name in ("api/understudy", "model_package/house_prices"):
            shutil.copytree(
                REPOSITORY / name, tree / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        change(tree)
        work.mkdir()
        path = f"{tree / 'api'}:{tree / 'model_package'}"
        return Build(title, Path(sys.executable), work, {"PYTHONPATH": path})

    return build
