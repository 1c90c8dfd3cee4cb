"""A table as a page shows it: texts and links, figures to the right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

_FIGURE = re.compile(r"[<−+–]? ?\d|–$|$|no interval yet$|none$")


@dataclass(frozen=True)
class Table:
    """
    Rows of cells under a caption; a cell that is not `Markup` is a text.

    `right` tells for each column whether it holds figures. The first cell names its row.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    note: str = ""


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
) -> Table:
    """Return a table; a column of nothing but figures stands to the right."""
    right = tuple(
        place > 0 and bool(rows) and all(_is_figure(row[place]) for row in rows)
        for place in range(len(head))
    )
    return Table(caption, tuple(head), tuple(map(tuple, rows)), right, note)


def _is_figure(cell: str) -> bool:
    return not isinstance(cell, Markup) and _FIGURE.match(cell) is not None


def link(text: str, *path: str, query: Mapping[str, str] | None = None) -> Markup:
    """Return a link to a page of ours; the parts of its path and query may hold anything."""
    return Markup(f'<a href="{escape(address(*path, query=query))}">{escape(text)}</a>')  # noqa: S704 - all parts are escaped


def address(*path: str, query: Mapping[str, str] | None = None) -> str:
    """Return the address of a page of ours."""
    where = "/" + "/".join(quote(part, safe=":") for part in path)
    return f"{where}?{urlencode(query)}" if query else where
