"""What a person says of a file of pairs on the command line."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Asked:
    """
    The columns of a file of pairs, and how to take them.

    `live` and `shadow` hold predictions, labels, or probabilities of `positive`. Without a `unit`
    every row counts by itself; without a `time` rows came in the order of the file.
    """

    live: str
    shadow: str
    outcome: str | None = None
    slices: tuple[str, ...] = ()
    unit: str | None = None
    time: str | None = None
    task: str | None = None
    positive: str | None = None
    threshold: float = 0.5
    live_label: str | None = None
    shadow_label: str | None = None
    missing: Collection[str] = ("",)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that has to be read, once."""
        named = (
            self.live, self.shadow, self.outcome, self.unit, self.time,
            self.live_label, self.shadow_label, *self.slices,
        )  # fmt: skip
        return tuple(dict.fromkeys(name for name in named if name is not None))


@dataclass(frozen=True)
class Terms:
    """What a person asks of the shadow; what is None comes from the policy file or its defaults."""

    policy_file: Path | None = None
    aim: str | None = None
    loss: str | None = None
    loss_margin: float | None = None
    margin: float | None = None
    tolerance: float | None = None
