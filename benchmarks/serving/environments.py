"""One environment per server, made by uv from pinned requirements and kept between runs."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.serving.server import ROOT

REQUIREMENTS = Path(__file__).parent / "requirements"
ENVIRONMENTS = ROOT / ".benchmarks" / "environments"


class EnvironmentFailed(Exception):
    """A server's environment cannot be made; the message is what uv said last."""


def python_of(name: str | None) -> Path:
    """
    Return the Python of an environment, made if it is missing or its requirements have changed.

    Raises EnvironmentFailed.
    """
    if name is None:
        return Path(sys.executable)
    folder, pinned = ENVIRONMENTS / name, REQUIREMENTS / f"{name}.txt"
    python, made = folder / "bin" / "python", folder / "made-from"
    digest = hashlib.sha256(pinned.read_bytes()).hexdigest()
    if not made.exists() or made.read_text() != digest:
        sys.stderr.write(f"making the environment of {name} …\n")
        _uv("venv", "--clear", "--python", sys.executable, str(folder))
        _uv(
            "pip",
            "sync",
            "--compile-bytecode",
            "--python",
            str(python),
            "--require-hashes",
            str(pinned),
        )
        made.write_text(digest)
    return python


def versions(name: str | None) -> dict[str, str]:
    """Return the versions that an environment's requirements name."""
    listed = ROOT / "requirements/runtime.txt" if name is None else REQUIREMENTS / f"{name}.txt"
    lines = (line.split(";")[0].strip(" \\") for line in listed.read_text().splitlines())
    # Of two versions for two Pythons, the first is that of this one: see `pin` in the page.
    found: dict[str, str] = {}
    for package, is_pinned, version in (line.partition("==") for line in lines):
        if is_pinned and not package.startswith((" ", "#")):
            found.setdefault(package, version)
    return found


def _uv(*arguments: str) -> None:
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1"}
    command = [str(Path(sys.executable).parent / "uv"), *arguments, "--quiet"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise EnvironmentFailed(" ".join(ended.stderr.split())[-300:])
