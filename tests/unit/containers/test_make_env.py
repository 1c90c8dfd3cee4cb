"""The generator of `.env`."""

import re
import stat
import subprocess
import sys
from pathlib import Path


def make(root: Path, path: Path) -> str:
    """Run the script as `make env` does."""
    return subprocess.run(
        [sys.executable, root / "docker/make_env.py", path],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def secrets_of(path: Path) -> dict[str, str]:
    """Return the variables of the file."""
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", path.read_text(), re.M))


def test_every_secret_is_random_and_nobody_elses(root: Path, tmp_path: Path) -> None:
    """Three different secrets of letters and digits, others in every file."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert str(first) in make(root, first)
    make(root, second)
    found = secrets_of(first)
    assert set(found) == {"POSTGRES_PASSWORD", "UNDERSTUDY_API_KEY", "GRAFANA_ADMIN_PASSWORD"}
    values = [*found.values(), *secrets_of(second).values()]
    assert len(set(values)) == 6
    assert all(re.fullmatch("[0-9a-f]{48}", value) for value in values)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_an_existing_file_is_left_as_it_is(root: Path, tmp_path: Path) -> None:
    """A second run destroys no password of a running database."""
    path = tmp_path / ".env"
    make(root, path)
    before = path.read_bytes()
    assert "left as it is" in make(root, path)
    assert path.read_bytes() == before


def test_it_has_what_the_compose_file_asks_for(root: Path, tmp_path: Path) -> None:
    """Every variable without a default is made."""
    make(root, tmp_path / ".env")
    asked = re.findall(r"\$\{([A-Z_]+):\?", (root / "docker-compose.yml").read_text())
    assert set(asked) == set(secrets_of(tmp_path / ".env"))


def test_the_file_is_not_for_version_control(root: Path) -> None:
    """Git ignores it."""
    assert ".env" in (root / ".gitignore").read_text().splitlines()
