"""A comparison of two files in words and columns, for a terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from understudy.cli.figures_text import interval, number
from understudy.cli.files.table import Table
from understudy.cli.output import plain

if TYPE_CHECKING:
    from understudy.comparison import DriftReport, Finding
    from understudy.comparison.needed_looks import DriftNeeded

_HEADER = ("", "column", "finding", "effect", "", "interval", "adjusted p", "status", "test")
_QUIET = ("STABLE", "NEGLIGIBLE", "NEED_MORE_DATA")
_MOST_QUIET = 10
_MOST_REASONS = 8
_MOST_NEEDS = 3
_WIDEST = 32


def describe(
    report: "DriftReport",
    tables: Sequence[Table],
    remarks: Sequence[str],
    needed: "Sequence[DriftNeeded]" = (),
    *,
    wants_all: bool,
) -> Iterator[str]:
    """Yield the lines: what was compared, the findings with the alarms first, the verdict last."""
    reference, current = tables
    yield f"{_sized(current)} against {_sized(reference)}"
    if report.units != report.rows:
        yield f"{report.units:,} units, one row of each compared"
    yield from remarks
    yield ""
    yield from _table(report, wants_all=wants_all)
    yield (
        f"{_counted(len(report.alarms), 'alarm')} in {_counted(report.family, 'test')}; files that"
        f" do not differ raise any in at most {100 * report.alpha:.3g} % of cases"
    )
    yield ""
    yield f"Verdict: {report.verdict}"
    for reason in report.reasons[:_MOST_REASONS]:
        yield f"  {plain(reason)}"
    if len(report.reasons) > _MOST_REASONS:
        yield f"  … and {len(report.reasons) - _MOST_REASONS} more, see the table"
    if report.verdict in ("UNSETTLED", "NEED_MORE_DATA"):
        yield from (f"  {plain(one.sentence)}" for one in needed[-_MOST_NEEDS:])


def _table(report: "DriftReport", *, wants_all: bool) -> Iterator[str]:
    loud = [f for f in report.findings if f.alarm or f.status not in _QUIET]
    shown = report.findings if wants_all else loud or report.findings[:_MOST_QUIET]
    rows = [_HEADER, *map(_row, shown)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows if shown else ():
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
    rest = Counter(f.status for f in report.findings) - Counter(f.status for f in shown)
    if rest:
        counts = ", ".join(f"{count} {status}" for status, count in rest.most_common())
        yield f"and {counts} (--all lists them)"


def _row(finding: "Finding") -> tuple[str, ...]:
    name = plain(finding.column)
    return (
        "ALARM" if finding.alarm else "",
        name if len(name) <= _WIDEST else name[: _WIDEST - 1] + "…",
        finding.finding,
        finding.effect_name,
        number(finding.effect),
        "–" if finding.interval is None else interval(finding.interval),
        _p_value(finding.p_adjusted),
        finding.status,
        finding.test,
    )


def _sized(table: Table) -> str:
    return f"{table.path} ({_counted(table.rows, 'row')})"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _p_value(p: float | None) -> str:
    if p is None:
        return "–"
    return "< 1e-300" if p < 1e-300 else f"{p:.2g}"
