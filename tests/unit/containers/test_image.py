"""What must hold of the Dockerfile and of what it takes from the checkout."""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

HADOLINT = Path(sysconfig.get_path("scripts")) / "hadolint"


def lint(dockerfile: Path) -> subprocess.CompletedProcess[str]:
    """Run hadolint."""
    return subprocess.run([HADOLINT, dockerfile], capture_output=True, text=True, check=False)


def test_the_linter_is_content(root: Path) -> None:
    """Hadolint finds nothing."""
    found = lint(root / "docker/Dockerfile")
    assert (found.returncode, found.stdout) == (0, "")


def test_the_linter_can_complain(tmp_path: Path) -> None:
    """An image without a tag is found."""
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN pip install flask\n")
    found = lint(tmp_path / "Dockerfile")
    assert found.returncode != 0
    assert "DL3006" in found.stdout


def test_the_final_image_is_not_root(root: Path) -> None:
    """The last user named is a number beyond those of the system."""
    users = re.findall(r"^USER (\d+):(\d+)$", (root / "docker/Dockerfile").read_text(), re.M)
    assert users == [("10001", "10001")]


def test_everything_installed_is_pinned_by_hash(root: Path) -> None:
    """Every line of the requirements has a version and at least one hash, and names no index."""
    text = (root / "docker/Dockerfile").read_text()
    for name in set(re.findall(r"requirements/[\w.]+", text)):
        content = (root / name).read_text()
        pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+(?: ;[^\\\n]*)? \\$", content, re.M)
        named = re.findall(r"^[a-zA-Z0-9].*", content, re.M)
        assert pinned, name
        assert len(pinned) == len(named)
        assert "://" not in content
        assert "--index" not in content
    assert text.count("--require-hashes") == 2


def test_secrets_and_data_never_reach_the_build(root: Path) -> None:
    """All is ignored but what is named, and neither `.env` nor any data is named."""
    lines = (root / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    taken = [rule[1:] for rule in rules if rule.startswith("!")]
    assert taken
    assert not [rule for rule in taken if "env" in rule or rule.startswith(".")]
    copied = re.findall(r"^COPY (?!--from)(\S+)", (root / "docker/Dockerfile").read_text(), re.M)
    for source in copied:
        assert any(rule.startswith(source) or Path(source).match(rule) for rule in taken), (
            f"{source} is ignored"
        )


@pytest.mark.parametrize(("status", "expected"), [(200, 0), (503, 1), (None, 1)])
def test_the_health_check_tells_life(root: Path, status: int | None, expected: int) -> None:
    """It exits with 0 for a living process only; nobody on the port counts as dead."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/health/live"
            self.send_response(status or 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    port = str(server.server_address[1])
    if status is None:
        server.server_close()
    else:
        thread.start()
    done = subprocess.run([sys.executable, root / "docker/healthy.py", port], check=False)
    if status is not None:
        server.shutdown()
        thread.join()
        server.server_close()
    assert done.returncode == expected
