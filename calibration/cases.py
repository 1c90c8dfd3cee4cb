"""All cases by name, in the order of the page."""

from collections.abc import Mapping

from . import blocks, limits, nothing_changed, promotion, shifts, slices
from .case import Case

CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        *nothing_changed.CASES,
        *limits.CASES,
        *slices.CASES,
        *blocks.CASES,
        *promotion.CASES,
        *shifts.CASES,
    )
}
