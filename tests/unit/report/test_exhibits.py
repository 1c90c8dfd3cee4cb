"""Exhibits are HTML that cannot be broken by what the data hold."""

import re
from html import unescape

from matplotlib.figure import Figure

from understudy.report import exhibits

EVIL = '<script>alert("x")</script>'


def test_nothing_from_the_data_becomes_markup() -> None:
    """Names and levels are the clients' words."""
    shown = [
        exhibits.table(EVIL, (EVIL,), ((EVIL,),), EVIL),
        exhibits.plot(Figure((2, 1)), EVIL, EVIL),
        exhibits.gallery(EVIL, [(Figure((2, 1)), EVIL)], EVIL),
        exhibits.figures([(EVIL, EVIL, EVIL)]),
        exhibits.verdict("HOLD", (EVIL,)),
        exhibits.points(EVIL, [EVIL]),
        exhibits.message(EVIL),
        exhibits.folded(EVIL, exhibits.message(EVIL)),
    ]
    for exhibit in shown:
        assert "<script" not in exhibit.html
        assert "alert(" in unescape(exhibit.html)
        assert exhibit._repr_html_() == exhibit.html


def test_columns_of_figures_stand_to_the_right() -> None:
    """A column is one of figures if every cell is."""
    shown = exhibits.table("t", ("name", "n", "mixed"), (("a", "1,000", "5"), ("b", "−3", "x")))
    assert re.findall(r"<th[^>]*?( class=\"figure\")?>(\w+)<", shown.html) == [
        ("", "name"), (' class="figure"', "n"), ("", "mixed"),
    ]  # fmt: skip


def test_an_empty_list_shows_nothing() -> None:
    """No title over nothing."""
    assert exhibits.points("Cautions", []).html == ""


def test_a_picture_says_what_it_shows() -> None:
    """Whoever cannot see it has its title; its size is known before it is drawn."""
    html = exhibits.plot(Figure((6, 2)), "The finding").html
    assert 'alt="The finding"' in html
    assert 'width="576" height="192"' in html
