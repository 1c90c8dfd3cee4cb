"""What every experiment begins from: a stopped stack with a live model and two shadows deployed."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from tests.stack import Stack, eventually, free_port, new_folder, stack_in_a_new_folder

VARIABLE = "CHAOS_TEMPLATE"
LIVE, SHADOW, SAMPLED = "tiny-houses:1.0.0", "tiny-houses:2.0.0", "tiny-houses:2.1.0"
UNRULY = "tiny-houses:6.6.0"
SHARE = 0.3
_INSTANCES = 400
_PATH = "path"


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


def instances_of(template: Path) -> list[dict[str, object]]:
    """Return the instances that the load sends, in turn."""
    found: list[dict[str, object]] = json.loads((template / "instances.json").read_text())
    return found


@contextmanager
def stack_from(template: Path, environment: Mapping[str, str]) -> Iterator[Stack]:
    """Give a stack that has not been started; whatever of it runs at the end is killed."""
    folder = new_folder("understudy-chaos-")
    # Not in the order in which the tests take them: several experiments may run at once.
    port = free_port(random.randrange(27_000, 32_000, 4))  # noqa: S311
    stack = Stack(folder / "data", port, _with_models(template) | dict(environment))
    try:
        subprocess.run(["cp", "-a", template / "data", stack.folder], check=True)
        yield stack
    finally:
        if hasattr(stack, "process"):
            stack.kill()
        stack.client.close()
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path) -> None:
    # Not above: an experiment's own process needs no scikit-learn, and starts at once without.
    from tests.chaos.installed import install

    install(folder / _PATH)
    sys.path.insert(0, str(folder / _PATH))
    try:
        packaged = _package(folder)
    finally:
        sys.path.remove(str(folder / _PATH))
    with stack_in_a_new_folder() as stack:
        stack.more |= _with_models(folder)
        stack.start()
        stack.run("models", "push", *packaged)
        _deploy(stack)
        eventually(lambda: stack.get("/health/ready").status_code == 200)
        assert stack.stop() == 0
        subprocess.run(["cp", "-a", stack.folder, folder / "data"], check=True)


def _package(folder: Path) -> list[Path]:
    from tests import tiny
    from tests.chaos.installed import PACKAGE

    unruly = import_module(PACKAGE).Unruly(tiny.boosting_pipeline())
    (folder / "instances.json").write_text(json.dumps(tiny.make_instances(_INSTANCES)))
    packaged = (
        tiny.package_linear(folder),
        tiny.package_boosting(folder),
        tiny.package_houses(tiny.boosting_pipeline(), folder, "2.1.0"),
        tiny.package_houses(unruly, folder, "6.6.0"),
    )
    return [artefact.folder for artefact in packaged]


def _with_models(folder: Path) -> dict[str, str]:
    """Return what lets a stack find the code of the unruly model."""
    path = [str(folder / _PATH), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(path)}


def _deploy(stack: Stack) -> None:
    stack.run("deploy", LIVE, "--live", "--why", "the experiment begins")
    stack.run("deploy", SHADOW, "--shadow")
    stack.run("deploy", SAMPLED, "--shadow", "--share", str(SHARE))
