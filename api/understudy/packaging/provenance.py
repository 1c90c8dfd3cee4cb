"""Who packaged a model, when, where and from which revision: true, but not part of the model."""

import getpass
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

# What a model's numbers, its tables and the plots of its card depend on.
LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "skops", "matplotlib")


def provenance(
    costs: dict[str, float], measured: dict[str, dict[str, float]], code: Path
) -> dict[str, object]:
    """
    Return who, when, where and from which source revision, and what was measured.

    `costs` are milliseconds of CPU per row by batch size, `measured` the figures of the gates that
    vary from run to run, `code` the file or the folder of the training code.
    """
    return {
        "packaged_by": who(),
        "packaged_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "platform": platform.platform(),
        "source": source_revision(code),
        "cpu_ms_per_row": costs,
        "gates": measured,
    }


def library_versions(further: Iterable[str] = ()) -> dict[str, str]:
    """Return the versions of what a model's numbers depend on; `further` are distributions."""
    names = sorted({*LIBRARIES, *further})
    return {"python": platform.python_version()} | {name: version(name) for name in names}


def source_revision(code: Path) -> dict[str, object] | None:
    """
    Return the git revision of the folder of some code, and whether anything changed there since.

    None outside git, and for a file that git does not know: no revision tells what it was.
    """
    folder = code if code.is_dir() else code.parent
    revision = _git(folder, "rev-parse", "HEAD")
    if revision is None or (code.is_file() and not _git(folder, "ls-files", "--", code.name)):
        return None
    return {"revision": revision, "dirty": bool(_git(folder, "status", "--porcelain"))}


def calling_code() -> Path:
    """Return the file that called our caller, or the working directory, as in a notebook."""
    file = Path(sys._getframe(2).f_code.co_filename)
    return file.resolve() if file.is_file() else Path.cwd()


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
