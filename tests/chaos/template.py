"""What every experiment begins from: a stopped stack with a live model and two shadows deployed."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stack import Stack, eventually, stack_in_a_new_folder

VARIABLE = "CHAOS_TEMPLATE"
LIVE, SHADOW, SAMPLED = "tiny-houses:1.0.0", "tiny-houses:2.0.0", "tiny-houses:2.1.0"
SHARE = 0.3
_INSTANCES = 400


@contextmanager
def template() -> Iterator[Path]:
    """Give the folder of the template, which is made unless somebody has made it before."""
    made = os.environ.get(VARIABLE)
    if made:
        yield Path(made)
        return
    folder = new_folder("understudy-chaos-template-")
    try:
        _make(folder)
        os.environ[VARIABLE] = str(folder)
        yield folder
    finally:
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(folder, ignore_errors=True)


def new_folder(prefix: str) -> Path:
    """Make a folder for temporary files which the user of Postgres may pass through."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)
    return folder


def copy(template: Path, data: Path) -> None:
    """Begin a data directory from the template, its owners and modes included."""
    subprocess.run(["cp", "-a", template / "data", data], check=True)


def instances_of(template: Path) -> list[dict[str, object]]:
    """Return the instances that the load sends, in turn."""
    found: list[dict[str, object]] = json.loads((template / "instances.json").read_text())
    return found


def _make(folder: Path) -> None:
    # Not above: an experiment's own process needs no scikit-learn, and starts at once without.
    from tests import tiny

    packaged = [
        tiny.package_linear(folder),
        tiny.package_boosting(folder),
        tiny.package_houses(tiny.boosting_pipeline(), folder, "2.1.0"),
    ]
    (folder / "instances.json").write_text(json.dumps(tiny.make_instances(_INSTANCES)))
    with stack_in_a_new_folder() as stack:
        stack.start()
        stack.run("models", "push", *(artefact.folder for artefact in packaged))
        _deploy(stack)
        eventually(lambda: stack.get("/health/ready").status_code == 200)
        assert stack.stop() == 0
        subprocess.run(["cp", "-a", stack.folder, folder / "data"], check=True)


def _deploy(stack: Stack) -> None:
    stack.run("deploy", LIVE, "--live", "--why", "the experiment begins")
    stack.run("deploy", SHADOW, "--shadow")
    stack.run("deploy", SAMPLED, "--shadow", "--share", str(SHARE))
