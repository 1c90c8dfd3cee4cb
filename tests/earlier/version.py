"""An earlier version of this program, out of git, and how its processes are run."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from differential_tests.revisions import export_revision

REPOSITORY = Path(__file__).parents[2]
_MIGRATIONS = "api/understudy/log/migrations/versions"
_START_S, _STOP_S = 120, 60

_PACKAGE = """
import sys
from pathlib import Path
from tests import tiny
folder = Path(sys.argv[1])
tiny.package_linear(folder)
tiny.package_boosting(folder)
tiny.package_houses(tiny.linear_pipeline(), folder, "3.0.0")
"""


@dataclass(frozen=True)
class Version:
    """The source of one version, run by this interpreter with the libraries that are installed."""

    source: Path
    """The folder of a checkout."""

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of its processes; `settings` are variables of Understudy."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTUDY_")}
        path = os.pathsep.join([str(self.source / "api"), str(self.source)])
        return inherited | {"PYTHONPATH": path} | dict(settings)

    def run(self, settings: Mapping[str, str], *arguments: object) -> str:
        """Run one command to its end and return what it prints; it has to end well."""
        return self._python(settings, "-m", "understudy", *arguments)

    def answer(self, settings: Mapping[str, str], *arguments: object) -> Any:
        """Run one command with --json and return what it says."""
        return json.loads(self.run(settings, *arguments, "--json"))

    def package(self, folder: Path) -> list[Path]:
        """Let it package tiny models 1.0.0, 2.0.0 and 3.0.0 itself; return their folders."""
        self._python({}, "-c", _PACKAGE, folder)
        return sorted(path.parent for path in folder.rglob("manifest.json"))

    @contextmanager
    def up(self, settings: Mapping[str, str]) -> "Iterator[subprocess.Popen[str]]":
        """Run `understudy up` for as long as a `with` lasts, and interrupt it then."""
        command = [sys.executable, "-m", "understudy", "up"]
        process = subprocess.Popen(
            command, env=self.environment(settings), cwd=self.source, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_up(process, Path(settings["UNDERSTUDY_DATA_DIR"]))
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=_STOP_S)

    def _python(self, settings: Mapping[str, str], *arguments: object) -> str:
        ended = subprocess.run(
            [sys.executable, *map(str, arguments)], env=self.environment(settings),
            cwd=self.source, text=True, capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        assert ended.returncode == 0, f"{arguments}: {ended.stdout}\n{ended.stderr}"
        return ended.stdout


def checkout() -> Version:
    """Return the version that is tested."""
    return Version(REPOSITORY)


def export(commit: str, into: Path) -> Version:
    """Write the source of a commit into a folder."""
    export_revision(REPOSITORY, commit, into)
    return Version(into)


def commit_before_the_last_migration() -> str | None:
    """
    Return the last commit whose tables are older than those of this checkout.

    None where git does not know of one: there is no history here, or not all of it.
    """
    newest = max(path.name for path in (REPOSITORY / _MIGRATIONS).glob("r[0-9]*.py"))
    commits = _git("rev-list", "--first-parent", "HEAD", "--", _MIGRATIONS) or ""
    for commit in commits.split():
        for candidate in (commit, f"{commit}^1"):
            there = _git("ls-tree", "--name-only", candidate, f"{_MIGRATIONS}/") or ""
            names = [Path(name).name for name in there.split()]
            if any(name.startswith("r0") for name in names) and newest not in names:
                return candidate
    return None


def _git(*arguments: str) -> str | None:
    ended = subprocess.run(
        ["git", "-C", str(REPOSITORY), *arguments], capture_output=True, text=True, check=False
    )
    return ended.stdout if ended.returncode == 0 else None


def _wait_until_up(process: "subprocess.Popen[str]", folder: Path) -> None:
    announced = folder / "run.json"
    deadline = time.monotonic() + _START_S
    while not (announced.exists() and json.loads(announced.read_text())["pid"] == process.pid):
        if process.poll() is not None or time.monotonic() > deadline:
            said = process.communicate()[0] if process.poll() is not None else "nothing in time"
            raise AssertionError(f"understudy up does not start: {said}")
        time.sleep(0.05)
