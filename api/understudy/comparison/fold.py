"""
Folding: closed work enters a comparison once, and is then known by its sums.

`Premises` are fixed when a comparison starts. `fold` takes what is known so far and a batch of new
rows, and gives what is known then, with the looks that fell due on the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from .blocks import Block, blocks_of, grouped
from .columns import Kind
from .coverage import Coverage
from .distinct import Distinct, Hashes, distinct
from .drift import Counts, DriftReport, report
from .evidence import Evidence
from .family import Family
from .looks import Look, glance, look_size, take_look
from .policy import Policy
from .rows import account, read_rows
from .tallies import Tally
from .traffic import Columns, Traffic, Training

INPUTS, OUTPUTS = "inputs", "outputs"
MOST_BLOCKS = 512
PER_FOLD = 4
NOTHING, NONE_SEEN = Coverage(0, 0), Distinct()


@dataclass(frozen=True, eq=False)
class Premises:
    """
    What a comparison is given before its first row: policy, reference columns, alpha.

    `policy` has its defaults filled. `families` are those of live's inputs and of its answers; none
    where the units come again in later batches, which cannot be counted then.
    """

    policy: Policy
    families: Mapping[str, Family]

    @classmethod
    def of(
        cls,
        policy: Policy,
        *,
        reference: Columns,
        kinds: Mapping[str, Kind],
        training: Training,
        held_out: Sequence[Any] | pd.Series,
        is_number: bool,
    ) -> Self:
        """Reads the training sample and live's own predictions on held-out rows."""
        inputs = Family.of(reference, kinds=kinds, training=training)
        families = {INPUTS: inputs}
        if len(held_out):
            kind: Kind = "numeric" if is_number else "categorical"
            answers = {"prediction": held_out}
            families[OUTPUTS] = Family.of(answers, kinds={"prediction": kind})
        return cls(policy, families)


@dataclass(frozen=True, eq=False)
class Batch:
    """
    Closed work: the pairs that were due, and everything live was asked and answered meanwhile.

    `pairs` carry the coverage. `outputs` has the one column `prediction`, of the same rows as
    `inputs`, and `hashes` one for each of these rows: equal for equal instances.
    """

    pairs: Evidence
    inputs: Traffic
    outputs: Traffic
    hashes: Hashes
    first_at: float | None
    last_at: float | None


@dataclass(frozen=True, eq=False)
class Folded:
    """Everything that was folded in so far; `units` are those of live's traffic."""

    units: int = 0
    coverage: Coverage = NOTHING
    blocks: tuple[Block, ...] = ()
    tallies: Mapping[str, Mapping[str, Tally]] = field(default_factory=dict)
    distinct: Distinct = NONE_SEEN
    looks: int = 0
    first_at: float | None = None
    last_at: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Gives it as a JSON object that `from_json` reads back."""
        return {
            "units": self.units,
            "coverage": vars(self.coverage),
            "blocks": [block.to_json() for block in self.blocks],
            "tallies": {
                family: {name: tally.to_json() for name, tally in columns.items()}
                for family, columns in self.tallies.items()
            },
            "distinct": self.distinct.to_json(),
            "looks": self.looks,
            "first_at": self.first_at,
            "last_at": self.last_at,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Reads what `to_json` gave."""
        tallies = {
            family: {name: Tally.from_json(tally) for name, tally in columns.items()}
            for family, columns in found["tallies"].items()
        }
        return cls(
            units=found["units"],
            coverage=Coverage(**found["coverage"]),
            blocks=tuple(map(Block.from_json, found["blocks"])),
            tallies=tallies,
            distinct=Distinct.from_json(found["distinct"]),
            looks=found["looks"],
            first_at=found["first_at"],
            last_at=found["last_at"],
        )


def fold(
    premises: Premises, so_far: Folded, batch: Batch
) -> tuple[Folded, tuple[tuple[str, Look], ...]]:
    """
    Adds a batch, and takes each look that falls due on exactly its number of units.

    The units of a batch must be whole and new. They arrive in the order of the batches, within one
    by the time they were served, then by id.
    """
    rows = read_rows(batch.pairs)
    new = blocks_of(rows, premises.policy, PER_FOLD) if rows.units.count else ()
    blocks = (*so_far.blocks, *new)
    added = replace(
        so_far,
        coverage=so_far.coverage.plus(account(batch.pairs, rows)),
        blocks=grouped(blocks, MOST_BLOCKS // 2) if len(blocks) > MOST_BLOCKS else blocks,
        distinct=so_far.distinct.merge(distinct(batch.hashes)),
        first_at=_end(min, so_far.first_at, batch.first_at),
        last_at=_end(max, so_far.last_at, batch.last_at),
    )
    return _count(premises, added, batch)


def _count(
    premises: Premises, so_far: Folded, batch: Batch
) -> tuple[Folded, tuple[tuple[str, Look], ...]]:
    """Counts the columns up to each look that is due, and what is left after the last one."""
    if INPUTS not in premises.families:
        return so_far, ()
    frames = {
        family: traffic.one_per_unit()
        for family, traffic in ((INPUTS, batch.inputs), (OUTPUTS, batch.outputs))
        if family in premises.families
    }
    rows = len(frames[INPUTS])
    done, looks = 0, []
    while done < rows:
        due = look_size(so_far.looks + 1)
        end = min(rows, done + due - so_far.units)
        so_far = _tallied(premises, so_far, {name: f[done:end] for name, f in frames.items()})
        done = end
        if so_far.units == due:
            so_far = replace(so_far, looks=so_far.looks + 1)
            looks += [(name, _look(premises, so_far, name)) for name in premises.families]
    return so_far, tuple(looks)


def _tallied(premises: Premises, so_far: Folded, frames: Mapping[str, pd.DataFrame]) -> Folded:
    tallies = {}
    for name, frame in frames.items():
        added = premises.families[name].tally(frame)
        before = so_far.tallies.get(name, {})
        tallies[name] = {
            column: before[column].merge(tally) if column in before else tally
            for column, tally in added.items()
        }
    return replace(so_far, tallies=tallies, units=so_far.units + len(frames[INPUTS]))


def _look(premises: Premises, so_far: Folded, family: str) -> Look:
    checks, tallies = premises.families[family].checks, so_far.tallies[family]
    return take_look(checks, tallies, so_far.looks, so_far.units, premises.policy.alpha)


def _end(choose: Any, first: float | None, second: float | None) -> float | None:
    known = [end for end in (first, second) if end is not None]
    return choose(known) if known else None


def folded_drift(
    premises: Premises, so_far: Folded, family: str, looks: Sequence[Look]
) -> DriftReport:
    """Reports on one family by all its looks, or by estimates where none was due yet."""
    known = premises.families[family]
    tallies = so_far.tallies.get(family) or known.tally(pd.DataFrame(index=np.arange(0)))
    alpha = premises.policy.alpha
    early = () if looks else glance(known.checks, tallies, alpha)
    repeated = so_far.distinct.repeated if family == INPUTS else 0
    counts = Counts(so_far.units, so_far.distinct.rows, repeated)
    return report(known, looks, counts, early=early, alpha=alpha)
