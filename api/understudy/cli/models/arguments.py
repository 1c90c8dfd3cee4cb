"""What `package_model` is called with: what a source gives, what files hold, what options say."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from understudy.cli.models.source import read_source
from understudy.cli.models.table import DataFiles, read_table
from understudy.cli.rows import read_rows
from understudy.errors import UsageError

OUT = Path("packaged")
# The options that are an argument of `package_model` under the same name.
SAID = (
    "name", "version", "out", "task", "target", "time_column", "unit", "positive", "carried",
    "seed", "description", "intended_use", "limitations", "gates", "key",
)  # fmt: skip
_DATA = "--train, --test and --target"
# How a person can say what has to be known.
NEEDED = {
    "estimator": "an estimator",
    "name": "--name",
    "version": "--version",
    **dict.fromkeys(("X_train", "y_train", "X_test", "y_test"), _DATA),
}


def gather_arguments(source: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the arguments of `package_model`; an option wins over a file, a file over the source.

    Raises UsageError if they are not complete, and what reading the source and the files raises.
    """
    files = data_files(options)
    given = _schema(options["schema_file"]) | _quiz(options["quiz_file"], options["missing"])
    # Quick to read and so read first: training may take its time before a file turns out wrong.
    rows = files.read(given.get("schema_overrides", {})) if files else {}
    arguments = {"out": OUT} | read_source(source) | rows | given | said(options)
    for name, how in NEEDED.items():
        if name not in arguments:
            raise UsageError(f"{source} gives no {name}: say {how}, or let its function return it.")
    return arguments


def said(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the options say under the names that `package_model` gives it."""
    return {name: options[name] for name in SAID if options.get(name) not in (None, ())}


def read_waivers(gates: tuple[str, ...], reasons: tuple[str, ...]) -> dict[str, str]:
    """Join each `--override` with the `--reason` in the same place; raises UsageError."""
    if len(gates) != len(reasons):
        alone = (
            f"--override {gates[len(reasons)]} has no --reason"
            if len(gates) > len(reasons)
            else f"--reason {reasons[len(gates)]!r} has no --override"
        )
        raise UsageError(f"{alone}: every gate that is overruled needs its own, in the same order.")
    if doubled := sorted({gate for gate in gates if gates.count(gate) > 1}):
        raise UsageError(f"--override {doubled[0]} is said more than once.")
    return dict(zip(gates, reasons, strict=True))


def data_files(options: Mapping[str, Any]) -> DataFiles | None:
    """Return the files that the options name; raises UsageError if they name some alone."""
    train, test, target = options["train"], options["test"], options["target"]
    if train is None and test is None:
        return None
    if train is None or test is None or target is None:
        raise UsageError(f"Rows from files need all three of {_DATA}.")
    return DataFiles(train, test, target, options["missing"])


def _schema(path: Path | None) -> dict[str, Any]:
    from understudy.packaging.schema_overrides import FieldUnfit, read_overrides

    try:
        return {} if path is None else {"schema_overrides": read_overrides(path)}
    except FieldUnfit as error:
        raise UsageError(f"--schema {path}: {error}.") from error


def _quiz(path: Path | None, missing: tuple[str, ...]) -> dict[str, Any]:
    if path is None:
        return {}
    # JSON leaves a key out; a frame would have a null there.
    is_json = path.suffix == ".jsonl"
    return {"quiz": list(read_rows(path)) if is_json else read_table(path, missing, ())}
