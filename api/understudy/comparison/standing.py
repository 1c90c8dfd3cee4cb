"""Standing: every finding on one scale, in multiples of the size from which it matters."""

from dataclasses import dataclass

from .drift import DriftReport
from .finding import SCHEMA, Finding, magnitude
from .sizes import Sizes, material_size


@dataclass(frozen=True)
class Standing:
    """One finding whose effect and interval are divided by its material size: 1 is the limit."""

    finding: Finding
    effect: float
    low: float
    high: float


def standings(
    report: DriftReport, most: int | None = None, sizes: Sizes | None = None
) -> tuple[Standing, ...]:
    """
    Puts the findings that have an effect on one scale, alarms first, then the largest.

    `sizes` are those the report was made with.
    """
    limits = sizes or Sizes()
    placed = [
        _placed(finding, material_size(finding, limits))
        for finding in report.findings
        if finding.status != SCHEMA and finding.effect is not None
    ]
    placed.sort(key=lambda s: (not s.finding.alarm, -s.effect, s.finding.column, s.finding.finding))
    return tuple(placed[:most])


def _placed(finding: Finding, size: float) -> Standing:
    effect = abs(finding.effect or 0.0)
    low, high = magnitude(finding.interval) if finding.interval else (effect, effect)
    return Standing(finding, effect / size, low / size, high / size)
