"""Who packaged a model, when, where and from which revision: true, but not part of the model."""

import getpass
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "skops")


def provenance(costs: dict[str, float]) -> dict[str, object]:
    """Return who, when, where, the source revision, and the measured cost per row in ms of CPU."""
    return {
        "packaged_by": _user(),
        "packaged_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "platform": platform.platform(),
        "source": source_revision(Path.cwd()),
        "cpu_ms_per_row": costs,
    }


def library_versions() -> dict[str, str]:
    """Return the versions of what a model's numbers depend on."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


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


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
