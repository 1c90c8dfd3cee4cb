"""A virtual environment per side, with that side's own pinned requirements and its own wheels."""

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from differential_tests.processes import clean_environment, run

UV = [sys.executable, "-m", "uv", "--quiet"]
INSTALL_S = 900
DISTRIBUTIONS = ("api", "model_package")
READY = "ready-for-differential-tests"


@contextmanager
def locked(cache: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Let one run at a time use the environments of a checkout."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "differential.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another run in this checkout to end …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(tree: Path, side: str, *, cache: Path, work: Path) -> Path:
    """
    Return the Python of an environment in which the tree's two distributions are installed.

    The environment is kept in `cache` under a hash of the requirements, so that only the wheels
    are built anew. Raises CommandFailed.
    """
    requirements = tree / "requirements" / "runtime.txt"
    # The interpreter below whatever environment this runs in: tox and .venv share what is kept.
    interpreter = f"{sys.base_prefix} {sys.version}".encode()
    digest = hashlib.sha256(interpreter + requirements.read_bytes())
    folder = cache / f"differential-{side}-{digest.hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / READY).exists():
        for stale in cache.glob(f"differential-{side}-*"):
            shutil.rmtree(stale)
        _uv(work, "venv", "--python", sys.executable, str(folder))
        _uv(work, "pip", "install", "--python", str(python), "--require-hashes", "-r",
            str(requirements))  # fmt: skip
        (folder / READY).touch()
    wheels = _wheels(tree, work)
    _uv(work, "pip", "install", "--python", str(python), "--no-deps", "--reinstall", *wheels)
    return python


def _wheels(tree: Path, work: Path) -> list[str]:
    """Build the wheels, with the pinned build tools where the tree pins them."""
    pinned = tree / "requirements" / "build.txt"
    how = ["--build-constraints", str(pinned), "--require-hashes"] if pinned.exists() else []
    wheels = work / "wheels"
    for name in DISTRIBUTIONS:
        _uv(work, "build", "--wheel", "--python", sys.executable, *how,
            "--out-dir", str(wheels), str(tree / name))  # fmt: skip
    return sorted(map(str, wheels.glob("*.whl")))


def _uv(work: Path, *arguments: str) -> None:
    run(
        [*UV, *arguments], folder=work, environment=clean_environment({}),
        log=work / "uv.log", timeout_s=INSTALL_S,
    )  # fmt: skip
