"""What a search for slices gives: a slice, what one look found, and what all looks say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .finding import Interval
from .jsonable import as_json


@dataclass(frozen=True)
class Slice:
    """
    One named part of the traffic, with the figures of half B alone.

    `conditions` are pairs of a column and what its value fulfils: "= OldTown", "in 10 to 20".
    `effect` is the change of the mean loss relative to live's (0/1 loss: absolute) with `interval`;
    where the models are apart there is none, and `interval` is that of `disagreement`: mean |d|, or
    the share of differing labels. `p_adjusted` accounts for the slices tested and for all looks.
    `examples` are "REQUEST_ID/INSTANCE_NO" of the widest disagreements.
    """

    name: str
    conditions: tuple[tuple[str, str], ...]
    units: int
    rows: int
    live_loss: float | None
    shadow_loss: float | None
    effect: float | None
    interval: Interval | None
    p_value: float | None
    p_adjusted: float | None
    is_bad: bool
    disagreement: float | None
    examples: tuple[str, ...]


@dataclass(frozen=True)
class SliceLook:
    """
    What one look found, stored once.

    `candidates` slices had enough units in half A and, with `outcome_units` units whose outcome is
    known, were searched for losses; without outcomes, for disagreement.
    """

    number: int
    units: int
    outcome_units: int
    candidates: int
    tested: tuple[Slice, ...]
    apart: tuple[Slice, ...]

    def to_json(self) -> dict[str, Any]:
        """Gives the look as a JSON object that `from_json` reads back to the last bit."""
        result: dict[str, Any] = as_json(self)
        return result

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "SliceLook":
        """Reads a stored look."""
        tested, apart = (tuple(map(_read, given[name])) for name in ("tested", "apart"))
        return cls(**{**given, "tested": tested, "apart": apart})


@dataclass(frozen=True)
class SliceReport:
    """What all looks so far say: `worst` first those confirmed as bad, then by how suspicious."""

    look: int
    units: int
    candidates: int
    worst: tuple[Slice, ...]
    apart: tuple[Slice, ...]
    note: str

    @property
    def bad(self) -> tuple[Slice, ...]:
        """The slices confirmed as bad at any look."""
        return tuple(part for part in self.worst if part.is_bad)

    def to_json(self) -> dict[str, Any]:
        """Gives the report as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return result


def _read(given: Mapping[str, Any]) -> Slice:
    ends = given["interval"]
    return Slice(
        **{
            **given,
            "conditions": tuple((column, part) for column, part in given["conditions"]),
            "interval": None if ends is None else (ends[0], ends[1]),
            "examples": tuple(given["examples"]),
        }
    )
