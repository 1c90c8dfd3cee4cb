"""How far an output may lie from the baseline's: one rule per output, the first that fits holds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from differential_tests.errors import FileInvalid
from differential_tests.pointers import is_match

Kind = Literal["relative", "absolute", "exact", "ignore"]
KINDS: tuple[Kind, ...] = ("relative", "absolute", "exact", "ignore")
EVERYTHING = "/**"
LOOSEST = 1e-3


@dataclass(frozen=True)
class Rule:
    """What holds for the outputs of a pattern; `limit` is 0 where nothing may differ."""

    output: str
    kind: Kind
    limit: float
    payload: str = "*"
    reason: str = ""

    @property
    def title(self) -> str:
        """The rule as the report names it."""
        where = self.output if self.payload == "*" else f"{self.output} of {self.payload}"
        return f"{where} ({self.kind}{f' {self.limit:g}' if self.limit else ''})"


@dataclass(frozen=True)
class Tolerances:
    """The rules in their order; the last one fits everything."""

    rules: tuple[Rule, ...]

    def rule_for(self, payload: str, pointer: str) -> Rule:
        """Return the first rule that fits."""
        return _first(self.rules, payload, pointer)


@lru_cache(maxsize=100_000)
def _first(rules: tuple[Rule, ...], payload: str, pointer: str) -> Rule:
    return next(
        rule
        for rule in rules
        if fnmatchcase(payload, rule.payload) and is_match(rule.output, pointer)
    )


def read_tolerances(path: Path) -> Tolerances:
    """Read the rules; raises FileInvalid for one that makes no sense or would hide too much."""
    found = read_yaml(path)
    if not isinstance(found, list) or not found:
        raise FileInvalid(path, "as a whole", "a list of rules is wanted")
    rules = tuple(_rule(path, number, entry) for number, entry in enumerate(found, start=1))
    last = rules[-1]
    if (last.output, last.kind, last.payload) != (EVERYTHING, "exact", "*"):
        raise FileInvalid(
            path, f"rule {len(rules)}",
            f"the last rule must be `output: {EVERYTHING}` with `exact: true`, so that an output"
            " nobody thought of cannot change in silence",
        )  # fmt: skip
    return Tolerances(rules)


def read_yaml(path: Path) -> Any:
    """Read a file of this folder; raises FileInvalid if it is missing or no YAML."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise FileInvalid(path, "as a whole", " ".join(str(error).split())) from error


def _rule(path: Path, number: int, entry: object) -> Rule:
    where = f"rule {number}"
    if not isinstance(entry, Mapping):
        raise FileInvalid(path, where, f"a mapping is wanted, not {entry!r}")
    for key in entry:
        if key not in ("output", "payload", *KINDS):
            raise FileInvalid(path, where, f"{key!r} is not a key of a rule")
    output = entry.get("output")
    if not isinstance(output, str) or not output.startswith("/"):
        raise FileInvalid(path, where, "`output` must be a JSON pointer or a pattern of one")
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        raise FileInvalid(path, where, f"exactly one of {', '.join(KINDS)} is wanted")
    limit, reason = _limit(path, where, kinds[0], entry[kinds[0]])
    return Rule(output, kinds[0], limit, str(entry.get("payload", "*")), reason)


def _limit(path: Path, where: str, kind: Kind, value: object) -> tuple[float, str]:
    if kind == "exact":
        if value is not True:
            raise FileInvalid(path, where, "`exact` can only be true")
        return 0.0, ""
    if kind == "ignore":
        if not isinstance(value, str) or not value.strip():
            raise FileInvalid(path, where, "`ignore` must say why the output is of no concern")
        return 0.0, value.strip()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    limit = float(value) if is_number else math.nan  # type: ignore[arg-type]
    if not 0 < limit <= LOOSEST:
        raise FileInvalid(
            path, where,
            f"`{kind}` must be a number above 0 and at most {LOOSEST:g} (write 1.0e-9, not 1e-9),"
            f" not {value!r}; what differs by more is an intended difference",
        )  # fmt: skip
    return limit, ""
