"""Training code is run as its author would run it, and fails where its author can see it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.cli.models.training_code import run_training
from understudy.errors import TrainingFailed, UsageError


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no module of one test be found by the next."""
    modules = set(sys.modules)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name in set(sys.modules) - modules:
        del sys.modules[name]


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Return a file of training code with one function."""
    path = tmp_path / "training.py"
    path.write_text("def train():\n    return {'name': 'a'}\n")
    return path


def test_a_function_of_a_file_is_called(code: Path) -> None:
    """What it returns comes back."""
    assert run_training(f"{code}:train") == {"name": "a"}


def test_a_file_finds_its_neighbours(code: Path) -> None:
    """Its folder is on the path, as when Python runs it."""
    (code.parent / "neighbour.py").write_text("NAME = 'b'\n")
    code.write_text("from neighbour import NAME\ndef train():\n    return NAME\n")
    assert run_training(f"{code}:train") == "b"


def test_what_stands_under_main_is_not_run(code: Path) -> None:
    """A file that can be run as a program is only imported."""
    code.write_text(
        "if __name__ == '__main__':\n    raise ValueError\ndef train():\n    return 1\n"
    )
    assert run_training(f"{code}:train") == 1


def test_a_file_never_hides_an_installed_module(code: Path) -> None:
    """A file called json.py is read beside the module of that name, not in its place."""
    renamed = code.rename(code.with_name("json.py"))
    assert run_training(f"{renamed}:train") == {"name": "a"}
    assert sys.modules["json"].__file__ != str(renamed)
    assert "json_file" in sys.modules


def test_a_file_is_read_anew_each_time(code: Path) -> None:
    """Under the same name, whatever it was before."""
    assert run_training(f"{code}:train") == {"name": "a"}
    code.write_text("def train():\n    return 2\n")
    assert run_training(f"{code}:train") == 2
    assert "training_file" not in sys.modules


def test_a_file_that_could_be_imported_keeps_its_name(
    code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m understudy` has the working directory on its path."""
    monkeypatch.syspath_prepend(code.parent)
    assert run_training(f"{code}:train") == {"name": "a"}
    assert "training_file" not in sys.modules


def test_a_function_of_a_module_is_called(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module is found in the working directory or among what is installed."""
    monkeypatch.chdir(code.parent)
    assert run_training("training:train") == {"name": "a"}
    assert isinstance(run_training("platform:system"), str)


def test_a_class_without_a_signature_is_called_too() -> None:
    """Whatever can be called without arguments may stand there."""
    assert run_training("builtins:dict") == {}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("missing.py:train", "There is no file missing.py"),
        ("no_such_module:train", "There is no module 'no_such_module'"),
        ("no.such.module:train", "There is no module 'no.such.module'"),
        (":train", "There is no module ''"),
        ("{code}:trian", "no function 'trian'; did you mean 'train'?"),
        ("{code}:zzz", "no function 'zzz'; it has train."),
        ("{code}:", "no function ''"),
        ("builtins:len", "needs arguments"),
    ],
)
def test_what_is_not_there_is_an_error_of_usage(code: Path, source: str, says: str) -> None:
    """And the nearest that is there is named."""
    with pytest.raises(UsageError) as raised:
        run_training(source.format(code=code))
    assert says in str(raised.value)


def test_an_error_is_shown_where_it_happened_in_the_persons_own_files(code: Path) -> None:
    """Neither our own frames nor those of libraries are in the way."""
    code.write_text("import json\n\ndef train():\n    return json.loads('{')\n")
    with pytest.raises(TrainingFailed) as raised:
        run_training(f"{code}:train")
    first, *places = str(raised.value).splitlines()
    assert first.startswith(f"train() of {code} raised JSONDecodeError: Expecting property name")
    assert places == [f"  {code}, line 4, in train", "    return json.loads('{')"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("def train(:\n", "raised SyntaxError"),
        ("import no_such_library\n", "raised ModuleNotFoundError: No module named"),
        ("import sys\nsys.exit(3)\n", "raised SystemExit: 3"),
        ("raise KeyboardInterrupt\n", None),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(
    code: Path, content: str, says: str | None
) -> None:
    """Even an exit is a failure here; only Ctrl-C is passed on."""
    code.write_text(content)
    with pytest.raises(TrainingFailed if says else KeyboardInterrupt) as raised:
        run_training(f"{code}:train")
    assert str(raised.value).find(says or "") >= 0
