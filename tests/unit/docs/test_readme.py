"""What the README shows is true."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_example_packages_a_model(tmp_path: Path) -> None:
    """Copied as it stands, the README's Python makes an artefact that can be opened."""
    from understudy.artefacts.artefact import open_artefact

    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    subprocess.run([sys.executable, "-c", example], cwd=tmp_path, check=True, timeout=120)
    assert open_artefact(tmp_path / "packaged" / "diabetes-1.0.0").manifest.title == (
        "diabetes:1.0.0"
    )


def test_every_link_leads_somewhere() -> None:
    """No relative link in the documents points at a file that is not there."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.name}: {link}"
        for document in documents
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
        if not (document.parent / link).exists()
    ]
    assert broken == []
