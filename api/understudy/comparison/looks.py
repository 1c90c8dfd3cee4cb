"""Looks: a family of checks measured now and then, and judged over all that was ever measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .checks import Check
from .family import holm
from .finding import (
    MATERIAL,
    NEED_MORE_DATA,
    NEGLIGIBLE,
    STABLE,
    UNSETTLED,
    Finding,
    magnitude,
)
from .sizes import Sizes, material_size
from .tallies import Tally

FIRST_LOOK = 100
ONLY = 0
"""The number of a look after which there is no other: it spends all of alpha."""


@dataclass(frozen=True)
class Look:
    """
    What a family of checks measured on exactly the first `units` units.

    Taken once and kept: what comes later, and who asks how often, changes nothing of it.
    """

    number: int
    units: int
    findings: tuple[Finding, ...]

    @property
    def weight(self) -> int:
        """What a p-value is multiplied by so that all looks together err with alpha: j(j + 1)."""
        return self.number * (self.number + 1) or 1

    def to_json(self) -> dict[str, Any]:
        """Gives the look as a JSON object that `from_json` reads back."""
        findings = [finding.to_json() for finding in self.findings]
        return {"number": self.number, "units": self.units, "findings": findings}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Look":
        """Reads what `to_json` gave."""
        findings = tuple(map(Finding.from_json, found["findings"]))
        return cls(found["number"], found["units"], findings)


def look_sizes(units: int) -> list[int]:
    """Gives the sizes 100, 200, 400, … at which looks are due among this many units."""
    sizes = []
    size = FIRST_LOOK
    while size <= units:
        sizes.append(size)
        size *= 2
    return sizes


def look_size(number: int) -> int:
    """Gives the number of units that look `number` uses, from 1 on."""
    return FIRST_LOOK << (number - 1)


def take_look(
    checks: Sequence[Check],
    tallies: Mapping[str, Tally],
    number: int,
    units: int,
    alpha: float,
) -> Look:
    """Measures every check once, with intervals at alpha/(M·j(j+1)), M the size of the family."""
    level = alpha / (max(1, len(checks)) * (number * (number + 1) or 1))
    return Look(number, units, tuple(check.at(tallies[check.column], level) for check in checks))


def glance(
    checks: Iterable[Check], tallies: Mapping[str, Tally], alpha: float
) -> tuple[Finding, ...]:
    """Gives the estimates before the first look is due; nothing is claimed with them."""
    return tuple(_too_early(check.at(tallies[check.column], alpha)) for check in checks)


def conclude(looks: Sequence[Look], alpha: float, sizes: Sizes | None = None) -> list[Finding]:
    """
    Judges the newest look by the smallest adjusted p of all of them: what once alarmed, alarms.

    q = min over looks of p·j(j+1), then Holm over the family. A check that an earlier look could
    not make counts with p = 1 there.
    """
    limits = sizes or Sizes()
    newest = looks[-1]
    places = [(found.column, found.finding) for found in newest.findings]
    spent, adjusted = np.full(len(places), np.inf), np.ones(len(places))
    since = np.zeros(len(places), dtype=np.int64)
    for look in looks:
        there = {(found.column, found.finding): found for found in look.findings}
        own = [there.get(place) for place in places]
        p_values = [1.0 if f is None or f.p_value is None else f.p_value for f in own]
        spent = np.minimum(spent, np.array(p_values) * look.weight)
        adjusted = holm(spent)
        matters = [f is not None and _is_half_material(f, limits) for f in own]
        alarming = (adjusted <= alpha) & np.array(matters, dtype=bool)
        since[alarming & (since == 0)] = look.units
    judged = [
        _with_status(f, material_size(f, limits), float(p), alpha)
        for f, p in zip(newest.findings, adjusted, strict=True)
    ]
    return [
        replace(f, alarm=True, note=f.note or _since(int(first), newest.units)) if first else f
        for f, first in zip(judged, since, strict=True)
    ]


def _is_half_material(finding: Finding, limits: Sizes) -> bool:
    return abs(finding.effect or 0.0) >= material_size(finding, limits) / 2


def _since(first: int, now: int) -> str:
    return "" if first == now else f"the alarm was raised at {first} units"


def _too_early(finding: Finding) -> Finding:
    return replace(
        finding,
        p_value=None,
        interval=None,
        status=NEED_MORE_DATA,
        note="the first look is not due",
    )


def _with_status(finding: Finding, size: float, adjusted: float, alpha: float) -> Finding:
    status, note = NEED_MORE_DATA, ""
    if finding.interval is not None:
        low, high = magnitude(finding.interval)
        significant = adjusted <= alpha
        status = _status(low, high, size, significant)
        if status == NEED_MORE_DATA and (finding.details.get("floor") or 0.0) > size:
            note = "reference too small: no amount of traffic can show that this is stable"
    elif finding.n_current == 0:
        note = "no present value"
    details = {key: value for key, value in finding.details.items() if key != "floor"}
    return replace(finding, p_adjusted=adjusted, status=status, note=note, details=details)


def _status(low: float, high: float, size: float, significant: bool) -> str:
    if low > size:
        return MATERIAL
    if significant:
        return NEGLIGIBLE if high <= size else UNSETTLED
    return STABLE if high <= size else NEED_MORE_DATA
