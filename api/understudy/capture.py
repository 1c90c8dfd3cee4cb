"""Capture policies: what of each field of an instance is recorded, and what is left out."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, Literal, Self

from understudy.errors import CaptureInvalid

How = Literal["keep", "drop", "hash", "bucket"]

_WORDS: tuple[How, ...] = ("keep", "drop", "hash")
_KEYS = ("default", "fields")
_MOST_EDGES = 1000


@dataclass(frozen=True, slots=True)
class Handling:
    """
    What is done with one field before anything is written down.

    `keep` leaves it, `drop` leaves it out, `hash` puts a keyed digest in its place (equal for equal
    values), `bucket` the interval between two `edges` that a number lies in.
    """

    how: How = "keep"
    edges: tuple[float, ...] = ()

    @property
    def redacts(self) -> bool:
        """Whether what is recorded differs from what was sent."""
        return self.how != "keep"

    def to_json(self) -> object:
        """Return it as a capture policy spells it."""
        return {"bucket": list(self.edges)} if self.how == "bucket" else self.how


KEEP = Handling()


@dataclass(frozen=True)
class CapturePolicy:
    """
    How each field of an endpoint's instances is recorded.

    `default` is for the fields that `fields` does not name. With `output_only` the live model may
    read what is redacted: of such a model only the outputs can be compared.
    """

    fields: Mapping[str, Handling] = field(default_factory=dict)
    default: Handling = KEEP
    output_only: bool = False

    def handling(self, name: str) -> Handling:
        """Return what is done with a field."""
        return self.fields.get(name, self.default)

    def redacted(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of the fields that are not recorded as they are sent, in their order."""
        return tuple(name for name in names if self.handling(name).redacts)

    def keeping(self, names: Iterable[str]) -> Self:
        """Return the policy with these fields named, and kept, unless it names them already."""
        kept = {name: KEEP for name in names if name not in self.fields}
        return replace(self, fields={**self.fields, **kept}) if self.default.redacts else self

    def to_json(self) -> dict[str, object]:
        """Return the content of a file that says the same, and `output_only`."""
        return {
            "default": self.default.to_json(),
            "fields": {name: found.to_json() for name, found in sorted(self.fields.items())},
            "output_only": self.output_only,
        }

    @classmethod
    def from_json(cls, given: object) -> Self:
        """Read what `to_json` wrote, or the content of a file. Raises CaptureInvalid."""
        if not isinstance(given, Mapping):
            raise CaptureInvalid("content", "it must have the keys default and fields")
        content = {**given}
        output_only = content.pop("output_only", False)
        _check_keys(content)
        default = _read_word("default", content.get("default", "keep"))
        fields = content.get("fields") or {}
        if not isinstance(fields, Mapping):
            raise CaptureInvalid("fields", "it must name fields, such as Street: drop")
        read = {str(name): _read(str(name), found) for name, found in fields.items()}
        return cls(read, default, output_only is True)


@dataclass(frozen=True)
class Capture:
    """A capture policy in force: its number, which comes after that of the deployment before it."""

    id: int
    policy: CapturePolicy

    @property
    def title(self) -> str:
        """How it is named in sentences."""
        return f"the capture policy {self.id}"

    def to_json(self) -> dict[str, object]:
        """Return it as JSON content that `from_json` reads back."""
        return {"id": self.id, "policy": self.policy.to_json()}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises KeyError, TypeError or CaptureInvalid."""
        return cls(int(found["id"]), CapturePolicy.from_json(found["policy"]))


def _check_keys(content: Mapping[Any, Any]) -> None:
    for key in content:
        if key not in _KEYS:
            near = get_close_matches(str(key), _KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the keys are {' and '.join(_KEYS)}"
            raise CaptureInvalid(str(key), f"there is no such key; {hint}")


def _read(name: str, found: object) -> Handling:
    if not isinstance(found, Mapping):
        return _read_word(name, found)
    if [*found] != ["bucket"]:
        raise CaptureInvalid(name, "it must be keep, drop, hash, or bucket with its edges")
    return Handling("bucket", _read_edges(name, found["bucket"]))


def _read_word(name: str, found: object) -> Handling:
    for word in _WORDS:
        if found == word:
            return Handling(word)
    if found == "bucket":
        raise CaptureInvalid(name, "a bucket needs its edges, such as {bucket: [10, 20, 50]}")
    raise CaptureInvalid(name, f"it is {found!r}, but it must be {', '.join(_WORDS)} or a bucket")


def _read_edges(name: str, found: object) -> tuple[float, ...]:
    edges = found if isinstance(found, list) else []
    is_sound = all(
        isinstance(edge, int | float) and not isinstance(edge, bool) and math.isfinite(edge)
        for edge in edges
    )
    if not edges or not is_sound or len(edges) > _MOST_EDGES:
        raise CaptureInvalid(name, f"the edges of a bucket are 1 to {_MOST_EDGES} finite numbers")
    if any(low >= high for low, high in pairwise(edges)):
        raise CaptureInvalid(name, "the edges of a bucket must rise")
    return tuple(edges)
