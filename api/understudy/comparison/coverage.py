"""Coverage: where every recorded instance went."""

from dataclasses import dataclass
from typing import Any

from understudy.errors import CoverageMismatch

from .jsonable import as_json


@dataclass(frozen=True)
class Coverage:
    """
    The accounting of one shadow, in instances.

    recorded = compared + sampled_out + skipped + failed + excluded + waiting, to the row; raises
    CoverageMismatch otherwise. `due` are those that should have been compared by now.
    """

    recorded: int
    compared: int
    sampled_out: int = 0
    skipped: int = 0
    failed: int = 0
    excluded: int = 0
    waiting: int = 0

    def __post_init__(self) -> None:
        for name, count in self._parts().items():
            if count < 0:
                raise CoverageMismatch(f"the number of {name} instances", 0, count)
        total = sum(self._parts().values())
        if total != self.recorded:
            raise CoverageMismatch("the sum of all parts", self.recorded, total)

    def _parts(self) -> dict[str, int]:
        return {
            "compared": self.compared,
            "sampled_out": self.sampled_out,
            "skipped": self.skipped,
            "failed": self.failed,
            "excluded": self.excluded,
            "waiting": self.waiting,
        }

    def plus(self, other: "Coverage") -> "Coverage":
        """Gives the accounting of both, which must be of different instances."""
        return Coverage(
            **{
                name: getattr(self, name) + getattr(other, name)
                for name in ("recorded", *self._parts())
            }
        )

    @property
    def due(self) -> int:
        """Instances that should have been compared by now."""
        return self.compared + self.skipped + self.failed

    @property
    def unmatched(self) -> int:
        """Instances that should have been compared and were not."""
        return self.skipped + self.failed

    @property
    def shares(self) -> dict[str, float]:
        """Each part as a share of what was recorded."""
        return {name: count / max(1, self.recorded) for name, count in self._parts().items()}

    def to_json(self) -> dict[str, Any]:
        """Gives counts and shares as a JSON object."""
        return {**as_json(self), "due": self.due, "shares": as_json(self.shares)}


@dataclass(frozen=True)
class Segment:
    """The closed work of a time in which one share of the requests was sampled."""

    share: float
    instances: int
    scored: int
    sampled_out: int
    skipped: int
    failed: int
