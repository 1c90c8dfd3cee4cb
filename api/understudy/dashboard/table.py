"""A table as a page shows it: texts and links, figures to the right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

LONG = 24
"""Cells of more letters than this may be broken into lines."""

_FIGURE = re.compile(r"[<−+–]? ?\d|–$|$|no interval yet$|none$")


@dataclass(frozen=True)
class Table:
    """
    Rows of cells under a caption; a cell that is not `Markup` is a text.

    `kinds` says of each column whether it holds a "figure", a "long" text, or neither (""). The
    first cell names its row.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    note: str = ""


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
) -> Table:
    """Return a table, with the kind of each of its columns."""
    kinds = tuple(_kind(place, [row[place] for row in rows]) for place in range(len(head)))
    return Table(caption, tuple(head), tuple(map(tuple, rows)), kinds, note)


def _kind(place: int, cells: Sequence[str]) -> str:
    if place and cells and all(map(_is_figure, cells)):
        return "figure"
    texts = [cell for cell in cells if not isinstance(cell, Markup)]
    return "long" if any(len(text) > LONG for text in texts) else ""


def _is_figure(cell: str) -> bool:
    return not isinstance(cell, Markup) and _FIGURE.match(cell) is not None


def link(text: str, *path: str, query: Mapping[str, str] | None = None) -> Markup:
    """Return a link to a page of ours; the parts of its path and query may hold anything."""
    return Markup(f'<a href="{escape(address(*path, query=query))}">{escape(text)}</a>')  # noqa: S704 - all parts are escaped


def address(*path: str, query: Mapping[str, str] | None = None) -> str:
    """Return the address of a page of ours."""
    where = "/" + "/".join(quote(part, safe=":") for part in path)
    return f"{where}?{urlencode(query)}" if query else where


def two_lines(first: str, second: str) -> Markup:
    """Return a cell of two lines, the second of less weight."""
    return Markup(f"{escape(first)}<br><small>{escape(second)}</small>")  # noqa: S704 - both are escaped
