"""`understudy models` names its commands without loading them, and finds each that it names."""

import subprocess
import sys

import click
import pytest

from understudy.cli.models import models

HEAVY = ("numpy", "pandas", "sklearn", "scipy", "matplotlib", "pyarrow", "cryptography", "fsspec")


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", models.list_commands(click.Context(models)))
def test_every_command_that_is_listed_is_there(name: str) -> None:
    """And says what it does."""
    context = click.Context(models)
    command = models.get_command(context, name)
    assert command is not None
    assert command.name == name
    assert command.help
    assert models.get_command(context, f"{name}s") is None


def test_listing_the_commands_loads_nothing_heavy() -> None:
    """One line each, at once; without a command this is a usage error, as everywhere."""
    code = (
        "import sys; from understudy.cli import main\n"
        "try: main(['models'])\n"
        "except SystemExit as ending: print(ending.code)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ending = python(code)
    assert ending.stdout.splitlines()[-2:] == ["64", "[]"]
    listed = (ending.stdout + ending.stderr).split("Commands:")[1]
    for name in models.list_commands(click.Context(models)):
        assert f"  {name} " in listed


def test_packaging_loads_matplotlib_only_to_draw() -> None:
    """It takes a second, and nothing but a card needs it."""
    code = "import sys, understudy.packaging.package; print('matplotlib' in sys.modules)"
    assert python(code).stdout == "False\n"
