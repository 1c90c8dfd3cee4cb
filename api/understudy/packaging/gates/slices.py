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
    Whole,
    excess_over_live,
    excess_over_others,
    whole_of,
)
from understudy.packaging.gates.slicing import Slice, find_slices
from understudy.packaging.gates.wording import exactly, figure, shown
from understudy.packaging.resampling import LEVEL

Floats = NDArray[np.float64]

ALPHA = 1 - LEVEL
MOST_LISTED = 50
SMALLEST_SHARE = 1e-12
# From bad to good: the order of the table.
STATUSES: tuple[GateStatus, ...] = ("refused", "warned", "passed")


@dataclass(frozen=True)
class Measured:
    """A slice with its mean losses and its tests; `ratio` is its loss by that of the others."""

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
    more than `ratio` times that of the rows outside of it, or, on the rows that are new to live
    too, more than live's by a `margin`. Each is a one-sided test; over all of them together, a
    model that serves no slice badly is refused with a probability of about 5 % (Holm 1979). A
    slice that leaves fewer than `least_rows` others is held against live alone, and one that holds
    all rows is told and not tested.
    """
    slices, least = find_slices(case), case.limits.slices.least_rows
    if not slices:
        return skipped("no column has levels by which the test rows could be sliced")
    untested = _Untested.find(slices, len(case.given.test), least)
    large = [one for one in slices if least <= one.rows < len(case.given.test)]
    live = None if case.live is None else case.live.scores_beside(case.test_scores)
    loss = common_loss(case.test_scores, *([] if live is None else [live]))
    theirs = None if live is None else row_losses(case.given, live, loss)
    found = _measured(case, large, loss, theirs)
    untested = replace(untested, alone=tuple(one.title for one in found if not one.tests))
    tested = [one for one in found if one.tests]
    if not tested:
        return skipped(
            f"there is no slice to test{untested.told}{_unmet(case)}", **untested.figures
        )
    ruling = _ruling(_judged(tested), loss, untested.figures | _overall(case, loss))
    return replace(ruling, summary=ruling.summary + untested.told + _unmet(case))


@dataclass(frozen=True)
class _Untested:
    """Titles of slices with fewer than `least` rows, with too few others, and with all rows."""

    least: int
    few: tuple[str, ...]
    whole: tuple[str, ...]
    alone: tuple[str, ...] = ()

    @classmethod
    def find(cls, slices: Sequence[Slice], rows: int, least: int) -> "_Untested":
        """Gather those that are known before anything is measured."""
        whole = tuple(one.title for one in slices if one.rows == rows)
        few = tuple(one.title for one in slices if one.rows < min(least, rows))
        return cls(least, few, whole)

    @property
    def figures(self) -> dict[str, object]:
        """How many there are of each, and which."""
        kinds = {"too_few": self.few, "too_few_others": self.alone, "all_rows": self.whole}
        figures: dict[str, object] = {}
        for name, titles in kinds.items():
            figures |= {name: len(titles), f"{name}_names": list(titles[:MOST_LISTED])}
        return figures

    @property
    def told(self) -> str:
        """The same in words, to be added to a summary."""
        kinds = {
            f"fewer than {self.least} rows": self.few,
            f"fewer than {self.least} others to be held against": self.alone,
            "all rows": self.whole,
        }
        counts = [(len(titles), what) for what, titles in kinds.items() if titles]
        return "".join(f"; {n} more {'has' if n == 1 else 'have'} {what}" for n, what in counts)


def _unmet(case: Case) -> str:
    """Say why no slice is held against the live version that was named."""
    return "" if case.live_problem is None else f"; none is held against live: {case.live_problem}"


def _overall(case: Case, loss: Loss) -> dict[str, object]:
    return {"mean_loss": figure(float(row_losses(case.given, case.test_scores, loss).mean()))}


def _measured(
    case: Case, slices: Sequence[Slice], loss: Loss, theirs: Floats | None
) -> list[Measured]:
    """Measure every slice of the test rows, where `theirs` are live's losses."""
    limits, live = case.limits.slices, case.live
    ours = row_losses(case.given, case.test_scores, loss)
    whole = whole_of(ours)
    measured = []
    for one in slices:
        inside, tests, live_loss = ours[one.places], [], None
        if whole.rows - one.rows >= limits.least_rows:
            tests.append(excess_over_others(inside, whole, limits.ratio, loss))
        if live is not None and theirs is not None:
            fresh = one.places[live.is_fresh[one.places]]
            if len(fresh) >= limits.least_rows:
                live_loss = float(theirs[fresh].mean())
                tests.append(excess_over_live(ours[fresh], theirs[fresh], limits.margin, loss))
        mean, ratio = float(inside.mean()), _ratio(inside, whole)
        measured.append(Measured(one.title, one.rows, mean, ratio, live_loss, tuple(tests)))
    return measured


def _ratio(inside: Floats, whole: Whole) -> float | None:
    """Return the mean loss of a slice by that of the others, None if the others lose nothing."""
    others = whole.mean_without(inside)
    # What rounding leaves of nought is nought.
    return float(inside.mean()) / others if others > SMALLEST_SHARE * whole.mean else None


def _judged(measured: Sequence[Measured]) -> list[Measured]:
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


def _ruling(measured: list[Measured], loss: Loss, more: dict[str, object]) -> Ruling:
    first, tests = measured[0], sum(len(one.tests) for one in measured)
    figures: dict[str, object] = {"loss": loss, "slices": len(measured), "tests": tests, **more}
    counts = {status: sum(one.status == status for one in measured) for status in STATUSES}
    figures |= {"refused": counts["refused"], "warned": counts["warned"]}
    story = _story(first, loss)
    if first.status == "refused":
        story = f"badly served: {counts['refused']} of {len(measured)} slices, the worst {story}"
    elif first.status == "warned":
        needed = first.worst.rows_needed(ALPHA / tests)
        figures["rows_needed"] = needed
        others = ", with others in proportion," if first.worst.over == "others" else ""
        story = (
            f"perhaps badly served, which is not shown: {counts['warned']} of {len(measured)}"
            f" slices, the worst {story}, and about {shown(needed, 2)} rows of it{others} would"
            " settle it"
        )
    else:
        story = f"badly served: none of {len(measured)} slices, the worst {story}"
    rows = tuple(one.as_row() for one in measured[:MOST_LISTED])
    return Ruling(first.status, story, figures, rows)


def _story(one: Measured, loss: Loss) -> str:
    """Describe a slice by the figures that tell most against it."""
    test = one.worst
    found = f"is {one.title} with {LOSS_NAMES[loss]} {exactly(test.loss)}"
    if test.over == "live" and one.live_loss is not None:
        return f"{found} against {exactly(one.live_loss)} of live ({test.rows:,} rows new to live)"
    times = "" if one.ratio is None else f", {shown(one.ratio)} times that of the others"
    return f"{found}{times} ({test.rows:,} rows)"
