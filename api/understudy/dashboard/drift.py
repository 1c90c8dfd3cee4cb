"""The drift table: what moved between training and live traffic, worst first."""

from understudy.comparison.drift import DriftReport
from understudy.comparison.finding import Finding
from understudy.dashboard.sparklines import overlay, trend
from understudy.dashboard.table import Table, table, two_lines
from understudy.dashboard.wording import STATUSES
from understudy.presentation.numbers import p_value
from understudy.report import tables
from understudy.review.board import Moved

NOTE = (
    "Effects are in multiples of the size from which they matter: above 1, the dashed line, they"
    " do. The lines show the effect at each look; grey is the training sample, blue live traffic."
)


def moved(found: tuple[Moved, ...]) -> Table:
    """Show the largest changes with their course over the looks and their distributions."""
    rows = []
    for one in found:
        finding = one.standing.finding
        rows.append(
            (
                two_lines(finding.column, finding.finding),
                f"{figure(one.standing.effect)}×",
                trend(one.trend),
                overlay(one.shape),
                p_value(finding.p_adjusted),
                _status(finding),
            )
        )
    head = ("Feature", "Effect", "At each look", "Distribution", "Adjusted p", "Status")
    return table(f"The {len(rows)} largest changes of the inputs", head, rows, NOTE)


def every(report: DriftReport, caption: str) -> Table:
    """Show the figures of all findings."""
    return table(caption, *tables.findings(report.findings, len(report.findings)))


def figure(multiple: float) -> str:
    """Write a multiple with two digits that mean something."""
    return f"{multiple:.0f}" if multiple >= 10 else f"{multiple:.2g}"


def _status(finding: Finding) -> str:
    word = STATUSES[finding.status]
    return f"⚠ alarm, {word}" if finding.alarm else word
