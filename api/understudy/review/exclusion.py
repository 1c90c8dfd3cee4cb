"""Which pairs a shadow may not be judged on, because it was trained on what they hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import Manifest
from understudy.packaging.training_inputs import TrainingInputs, Values, training_inputs

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Excluded:
    """
    Which of n instances are excluded, and why; the reasons may both hold.

    `by_time`: served not later than the end of the training data. `by_input`: the input stands in
    the training data. `exploratory` are none of these, but were replayed for a shadow of which
    nobody knows when its training data ends: they may be shown, and carry no verdict.
    """

    by_time: Flags
    by_input: Flags
    exploratory: Flags

    @property
    def flags(self) -> Flags:
        """The instances that count as excluded."""
        return self.by_time | self.by_input

    @property
    def counts(self) -> dict[str, int]:
        """How many there are for each reason, for coverage and report."""
        return {
            "excluded": int(self.flags.sum()),
            "by_time": int(self.by_time.sum()),
            "by_input": int(self.by_input.sum()),
            "exploratory": int(self.exploratory.sum()),
        }


@dataclass(frozen=True, eq=False)
class Trained:
    """What is known of a shadow's training: its end in seconds since 1970, if known, its inputs."""

    end: float | None
    inputs: TrainingInputs

    def excluded(
        self,
        served_at: Floats,
        instances: Sequence[Mapping[str, object]],
        replayed: Flags | None = None,
    ) -> Excluded:
        """
        Say of each instance whether the shadow may be judged on it.

        `served_at` are seconds since 1970, `replayed` tells what came by a replay (none, if left
        out). All have one entry per instance.
        """
        return self._excluded(served_at, self.inputs.hold(instances), replayed)

    def excluded_columns(
        self, served_at: Floats, columns: Mapping[str, Values], replayed: Flags
    ) -> Excluded:
        """Say the same of instances that are given as columns; see `TrainingInputs`."""
        by_input = self.inputs.hold_columns(columns, len(served_at))
        return self._excluded(served_at, by_input, replayed)

    def _excluded(self, served_at: Floats, by_input: Flags, replayed: Flags | None) -> Excluded:
        nowhere = np.zeros(len(by_input), dtype=bool)
        by_time = nowhere if self.end is None else np.asarray(served_at) <= self.end
        is_unsure = nowhere if replayed is None or self.end is not None else np.asarray(replayed)
        return Excluded(by_time, by_input, is_unsure & ~by_input)


def trained(shadow: Artefact) -> Trained:
    """Gather what an artefact says of its training; read it once for many batches."""
    end = training_end(shadow.manifest)
    return Trained(None if end is None else end.timestamp(), training_inputs(shadow))


def training_end(manifest: Manifest) -> datetime | None:
    """Return the end of the day, or of the year, with which the training data ends, if known."""
    day = manifest.training.end
    if day is None:
        return None
    if re.fullmatch(r"\d{4}", day):
        return datetime(int(day) + 1, 1, 1, tzinfo=UTC)
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
    except ValueError:
        return None  # a time column of some other kind: nobody can say what was before it
