"""What a report shows beside its prose: figures, tables and messages, as plain HTML."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from matplotlib.figure import Figure

from understudy.presentation.canvas import WIDTH, to_svg

Rows = Sequence[Sequence[str]]

TERMS = (
    ("valid at any time", "confidence-sequence"),
    ("valid for one look", "one-look"),
    ("adjusted for", "looks"),
    ("units", "unit"),
)
"""Words of a basis, and where in "How to read this" they are explained."""

LONGEST_FIGURE = 35
_FIGURE = re.compile(r"[<−+–]? ?\d|–$|$|no interval yet$")


@dataclass(frozen=True)
class Exhibit:
    """A piece of HTML that a notebook shows as it is."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def plot(
    figure: Figure, title: str, note: str = "", *, shows: str = "", basis: str = ""
) -> Exhibit:
    """
    Show a figure under a title that says what it shows, with a note on how to read it.

    `shows` names the kind of picture for those who do not see it, `basis` what it rests on.
    """
    image = _image(figure, f"{shows}. {title}" if shows else title)
    return Exhibit(f"<figure>{_caption(title)}{image}{_note(note)}{_basis(basis)}</figure>")


def gallery(
    title: str, plots: Sequence[tuple[Figure, str]], note: str = "", *, basis: str = ""
) -> Exhibit:
    """Show small figures beside each other, each with its own title."""
    shown = "".join(
        f"<figure><figcaption>{escape(name)}</figcaption>"
        f"{_image(figure, f'{title}: {name}')}</figure>"
        for figure, name in plots
    )
    return Exhibit(
        f'<section class="shown">{_title(title)}<div class="gallery">{shown}</div>'
        f"{_note(note)}{_basis(basis)}</section>"
    )


def table(
    title: str,
    head: Sequence[str],
    rows: Rows,
    note: str = "",
    *,
    basis: str = "",
    drawn: tuple[str, Sequence[Exhibit]] | None = None,
) -> Exhibit:
    """Show a table; columns of figures stand to the right, a column of small pictures last."""
    name, pictures = drawn or ("", [])
    right = [
        bool(rows) and all(_is_figure(row[place]) for row in rows) for place in range(len(head))
    ]
    heads = "".join(
        _cell("th", name, end, ' scope="col"') for name, end in zip(head, right, strict=True)
    )
    if drawn:
        heads += _cell("th", name, False, ' scope="col"')
    body = "".join(
        "<tr>"
        + "".join(_cell("td", c, end) for c, end in zip(row, right, strict=True))
        + (f"<td>{pictures[place].html}</td>" if drawn else "")
        + "</tr>"
        for place, row in enumerate(rows)
    )
    return Exhibit(
        f'<section class="shown">{_title(title)}<div class="wide" tabindex="0" role="region"'
        f' aria-label="{escape(title)}"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{_note(note)}{_basis(basis)}</section>"
    )


def figures(cards: Sequence[tuple[str, str, str]]) -> Exhibit:
    """Show a row of single figures: what it is, the figure, what goes with it."""
    shown = "".join(
        f"<div><dt>{escape(name)}</dt><dd><b>{escape(value)}</b><span>{escape(more)}</span></dd></div>"
        for name, value, more in cards
    )
    return Exhibit(f'<dl class="cards">{shown}</dl>')


def verdict(word: str, sentence: str, *more: str) -> Exhibit:
    """Show the verdict in one sentence, its word first, and what it means."""
    name = escape(word)
    said = "".join(f"<p>{escape(text)}</p>" for text in more)
    first = f'<p class="headline"><strong>{name}:</strong> {escape(sentence)}</p>'
    return Exhibit(f'<section class="verdict {name}" aria-label="Verdict">{first}{said}</section>')


def explained(terms: Sequence[tuple[str, str, str]]) -> Exhibit:
    """Explain terms, each under an anchor of its own to which a basis links."""
    said = "".join(
        f'<div id="{anchor}"><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>'
        for anchor, term, text in terms
    )
    return Exhibit(f'<dl class="how">{said}</dl>')


def small(title: str, pictures: Sequence[tuple[str, Exhibit]], note: str = "") -> Exhibit:
    """Show many small pictures beside each other, each with its name."""
    shown = "".join(
        f"<figure><figcaption>{escape(name)}</figcaption>{picture.html}</figure>"
        for name, picture in pictures
    )
    return Exhibit(
        f'<section class="shown">{_title(title)}<div class="gallery small">{shown}</div>'
        f"{_note(note)}</section>"
    )


def points(title: str, sentences: Sequence[str]) -> Exhibit:
    """Show sentences as a list under a title, or nothing without any."""
    if not sentences:
        return Exhibit("")
    listed = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return Exhibit(f'<section class="shown">{_title(title)}<ul>{listed}</ul></section>')


def folded(summary: str, exhibit: Exhibit) -> Exhibit:
    """Keep something for those who want to open it."""
    return Exhibit(f"<details><summary>{escape(summary)}</summary>{exhibit.html}</details>")


def message(text: str) -> Exhibit:
    """Say why something is not shown, or one sentence that needs no figure."""
    return Exhibit(f'<p class="message">{escape(text)}</p>')


def _image(figure: Figure, alternative: str) -> str:
    svg = b64encode(to_svg(figure).encode()).decode()
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    full = ' class="full"' if figure.get_size_inches()[0] >= WIDTH else ""
    return (
        f'<img{full} src="data:image/svg+xml;base64,{svg}" alt="{escape(alternative)}"'
        f' width="{width}" height="{height}">'
    )


def _title(text: str) -> str:
    return f"<h3>{escape(text)}</h3>"


def _caption(text: str) -> str:
    return f"<figcaption>{_title(text)}</figcaption>"


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>' if text else ""


def _basis(text: str) -> str:
    """Say what something rests on, its terms linked to where they are explained."""
    said = escape(text)
    for words, anchor in TERMS:
        said = said.replace(words, f'<a href="#{anchor}">{words}</a>', 1)
    return f'<p class="basis">{said}</p>' if text else ""


def _is_figure(text: str) -> bool:
    """Tell a figure or an interval from an id that begins with a digit."""
    return len(text) <= LONGEST_FIGURE and _FIGURE.match(text) is not None


def _cell(tag: str, text: str, is_right: bool, more: str = "") -> str:
    css = ' class="figure"' if is_right else ' class="digest"' if len(text) > 60 else ""
    return f"<{tag}{more}{css}>{escape(text)}</{tag}>"
