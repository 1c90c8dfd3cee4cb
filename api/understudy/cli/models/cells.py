"""Which cells of the files of rows are not what the rest of their column is."""

import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from understudy.cli.models.table import DataFiles
from understudy.cli.rows import numbered_rows, parse_number
from understudy.errors import ArtefactRefused

# How people and programs write that there is no value.
NO_VALUE = frozenset(
    ("", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "?", ".", "missing")
)


@dataclass
class _Tally:
    """How many cells of a column are numbers; `first` is line and content of one that is none."""

    numbers: int = 0
    others: int = 0
    first: tuple[int, object] = (0, None)
    nulls: set[str] = field(default_factory=set)

    def count(self, line: int, cell: object, is_number: bool) -> None:
        """Count a cell that is there."""
        self.numbers += is_number
        if not is_number:
            self.first = self.first if self.others else (line, cell)
            self.others += 1


def odd_cells(data: DataFiles, texts: Collection[str] = ()) -> dict[str, str]:
    """
    Return a sentence for each column of numbers in which a cell is none, by the column's name.

    A column is of numbers if most cells of the training rows are; `texts` are columns that are
    known to be text.
    """
    train, test = _tallies(data.train, data.missing), _tallies(data.test, data.missing)
    nulls = {null for tally in [*train.values(), *test.values()] for null in tally.nulls}
    found = {}
    for name, tally in train.items():
        if name in texts or tally.numbers <= tally.others:
            continue
        present = tally.numbers + tally.others
        told, path = f"{name} is a number in {tally.numbers} of {present} rows", data.train
        if not tally.others:
            told, path = f"{name} is a number in all rows of {data.train}", data.test
            tally = test.get(name, tally)  # noqa: PLW2901 - what it is held against
        if tally.others:
            found[name] = f"{told}; {_first(tally, path)}{_remedy(tally, path, nulls)}"
    return found


def explained(
    error: ArtefactRefused, data: DataFiles | None, arguments: Mapping[str, Any]
) -> ArtefactRefused:
    """
    Return a refusal that names the cells of files which may have caused it, if any.

    Rows that gates were asked about hold what they should, so that these refusals stay as they are.
    """
    if data is None or error.gates:
        return error
    overrides = arguments.get("schema_overrides") or {}
    is_known = isinstance(overrides, Mapping)
    texts = [n for n, c in overrides.items() if c.get("type") == "string"] if is_known else ()
    used = getattr(arguments["estimator"], "feature_names_in_", None)
    odd = {
        name: sentence
        for name, sentence in odd_cells(data, texts).items()
        if used is None or name in [*used, data.target]
    }
    if not odd or not any(_is_due(reason, odd, data.target) for reason in error.reasons):
        return error
    others = [reason for reason in error.reasons if not _is_due(reason, odd, data.target)]
    name, _, version = error.title.partition(":")
    return ArtefactRefused(name, version, [*(f"schema: {told}" for told in odd.values()), *others])


def at_line(reason: str, quiz: Path | None) -> str:
    """Return a reason with the line of a quiz's file in place of the number of its question."""
    found = re.match(r"quiz: question (\d+) (.*)", reason, re.DOTALL)
    if quiz is None or found is None:
        return reason
    for row, (line, _) in enumerate(numbered_rows(quiz)):
        if row == int(found[1]):
            return f"quiz: {_place(line, quiz)}: the question {found[2]}"
    return reason


def _tallies(path: Path, missing: Collection[str]) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    is_csv = path.suffix == ".csv"
    for line, row in numbered_rows(path):
        for name, cell in row.items():
            tally = tallies.setdefault(name, _Tally())
            if is_csv and cell in missing:
                tally.nulls.add(cell)
            elif cell is not None:
                tally.count(line, cell, _is_number(cell, is_csv))
    return tallies


def _is_number(cell: object, is_csv: bool) -> bool:
    if is_csv:
        return parse_number(str(cell)) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _first(tally: _Tally, path: Path) -> str:
    return f"{_place(tally.first[0], path)} holds {tally.first[1]!r}"


def _place(line: int, path: Path) -> str:
    return f"{'row' if path.suffix == '.parquet' else 'line'} {line} of {path}"


def _remedy(tally: _Tally, path: Path, nulls: Collection[str]) -> str:
    cell = str(tally.first[1])
    if path.suffix != ".csv" or cell.strip().casefold() not in NO_VALUE:
        return ""
    # What is said replaces what meant null before.
    said = " ".join(f"--missing {shlex.quote(text)}" for text in [cell, *sorted(nulls)])
    return f"; if that means no value, say {said}"


def _is_due(reason: str, odd: Collection[str], target: str) -> bool:
    """Tell whether a reason may come from one of these columns."""
    return any(map(reason.startswith, _beginnings(odd, target))) or any(
        reason.startswith("schema: ") and f" in {name}, first" in reason for name in odd
    )


def _beginnings(odd: Collection[str], target: str) -> Iterator[str]:
    yield "stable: on the "
    if target in odd:
        yield from ("y_train ", "y_test ")
    for name in odd:
        yield from (f"{name} (", f"schema_overrides of {name}: ", f"schema_overrides.{name}")
