"""The page of a card stands alone, tells the origin, and does nothing that its text asks for."""

import json
import re
import shutil
from pathlib import Path

import pytest

from understudy.artefacts.artefact import CARD_FILE, PROVENANCE_FILE, Artefact
from understudy.packaging.card.page import FULL_WIDTH_PT, card_page
from understudy.presentation.canvas import WIDTH


@pytest.fixture
def copied(linear_artefact: Artefact, tmp_path: Path) -> Artefact:
    """Return an artefact in a folder that a test may change."""
    folder = tmp_path / "copy"
    shutil.copytree(linear_artefact.folder, folder)
    return Artefact(folder, linear_artefact.manifest)


def page_of(artefact: Artefact, card: str) -> str:
    """Return the page of a card with another text."""
    (artefact.folder / CARD_FILE).write_text(card)
    return card_page(artefact)


def test_a_page_needs_nothing_beside_it(linear_artefact: Artefact) -> None:
    """The plots are within, and nothing is fetched from anywhere."""
    page = card_page(linear_artefact)
    sources = re.findall(r'src="([^"]+)"', page)
    assert len(sources) == 3
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert "default-src 'none'" in page
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert '<h2 id="limits">Limits</h2>' in page
    assert 'href="#limits"' in page
    assert page.count('<div class="wide"') == page.count("<table>") > 5
    assert "<title>tiny-houses:1.0.0</title>" in page


def test_plots_fill_the_column_with_letters_of_one_size(
    linear_artefact: Artefact, copied: Artefact
) -> None:
    """A narrower plot takes its share of the width; one of unknown width is left as it is."""
    assert pytest.approx(72 * WIDTH) == FULL_WIDTH_PT
    shares = re.findall(r'<img[^>]* style="width: (\d+)%"', card_page(linear_artefact))
    assert sorted(map(int, shares)) == [76, 100, 100]
    (copied.folder / "card-slices.svg").write_text("<svg/>")
    assert "style=" not in page_of(copied, "![plot](card-slices.svg)\n")


def test_a_page_tells_where_the_model_comes_from(linear_artefact: Artefact) -> None:
    """Who, when, from which revision and at what cost; none of it is in the card."""
    page = card_page(linear_artefact)
    told = linear_artefact.provenance()
    for part in (
        linear_artefact.digest, str(told["packaged_at"]), "packaged by",
        "CPU per row, 1 row at once, in ms", "CPU per row, 32 rows at once, in ms",
        "measured by the gate cost: ms per row",
    ):  # fmt: skip
        assert part in page
    assert page.index("1 row at once") < page.index("32 rows") < page.index("1000 rows")
    assert page.index("packaged by") < page.index("packaged at") < page.index("platform")
    assert str(told["packaged_at"]) not in (linear_artefact.folder / CARD_FILE).read_text()


def test_html_in_a_card_is_text(copied: Artefact) -> None:
    """An artefact may come from anybody."""
    page = page_of(copied, "# x\n\n<script>alert(1)</script>\n\na <img src=x onerror=y>\n")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img" not in page


@pytest.mark.parametrize(
    "source",
    ["https://example.org/x.svg", "manifest.json", "../secret.svg", "card-none.svg", "/etc/passwd",
     "data:image/svg+xml;base64,AAAA"],
)  # fmt: skip
def test_only_the_plots_of_the_card_are_shown(copied: Artefact, source: str) -> None:
    """No other file of this machine gets into a page, and nothing of another one."""
    page = page_of(copied, f"![seen]({source})\n\n![plot](card-slices.svg)\n")
    assert page.count("<img") == 1
    assert "example.org" not in page
    assert "seen" in page


@pytest.mark.parametrize("content", [None, b"no json", b"[1]", b'{"a": 1'])
def test_a_page_without_a_readable_provenance_says_so(
    copied: Artefact, content: bytes | None
) -> None:
    """The provenance is not covered by the digest, so anything may stand there."""
    (copied.folder / PROVENANCE_FILE).unlink()
    if content is not None:
        (copied.folder / PROVENANCE_FILE).write_bytes(content)
    assert "missing or unreadable" in card_page(copied)


def test_whatever_a_provenance_holds_is_shown_as_text(copied: Artefact) -> None:
    """Nested, of any kind, with any sign."""
    told = {"packaged_by": "<b>|x", "cpu_ms_per_row": {"8": "fast"}, "more": {"list": [1, None]}}
    (copied.folder / PROVENANCE_FILE).write_text(json.dumps(told))
    page = card_page(copied)
    assert "<td>&lt;b&gt;|x</td>" in page
    assert "<td>fast</td>" in page
    assert "<td>more.list</td>\n<td>1, –</td>" in page
