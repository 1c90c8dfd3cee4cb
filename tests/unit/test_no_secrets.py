"""No secret lies in the repository: detect-secrets, against what is known to be harmless."""

import json
import subprocess
from pathlib import Path

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
KNOWN = ROOT / "tests" / "harmless_secrets.json"
# Digests of distributions, and files that programs of ours write: figures, pictures and logs.
_WITHOUT = (
    "requirements/", "benchmarks/serving/requirements/", "benchmarks/results/", "docs/",
    "tests/harmless_secrets.json", "tests/earlier/logs/",
)  # fmt: skip
_TEXTS = {".md"}

Found = set[tuple[str, str, str]]


def scan(root: Path, files: list[str]) -> Found:
    """Return what looks like a secret: file, kind and hash."""
    secrets = SecretsCollection(root=str(root))
    with default_settings():
        secrets.scan_files(*files)
    return {(file, secret.type, secret.secret_hash) for file, secret in secrets}


@pytest.mark.promise("hostile input", "No secret is in the repository")
def test_no_secret_is_in_a_file_of_the_repository() -> None:
    """Whoever adds a harmless one writes it down: file, kind and SHA-1, as this test tells them."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    files = [
        file for file in listed if not file.startswith(_WITHOUT) or Path(file).suffix in _TEXTS
    ]
    assert len(files) > 500
    known = {tuple(entry) for entry in json.loads(KNOWN.read_text())}
    assert scan(ROOT, files) - known == set()


def test_a_planted_secret_is_found(tmp_path: Path) -> None:
    """The scan can fail: a key of a cloud, a private key and a password in an address."""
    (tmp_path / "settings.py").write_text(
        'AWS = "AKIA' + "QYLPMN5HFIQR7XYA" + '"\n'
        "KEY = '-----BEGIN RSA PRIVATE" + " KEY-----'\n"
        'URL = "postgresql://ann:' + "Tr0ub4dor@db.example.org/log" + '"\n'
    )
    kinds = {kind for _, kind, _ in scan(tmp_path, ["settings.py"])}
    assert kinds == {"AWS Access Key", "Private Key", "Basic Auth Credentials"}
