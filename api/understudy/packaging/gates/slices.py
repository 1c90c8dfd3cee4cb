"""The gate `slices`: no named part of the test rows may be served much worse than the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.vetting import GateStatus
from understudy.comparison.family import holm
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.losses import LOSS_NAMES, Loss, common_loss, row_losses
from understudy.packaging.gates.ruling import Ruling, skipped
from understudy.packaging.gates.slice_tests import (
    Excess,
    excess_over_all,
    excess_over_live,
    whole_of,
)
from understudy.packaging.gates.slicing import Slice, find_slices
from understudy.packaging.gates.wording import exactly, figure, shown
from understudy.packaging.resampling import LEVEL

Floats = NDArray[np.float64]

ALPHA = 1 - LEVEL
MOST_LISTED = 50
# From bad to good: the order of the table.
STATUSES: tuple[GateStatus, ...] = ("refused", "warned", "passed")


@dataclass(frozen=True)
class Measured:
    """A slice with its mean losses and its tests; `ratio` is its loss by that of all rows."""

    title: str
    rows: int
    loss: float
    ratio: float | None
    live_loss: float | None
    tests: tuple[Excess, ...]

    @property
    def status(self) -> GateStatus:
        """What is shown about this slice."""
        if any(test.is_shown for test in self.tests):
            return "refused"
        return "warned" if any(test.is_beyond for test in self.tests) else "passed"

    @property
    def worst(self) -> Excess:
        """The test that tells most against this slice."""
        return max(self.tests, key=lambda test: (test.is_shown, test.burden))

    def as_row(self) -> dict[str, object]:
        """Return the line of the table."""
        return {
            "slice": self.title,
            "rows": self.rows,
            "loss": figure(self.loss),
            "ratio": None if self.ratio is None else figure(self.ratio),
            "live_loss": None if self.live_loss is None else figure(self.live_loss),
            "status": self.status,
        }


def judge(case: Case) -> Ruling:
    """
    Refuse a model with a slice that is shown to be served badly.

    A slice is a level of a column (see `SliceLimits`). It is badly served when its mean loss is
    more than `ratio` times that of all rows, or, on the rows that are new to live too, more than
    live's by a `margin`. Each is a one-sided test; over all of them together, a model that serves
    no slice badly is refused with a probability of at most 5 % (Holm 1979).
    """
    slices, least = find_slices(case), case.limits.slices.least_rows
    if not slices:
        return skipped("no column has levels by which the test rows could be sliced")
    few = [one.title for one in slices if one.rows < least]
    small: dict[str, object] = {"too_few": len(few), "too_few_names": few[:MOST_LISTED]}
    large = [one for one in slices if one.rows >= least]
    if not large:
        return skipped(f"none of {len(few)} slices has {least} rows", **small)
    live = None if case.live is None else case.live.scores_beside(case.test_scores)
    loss = common_loss(case.test_scores, *([] if live is None else [live]))
    theirs = None if live is None else row_losses(case.given, live, loss)
    measured = _tested(_measured(case, large, loss, theirs))
    return _ruling(measured, loss, small, least)


def _measured(
    case: Case, slices: Sequence[Slice], loss: Loss, theirs: Floats | None
) -> list[Measured]:
    """Measure every slice of the test rows, where `theirs` are live's losses."""
    limits, live = case.limits.slices, case.live
    ours = row_losses(case.given, case.test_scores, loss)
    whole = whole_of(ours)
    measured = []
    for one in slices:
        tests, live_loss = [excess_over_all(ours[one.places], whole, limits.ratio, loss)], None
        if live is not None and theirs is not None:
            fresh = one.places[live.is_fresh[one.places]]
            if len(fresh) >= limits.least_rows:
                live_loss = float(theirs[fresh].mean())
                tests.append(excess_over_live(ours[fresh], theirs[fresh], limits.margin, loss))
        mean = tests[0].loss
        ratio = mean / whole.mean if whole.mean else None
        measured.append(Measured(one.title, one.rows, mean, ratio, live_loss, tuple(tests)))
    return measured


def _tested(measured: Sequence[Measured]) -> list[Measured]:
    """Judge all tests of all slices together; return the slices, the worst first."""
    adjusted = iter(holm(np.array([test.p_value for one in measured for test in one.tests])))
    judged = []
    for one in measured:
        tests = [
            replace(test, is_shown=bool(next(adjusted) <= ALPHA) and test.is_beyond)
            for test in one.tests
        ]
        judged.append(replace(one, tests=tuple(tests)))
    return sorted(judged, key=lambda one: (STATUSES.index(one.status), -one.worst.burden))


def _ruling(measured: list[Measured], loss: Loss, small: dict[str, object], least: int) -> Ruling:
    first, tests = measured[0], sum(len(one.tests) for one in measured)
    figures: dict[str, object] = {"loss": loss, "slices": len(measured), "tests": tests, **small}
    counts = {status: sum(one.status == status for one in measured) for status in STATUSES}
    figures |= {"refused": counts["refused"], "warned": counts["warned"]}
    story = _story(first, loss)
    if first.status == "refused":
        story = f"badly served: {counts['refused']} of {len(measured)} slices, the worst {story}"
    elif first.status == "warned":
        needed = first.worst.rows_needed(ALPHA / tests)
        figures["rows_needed"] = needed
        story = (
            f"perhaps badly served, which is not shown: {counts['warned']} of {len(measured)}"
            f" slices, the worst {story}, and about {shown(needed, 2)} rows of it would settle it"
        )
    else:
        story = f"badly served: none of {len(measured)} slices, the worst {story}"
    few = f"; {small['too_few']} more have fewer than {least} rows" if small["too_few"] else ""
    rows = tuple(one.as_row() for one in measured[:MOST_LISTED])
    return Ruling(first.status, story + few, figures, rows)


def _story(one: Measured, loss: Loss) -> str:
    """Describe a slice by the figures that tell most against it."""
    test = one.worst
    found = f"is {one.title} with {LOSS_NAMES[loss]} {exactly(test.loss)}"
    if test.over == "live" and one.live_loss is not None:
        return f"{found} against {exactly(one.live_loss)} of live ({test.rows:,} rows new to live)"
    times = "" if one.ratio is None else f", {shown(one.ratio)} times that of all"
    return f"{found}{times} ({test.rows:,} rows)"
