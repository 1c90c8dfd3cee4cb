"""The distribution of the unruly model, as a folder on the path of Python."""

import shutil
from pathlib import Path

from tests.chaos import unruly

PACKAGE = "unruly_models"


def install(folder: Path) -> None:
    """Install it into a folder, which then has to stand on the path."""
    package = folder / PACKAGE
    package.mkdir(parents=True)
    shutil.copy(unruly.__file__, package / "__init__.py")
    described = folder / f"{PACKAGE}-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Name: unruly-models\nVersion: 1.0\n")
    (described / "top_level.txt").write_text(f"{PACKAGE}\n")
