"""Tables that stay within a width: long cells go on in the next line of their column."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import fill, wrap

import click

from understudy.cli.output import plain

WIDTH = 100
_GAP = "  "
_NARROWEST = 8


def print_columns(
    header: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()
) -> None:
    """Print rows in aligned columns of at most 100 signs altogether; `right` are figures."""
    for line in columns([header, *rows], right):
        click.echo(line)


def say(text: str) -> None:
    """Print a sentence, on as many lines as it needs."""
    click.echo(fill(plain(text), WIDTH, break_on_hyphens=False, break_long_words=False))


def columns(rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> Iterator[str]:
    """Yield the lines of a table, whose rows all have as many cells."""
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = _fitted([max(1, *map(len, column)) for column in zip(*cells, strict=True)])
    for row in cells:
        parts = [
            wrap(cell, width, break_on_hyphens=False) or [""]
            for cell, width in zip(row, widths, strict=True)
        ]
        for line in zip_longest(*parts, fillvalue=""):
            placed = [
                part.rjust(width) if column in right else part.ljust(width)
                for column, (part, width) in enumerate(zip(line, widths, strict=True))
            ]
            yield _GAP.join(placed).rstrip()


def _fitted(widths: list[int]) -> list[int]:
    """Take from the widest columns until all fit, or none can give more."""
    widths = list(widths)
    while sum(widths) + len(_GAP) * (len(widths) - 1) > WIDTH and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths
