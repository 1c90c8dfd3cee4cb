"""Whatever comes out of data or from a person reads as text, in any reader of Markdown."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from understudy.presentation.markdown import bullets, code, paragraphs, plain, table

UNSEEN = "\x00\x1b\u202e\ud800"
SIGNS = "a1 _*`~|[]()<>&#+-=!.\\$\"'\n\téÄ日:/@;" + UNSEEN
NASTY = st.text(SIGNS, max_size=40)
# HTML is on: what is escaped must be so for the most permissive reader, too.
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def seen(markdown: str) -> str:
    """Return what a reader sees of a document; anything but text and code as its type."""
    leaves = [leaf for token in READER.parse(markdown) for leaf in (token.children or [])]
    texts = ("text", "text_special", "code_inline")
    return "".join(leaf.content if leaf.type in texts else f"({leaf.type})" for leaf in leaves)


def kinds(markdown: str) -> set[str]:
    """Return the kinds of blocks of a document."""
    types = {token.type for token in READER.parse(markdown) if token.nesting >= 0}
    return {name.removesuffix("_open") for name in types - {"inline"}}


def on_one_line(text: str) -> str:
    """Return a text without what nobody sees, with single spaces."""
    return " ".join("".join(" " if sign in UNSEEN else sign for sign in text).split())


@settings(deadline=None, max_examples=300)
@given(NASTY)
@example("**bold** `code` [a](b) ![c](d) <b> &amp; _e_ ~~f~~ a_b | g")
@example("<script>alert(1)</script> &lt;b&gt; <https://example.org>")
def test_any_text_reads_as_itself(text: str) -> None:
    """No emphasis, link, image, HTML or entity comes of it, and it stays on one line."""
    assert "\n" not in plain(text)
    assert seen(f"x {plain(text)}").removeprefix("x").strip() == on_one_line(text)


@settings(deadline=None, max_examples=300)
@given(NASTY)
@example("# heading")
@example("1. one")
@example("---")
@example("    code")
@example("``` fence")
@example("a\n===")
@example("> quote")
def test_what_a_person_wrote_makes_only_paragraphs_and_lists(text: str) -> None:
    """No heading, rule, quotation or block of code can be slipped into a card."""
    assert kinds(paragraphs(text)) <= {"paragraph", "bullet_list", "list_item"}


def test_empty_lines_part_paragraphs_and_hyphens_make_lists() -> None:
    """These two a person may use."""
    written = "Not for:\n- dogs\n* cats\nand kittens\n\nNot at night."
    found = READER.render(paragraphs(written))
    for part in ("<p>Not for:</p>", "<p>dogs</p>", "<p>cats and kittens", "<p>Not at night.</p>"):
        assert part in found
    assert paragraphs(" \n \n") == ""


@settings(deadline=None, max_examples=300)
@given(NASTY, NASTY)
@example("a|b", "`")
@example("\\", "``x`")
def test_a_table_keeps_its_cells(first: str, second: str) -> None:
    """Names of columns hold pipes and backticks, and still every cell is where it belongs."""
    text = table(["name", "said"], [[code(first), plain(second)]], right=(1,))
    tokens = READER.parse(text)
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 2
    assert [_content(cell) for cell in cells] == [on_one_line(first), on_one_line(second)]


def _content(cell: Token) -> str:
    return "".join(leaf.content for leaf in cell.children or []).strip()


@pytest.mark.parametrize("name", ["a", "a`b", "`", "``a``", "<b>", "a*b*", "  a  "])
def test_a_name_is_code_whatever_it_holds(name: str) -> None:
    """Its own backticks do not end it."""
    assert READER.renderInline(code(name)).startswith("<code>")
    assert seen(code(name)).strip() == name.strip()


def test_a_list_has_one_item_per_line() -> None:
    """Lines are Markdown already."""
    assert READER.render(bullets(["a", "**b**"])).count("<li>") == 2
