"""Material sizes: from which size on a change of a column matters."""

from dataclasses import dataclass

from .finding import Finding


@dataclass(frozen=True)
class Sizes:
    """From which size on a change matters, per kind of effect."""

    gap: float = 0.10
    level_share: float = 0.05
    share: float = 0.02
    tail: float = 0.01


def material_size(finding: Finding, sizes: Sizes | None = None) -> float:
    """Gives the size from which on an effect of this kind matters."""
    sizes = sizes or Sizes()
    if finding.finding == "tail":
        return sizes.tail
    if finding.finding != "distribution":
        return sizes.share
    return sizes.gap if finding.effect_name == "D" else sizes.level_share
