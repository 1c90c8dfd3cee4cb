"""Every comparison there was, as rows or as objects."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from understudy.cli.output import moment

if TYPE_CHECKING:
    from understudy.log.comparisons import KeptComparison

HEADER = ("from", "to", "live", "shadow", "aim", "verdict")


def row(kept: "KeptComparison") -> tuple[str, ...]:
    """Return what a comparison shows under the header."""
    ended = "now" if kept.ended_at is None else moment(kept.ended_at)
    word = "–" if kept.verdict is None else str(kept.verdict["verdict"])
    sides = ":".join(kept.live), ":".join(kept.shadow)
    return (moment(kept.started_at), ended, *sides, str(kept.policy.get("aim")), word)


def as_objects(kept: "Sequence[KeptComparison]") -> list[dict[str, Any]]:
    """Return the comparisons as JSON objects."""
    return [vars(comparison) for comparison in kept]
