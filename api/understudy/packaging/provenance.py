"""Who packaged a model, when, where and from which revision: true, but not part of the model."""

import getpass
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

# What a model's numbers, its tables and the plots of its card depend on.
LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "skops", "matplotlib")


def provenance(costs: dict[str, float], measured: dict[str, dict[str, float]]) -> dict[str, object]:
    """
    Return who, when, where and from which source revision, and what was measured.

    `costs` are milliseconds of CPU per row by batch size, `measured` the figures of the gates that
    vary from run to run.
    """
    return {
        "packaged_by": who(),
        "packaged_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "platform": platform.platform(),
        "source": source_revision(Path.cwd()),
        "cpu_ms_per_row": costs,
        "gates": measured,
    }


def library_versions(further: Iterable[str] = ()) -> dict[str, str]:
    """Return the versions of what a model's numbers depend on; `further` are distributions."""
    names = sorted({*LIBRARIES, *further})
    return {"python": platform.python_version()} | {name: version(name) for name in names}


def source_revision(folder: Path) -> dict[str, object] | None:
    """Return the git revision of a folder and whether it was changed since; None outside git."""
    revision = _git(folder, "rev-parse", "HEAD")
    if revision is None:
        return None
    return {"revision": revision, "dirty": bool(_git(folder, "status", "--porcelain"))}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True, text=True, timeout=10, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def who() -> str:
    """Return the name of the user who packages."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
