"""Intended differences: where, what, why and since when two builds may differ."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path

from differential_tests.differences import Difference
from differential_tests.errors import FileInvalid
from differential_tests.pointers import is_match
from differential_tests.tolerances import read_yaml


@dataclass(frozen=True)
class Declaration:
    """
    One intended difference.

    `payload` and `model` are shell patterns, `output` a pattern of JSON pointers; `at_most`, where
    given, is the largest relative difference that is meant.
    """

    payload: str
    model: str
    output: str
    what: str
    reason: str
    since: str
    at_most: float | None = None

    @property
    def title(self) -> str:
        """The declaration as the report names it."""
        return f"{self.payload} · {self.model} · {self.output}"

    def covers(self, difference: Difference) -> bool:
        """Say whether a difference is the one that is meant."""
        is_there = (
            fnmatchcase(difference.payload, self.payload)
            and fnmatchcase(difference.model, self.model)
            and is_match(self.output, difference.pointer)
        )
        return is_there and (self.at_most is None or difference.relative <= self.at_most)

    def to_json(self) -> dict[str, object]:
        """Return the declaration as its file has it."""
        return asdict(self)


def read_declarations(path: Path) -> tuple[Declaration, ...]:
    """Read the declarations; raises FileInvalid for one that lacks its reason or anything else."""
    found = read_yaml(path) or []
    if not isinstance(found, list):
        raise FileInvalid(path, "as a whole", "a list of declarations is wanted")
    return tuple(_declaration(path, number, entry) for number, entry in enumerate(found, start=1))


def _declaration(path: Path, number: int, entry: object) -> Declaration:
    where = f"declaration {number}"
    if not isinstance(entry, Mapping):
        raise FileInvalid(path, where, f"a mapping is wanted, not {entry!r}")
    names = [spec.name for spec in fields(Declaration)]
    for key in entry:
        if key not in names:
            raise FileInvalid(path, where, f"{key!r} is not one of {', '.join(names)}")
    texts = {name: _text(path, where, name, entry.get(name)) for name in names[:-1]}
    if not texts["output"].startswith("/"):
        raise FileInvalid(path, where, "`output` must be a JSON pointer or a pattern of one")
    return Declaration(**texts, at_most=_at_most(path, where, entry.get("at_most")))


def _text(path: Path, where: str, name: str, value: object) -> str:
    if value is None or not str(value).strip():
        raise FileInvalid(path, where, f"`{name}` is missing")
    return str(value).strip()


def _at_most(path: Path, where: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise FileInvalid(path, where, f"`at_most` must be a number above 0, not {value!r}")
    return float(value)
