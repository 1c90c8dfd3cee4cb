"""Exhibits are HTML that cannot be broken by what the data hold."""

import re
from html import unescape

from matplotlib.figure import Figure

from understudy.report import basis, exhibits

EVIL = '<script>alert("x")</script>'


def test_nothing_from_the_data_becomes_markup() -> None:
    """Names and levels are the clients' words."""
    shown = [
        exhibits.table(EVIL, (EVIL,), ((EVIL,),), EVIL),
        exhibits.plot(Figure((2, 1)), EVIL, EVIL),
        exhibits.gallery(EVIL, [(Figure((2, 1)), EVIL)], EVIL),
        exhibits.figures([(EVIL, EVIL, EVIL)]),
        exhibits.verdict("HOLD", EVIL, EVIL),
        exhibits.explained([("unit", EVIL, EVIL)]),
        exhibits.small(EVIL, [(EVIL, exhibits.message(EVIL))], EVIL),
        exhibits.plot(Figure((2, 1)), EVIL, shows=EVIL, basis=EVIL),
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
    html = exhibits.plot(Figure((6, 2)), "The finding", shows="Bars of it").html
    assert 'alt="Bars of it. The finding"' in html
    assert 'width="576" height="192"' in html


def test_an_id_is_no_figure() -> None:
    """A list of request ids begins with a digit, but has to wrap."""
    ids = "01a221bd-d94b-7967-bfd8-fbaad8d1126f/0"
    assert 'class="figure"' not in exhibits.table("t", ("ids",), ((ids,),)).html


def test_what_a_figure_rests_on_leads_to_its_explanation() -> None:
    """The terms of a basis link to their places in the same page."""
    known = {anchor for anchor, _, _ in basis.TERMS}
    said = exhibits.plot(Figure((2, 1)), "t", basis="n = 5 units, valid at any time").html
    links = re.findall(r'href="#([^"]+)"', said)
    assert links == ["unit", "confidence-sequence"]
    assert {anchor for _, anchor in exhibits.TERMS} <= known
    for anchor in known:
        assert f'id="{anchor}"' in exhibits.explained(basis.TERMS).html


def test_a_table_may_end_with_small_pictures() -> None:
    """One for each row, under a heading of their own."""
    pictures = [exhibits.message("first"), exhibits.message("second")]
    html = exhibits.table("t", ("n",), (("1",), ("2",)), drawn=("Each look", pictures)).html
    assert html.count("<th ") == 2
    assert html.index("first") < html.index(">2<") < html.index("second")
