"""The table of a run, for people."""

from collections.abc import Sequence

from tests.chaos.result import Result

_HEADER = (
    "fault", "promise", "answered", "unanswered", "recorded", "shadow rows", "live errors",
    "slowest s", "recovery s", "",
)  # fmt: skip


def lines(results: Sequence[Result]) -> list[str]:
    """Return the lines of the table, and below it what was broken."""
    rows = [_HEADER, *map(_row, results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    told = ["  ".join(_padded(cell, width, number) for number, (cell, width)
            in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]  # fmt: skip
    for result in results:
        told += [f"BROKEN  {result.name}: {what}" for what in result.broken]
        for promise, cases in (result.figures.get("examples") or {}).items():
            told += [f"        {promise}: {', '.join(cases)}"] if result.broken else []
    return told


def line(result: Result) -> str:
    """Tell of one experiment while others still run."""
    kept = "kept" if result.is_kept else f"BROKEN: {'; '.join(result.broken)}"
    return f"{result.name} ({result.seconds:g} s): {kept}"


def _row(result: Result) -> tuple[str, ...]:
    known = result.figures
    failed, excused = known.get("unanswered_requests"), known.get("errors")
    return (
        result.fault,
        result.promise,
        _shown(known.get("answered")),
        _shown(failed),
        _shown(known.get("recorded")),
        _shown(known.get("shadow_rows")),
        _shown(excused),
        _shown(known.get("slowest_s")),
        _shown(known.get("recovery_s")),
        "kept" if result.is_kept else "BROKEN",
    )


def _shown(figure: float | None) -> str:
    return "—" if figure is None else f"{figure:,}"


def _padded(cell: str, width: int, number: int) -> str:
    return cell.ljust(width) if number < 2 or number == len(_HEADER) - 1 else cell.rjust(width)
