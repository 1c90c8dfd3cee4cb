"""The card of a version can be read in a terminal and sent to others as one page."""

from collections.abc import Callable
from pathlib import Path

from understudy.artefacts.artefact import CARD_FILE, Artefact

Run = Callable[..., str]


def test_the_card_is_printed_as_it_is(run: Run, store: str, linear_artefact: Artefact) -> None:
    """From the store or from a folder."""
    card = (linear_artefact.folder / CARD_FILE).read_text()
    assert run("card", "tiny-houses:1.0.0", "--store", store) == card
    assert run("card", linear_artefact.folder) == card


def test_the_card_is_written_as_a_page(run: Run, linear_artefact: Artefact, tmp_path: Path) -> None:
    """Folders on the way to it are made."""
    page = tmp_path / "new" / "card.html"
    assert f"tiny-houses:1.0.0 is in {page}" in run("card", linear_artefact.folder, "--out", page)
    text = page.read_text()
    assert text.startswith("<!DOCTYPE html>")
    assert "Provenance" in text


def test_a_page_has_the_name_of_a_page(run: Run, linear_artefact: Artefact, tmp_path: Path) -> None:
    """A Markdown file with HTML in it would surprise."""
    out = tmp_path / "card.md"
    assert "ends in .html" in run("card", linear_artefact.folder, "--out", out, status=64)
    assert not out.exists()
