"""The pictures a report may show at its top or in its sections, but not twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from understudy.comparison.compare import Comparison
from understudy.comparison.drift import DriftReport
from understudy.comparison.finding import Finding
from understudy.comparison.paths import Path
from understudy.comparison.series import Series, label_table
from understudy.presentation.numbers import percent
from understudy.report import basis, exhibits, narrative, parts, plots
from understudy.report.exhibits import Exhibit
from understudy.report.small import sparkline

SUBJECTS = {
    "difference": "The mean difference",
    "tolerance": "The share of pairs too far apart",
    "loss": "The change of the error",
}
NOTES = {
    "difference": (
        "The line is the mean so far, the band its confidence sequence: the intervals of all"
        " moments hold at once, so looking often costs nothing. Dashed: the margin of the policy."
    ),
    "tolerance": (
        "The line is the share so far, the band its confidence sequence. The whole band has to come"
        " below the dashed line."
    ),
    "loss": (
        "Below zero the shadow errs less. The band is the confidence sequence; all of it has to"
        " come below the dashed line (the margin of the policy) before the shadow counts as not"
        " worse."
    ),
}


@dataclass(frozen=True)
class Picture:
    """An exhibit under a name, by which it is known to have been shown."""

    name: str
    shown: Exhibit


@dataclass(frozen=True, eq=False)
class Pictures:
    """What can be drawn of a comparison."""

    found: Comparison
    paths: Sequence[Path]
    series: Series

    def decisive(self) -> Picture | None:
        """Draw the one picture that a verdict is seen in: a bad slice, the aim, or the labels."""
        is_bad = self.found.slices is not None and bool(self.found.slices.bad)
        if is_bad and (worst := self.worst()) is not None:
            return worst
        known = self.found.outcomes is not None and bool(self.found.outcomes.outcomes)
        order = ("loss", "difference") if self.found.policy.needs_outcomes and known else (
            "difference", "tolerance",
        )  # fmt: skip
        drawn = (self.development(name) for name in order)
        return next((picture for picture in drawn if picture is not None), None) or self.labels()

    def once(self, picture: Picture | None, shown: Picture | None) -> Exhibit:
        """Return a picture, or where it stands if it has been shown."""
        if picture is None:
            return Exhibit("")
        if shown is not None and picture.name == shown.name:
            subject = SUBJECTS.get(picture.name, "The picture of this")
            return exhibits.message(f"{subject} is drawn at the top, under “At a glance”.")
        return picture.shown

    def development(self, name: str) -> Picture | None:
        """Draw how an estimate and its interval came about."""
        path = next((path for path in self.paths if path.name == name), None)
        if path is None:
            return None
        guard = "not_worse" if name == "loss" else name
        of = "units with an outcome" if name == "loss" else "units"
        image = exhibits.plot(
            plots.development(path, self._label(name)),
            narrative.settled(self.found, guard, SUBJECTS[name]),
            NOTES[name],
            shows=f"{self._label(name)} after each number of units, with its interval",
            basis=basis.sequence(self.found, of, path.units[-1]),
        )
        return Picture(name, image)

    def worst(self) -> Picture | None:
        """Draw the error of the slices tested, or nothing where none was."""
        tested = self.found.slices.worst if self.found.slices else ()
        if not tested:
            return None
        margin = self.found.policy.slice_margin or 0.0
        loss = narrative.LOSSES[self.found.policy.loss or "absolute"]
        image = exhibits.plot(
            plots.slice_errors(tested, margin, f"change of the {loss} against live's"),
            parts.worst_title(self.found),
            "Right of zero the shadow errs more. Only an interval wholly right of the dashed line"
            f" (the slice margin of {percent(margin)}) makes a slice bad.",
            shows="Dots with intervals, one per slice, of the change of the error",
            basis=basis.slices(self.found),
        )
        return Picture("slices", image)

    def labels(self) -> Picture | None:
        """Draw how often each pair of labels came, or nothing without labels."""
        matrix = label_table(self.series)
        if matrix is None:
            return None
        image = exhibits.plot(
            plots.label_matrix(*matrix),
            narrative.labels(self.series),
            "Rows are live's labels, columns the shadow's; the darker, the larger the share of its"
            " row. Everything off the diagonal is a disagreement.",
            shows="Matrix of live's labels against the shadow's",
            basis=basis.drawn(self.found, int(matrix[1].sum())),
        )
        return Picture("labels", image)

    def _label(self, name: str) -> str:
        return {
            "difference": f"shadow − live ({self.found.measured_in or 'number'})",
            "tolerance": "share of pairs too far apart",
            "loss": "shadow's error against live's",
        }[name]


def histories(findings: Iterable[Finding], report: DriftReport) -> list[Exhibit]:
    """Draw the effect of each finding at each look."""
    found = []
    for finding in findings:
        name = f"{finding.column}: {finding.finding}"
        found.append(sparkline([look.effects.get(name) for look in report.history], name))
    return found
