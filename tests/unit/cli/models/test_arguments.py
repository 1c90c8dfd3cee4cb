"""Options win over files, files over what training code returns; what lacks is told."""

from pathlib import Path
from typing import Any

import pytest

from understudy.cli.models.arguments import gather_arguments, read_waivers
from understudy.errors import UsageError

CODE = """
def train():
    return {"estimator": 1, "name": "coded", "version": "1.0.0", "X_train": 1, "y_train": 2,
            "X_test": 3, "y_test": 4, "unit": "EUR", "out": "there"}
"""


@pytest.fixture
def source(tmp_path: Path) -> str:
    """Return training code that gives everything."""
    path = tmp_path / "arguments_code.py"
    path.write_text(CODE)
    return f"{path}:train"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Return a file of rows."""
    path = tmp_path / "rows.csv"
    path.write_text("area,price\n1,2\n")
    return path


def options(**told: object) -> dict[str, Any]:
    """Return the options of the command, of which most are not said."""
    silent = dict.fromkeys(("train", "test", "target", "schema_file", "quiz_file", "name"))
    return {**silent, "missing": ("",), "carried": (), **told}


def test_code_alone_is_enough(source: str) -> None:
    """It may return all that there is."""
    found = gather_arguments(source, options())
    assert (found["name"], found["out"], found["unit"]) == ("coded", "there", "EUR")


def test_an_option_wins_over_the_code(source: str) -> None:
    """Whatever the code says of the same."""
    found = gather_arguments(source, options(name="told", carried=("a", "b"), seed=0))
    assert (found["name"], found["carried"], found["seed"]) == ("told", ("a", "b"), 0)


def test_files_win_over_the_code(source: str, rows: Path) -> None:
    """The same code can be held against other rows."""
    found = gather_arguments(source, options(train=rows, test=rows, target="price"))
    assert found["X_train"].columns.tolist() == ["area"]
    assert found["y_test"].tolist() == [2]


def test_a_model_file_needs_a_name_and_rows(tmp_path: Path, rows: Path) -> None:
    """Each thing that lacks is told with the option that says it."""
    model = tmp_path / "model.onnx"
    model.touch()
    with pytest.raises(UsageError, match="gives no name: say --name"):
        gather_arguments(str(model), options())
    with pytest.raises(UsageError, match="gives no X_train: say --train, --test and --target"):
        gather_arguments(str(model), options(name="a", version="1.0.0"))
    found = gather_arguments(
        str(model), options(name="a", version="1.0.0", train=rows, test=rows, target="price")
    )
    assert (found["estimator"], found["out"]) == (model, Path("packaged"))


@pytest.mark.parametrize("told", [("train",), ("test",), ("train", "test"), ("train", "target")])
def test_rows_need_all_three_options(source: str, rows: Path, told: tuple[str, ...]) -> None:
    """Training rows without test rows are a mistake, not a wish."""
    with pytest.raises(UsageError, match="all three of --train, --test and --target"):
        gather_arguments(source, options(**dict.fromkeys(told, rows)))


def test_a_target_alone_is_a_name(source: str) -> None:
    """Code may give frames and leave it to the command line how the target is called."""
    assert gather_arguments(source, options(target="price"))["target"] == "price"


def test_schema_and_quiz_come_from_files(source: str, tmp_path: Path) -> None:
    """JSON lines as they are, so that a field may be absent; other files as frames."""
    schema, quiz = tmp_path / "schema.yaml", tmp_path / "quiz.jsonl"
    schema.write_text("area: {minimum: 0}\n")
    quiz.write_text('{"area": 1, "__expected__": 2, "__tolerance__": 1}\n{"__expected__": 3}\n')
    found = gather_arguments(source, options(schema_file=schema, quiz_file=quiz))
    assert found["schema_overrides"] == {"area": {"minimum": 0}}
    assert found["quiz"][1] == {"__expected__": 3}
    table = tmp_path / "quiz.csv"
    table.write_text("area,__expected__\n1,2\n")
    assert gather_arguments(source, options(quiz_file=table))["quiz"]["area"].tolist() == [1]


@pytest.mark.parametrize("content", ["- area\n", "area: 3\n", "area: {", "\ttab: 1"])
def test_a_schema_of_another_form_is_refused(source: str, tmp_path: Path, content: str) -> None:
    """Before the training runs."""
    path = tmp_path / "schema.yaml"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"schema\.yaml"):
        gather_arguments(source, options(schema_file=path))


def test_each_override_has_the_reason_in_its_place() -> None:
    """The first reason is for the first gate."""
    assert read_waivers(("live", "cost"), ("a", "b")) == {"live": "a", "cost": "b"}
    assert read_waivers((), ()) == {}


@pytest.mark.parametrize(
    ("gates", "reasons", "says"),
    [
        (("live",), (), "--override live has no --reason: every gate"),
        ((), ("why",), "--reason 'why' has no --override: every gate"),
        (("live", "live"), ("a", "b"), "--override live is said more than once"),
    ],
)
def test_unpaired_overrides_are_refused(
    gates: tuple[str, ...], reasons: tuple[str, ...], says: str
) -> None:
    """Nobody overrules a gate without saying why."""
    with pytest.raises(UsageError, match=says):
        read_waivers(gates, reasons)
