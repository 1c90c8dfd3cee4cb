"""What a judgement rests on: as it was kept, or taken again from nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.comparison.fold import INPUTS, OUTPUTS, Folded
from understudy.comparison.looks import Look
from understudy.comparison.slices import SliceLook
from understudy.log import comparisons, folded_work, kept_looks
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection
from understudy.review.by_unit import unit_looks
from understudy.review.folding import Folder, read_folded
from understudy.review.looks import SELECTION, SLICES, in_order, read_looks, read_slice_looks
from understudy.review.outcome_looks import selection_looks, slice_looks
from understudy.review.sides import Sides

Advance = Callable[[int], None]


def unseen(_: int) -> None:
    """Keep no account of how far it is."""


@dataclass(frozen=True)
class Moment:
    """When a look was taken: with how many folds and up to which outcome."""

    family: str
    number: int
    folds: int
    last_outcome: int


@dataclass(frozen=True, eq=False)
class Basis:
    """
    A comparison with everything that was folded in, every look, the newest outcome, and how many
    instances waited.

    `moments` say when each look at outcomes was taken, and by a field each look at columns as well;
    by requests these fall due in the middle of a fold, on exactly their units.
    """

    kept: KeptComparison
    folded: Folded
    last_outcome: int
    waiting: int
    looks: Mapping[str, list[Look]] = field(default_factory=dict)
    slices: list[SliceLook] = field(default_factory=list)
    moments: tuple[Moment, ...] = ()

    def looks_to_json(self) -> dict[str, Any]:
        """Return what every look found."""
        found = {name: [look.to_json() for look in looks] for name, looks in self.looks.items()}
        return found | {SLICES: [look.to_json() for look in self.slices]}


def read_basis(connection: Connection, kept: KeptComparison) -> Basis:
    """Return the basis as it was kept."""
    rows = kept_looks.read_looks(connection, kept.id)
    moments = {
        (row.family, row.number): Moment(row.family, row.number, row.folds, row.last_outcome)
        for row in rows
        if row.folds is not None and row.last_outcome is not None
    }
    return Basis(
        kept=kept,
        folded=read_folded(connection, kept),
        last_outcome=kept_looks.last_outcome(connection, kept.endpoint),
        waiting=folded_work.count_waiting(connection, kept),
        looks=read_looks(connection, kept),
        slices=read_slice_looks(connection, kept),
        moments=tuple(moments.values()),
    )


def take_again(
    connection: Connection, sides: Sides, kept: KeptComparison, then: Basis, advance: Advance
) -> Basis:
    """
    Fold every fold that `kept` counts anew, and take each look again at its own moment.

    Of `then` only the moments, the newest outcome and the number that waited are believed.
    """
    folder = Folder(sides)
    folded, looks = Folded(), dict[str, list[Look]]()
    for number in range(1, kept.folds + 1):
        folded, new, _ = folder.take(connection, kept, folded, number)
        for family, look in new:
            if look.findings:  # where nothing can be checked no row is kept either
                looks.setdefault(family, []).append(in_order(look))
        advance(1)
    looks |= _unit_looks(connection, sides, kept, then.moments)
    slices, selected = _outcome_looks(connection, sides, kept, then.moments)
    if selected:
        looks[SELECTION] = selected
    return Basis(kept, folded, then.last_outcome, then.waiting, looks, slices, then.moments)


def _unit_looks(
    connection: Connection, sides: Sides, kept: KeptComparison, moments: Iterable[Moment]
) -> dict[str, list[Look]]:
    """Take the looks at columns by a field again; those of one moment with one reading."""
    due = dict[int, set[tuple[str, int]]]()
    for moment in moments:
        if moment.family in (INPUTS, OUTPUTS):
            due.setdefault(moment.folds, set()).add((moment.family, moment.number))
    if not due:
        return {}
    looks = dict[str, list[Look]]()
    for folds, places in sorted(due.items()):
        then = comparisons.at_fold(kept, folds)
        for name, found in unit_looks(connection, sides, then, looks).items():
            again = [in_order(look) for look in found if (name, look.number) in places]
            if again:
                looks[name] = [*looks.get(name, []), *again]
    return looks


def _outcome_looks(
    connection: Connection, sides: Sides, kept: KeptComparison, moments: Iterable[Moment]
) -> tuple[list[SliceLook], list[Look]]:
    slices, selected = list[SliceLook](), list[Look]()
    for moment in sorted(moments, key=lambda moment: (moment.family, moment.number)):
        then = comparisons.at_fold(kept, moment.folds)
        newest, number = moment.last_outcome, moment.number
        if moment.family == SLICES:
            taken = slice_looks(connection, sides, then, newest, slices)
            slices += [look for look in taken if look.number == number]
        elif moment.family == SELECTION:
            found = selection_looks(connection, sides, then, newest, selected)
            selected += [in_order(look) for look in found if look.number == number]
    return slices, selected
