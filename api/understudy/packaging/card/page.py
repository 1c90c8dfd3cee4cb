"""The card of an artefact as one HTML page, which needs nothing beside it and loads nothing."""

import base64
import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from understudy.artefacts.artefact import CARD_FILE, Artefact
from understudy.packaging.card.origin import origin

# That of the widest plots, by which all are enlarged: letters are of one size in all of them.
FULL_WIDTH_PT = 417.6
_WIDTH = re.compile(r'<svg[^>]*\swidth="([0-9.]{1,9})pt"')
_PLOT = re.compile(r"card-[a-z-]+\.svg")
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""


def card_page(artefact: Artefact) -> str:
    """
    Return the card of an artefact with its plots, and its provenance, as an HTML document.

    HTML within the card is shown as text, and of all images only the plots beside the card.
    """
    text = (artefact.folder / CARD_FILE).read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = list(_amended(markdown.parse(f"{text}\n\n{origin(artefact)}\n"), artefact.folder))
    body = markdown.renderer.render(tokens, markdown.options, {})
    style = files("understudy.packaging.card").joinpath("page.css").read_text(encoding="utf-8")
    return _PAGE.format(title=escape(artefact.manifest.title), style=style, body=body)


def _amended(tokens: Sequence[Token], folder: Path) -> Iterator[Token]:
    """Yield the tokens with ids for headings, plots for images, and room around tables."""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following is not None:
            token.attrSet("id", re.sub(r"[^a-z0-9]+", "-", following.content.lower()).strip("-"))
        if token.type == "table_open":
            yield Token("html_block", "", 0, content='<div class="wide" tabindex="0">\n')
        token.children = token.children and [_shown(child, folder) for child in token.children]
        yield token
        if token.type == "table_close":
            yield Token("html_block", "", 0, content="</div>\n")


def _shown(token: Token, folder: Path) -> Token:
    """Put a plot into its image; what is no plot becomes text."""
    if token.type != "image":
        return token
    source = str(token.attrGet("src"))
    plot = folder / source
    if not _PLOT.fullmatch(source) or not plot.is_file():
        return Token("text", "", 0, content=f"({token.content})")
    content = plot.read_bytes()
    token.attrSet("src", f"data:image/svg+xml;base64,{base64.b64encode(content).decode()}")
    if width := _WIDTH.search(content[:4096].decode(errors="replace")):
        share = min(1.0, float(width[1]) / FULL_WIDTH_PT)
        token.attrSet("style", f"width: {share:.0%}")
    return token
