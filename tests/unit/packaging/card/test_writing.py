"""Packaging writes the card with the plots that suit the model, the same bytes every time."""

from pathlib import Path

import pytest

from tests import tiny
from understudy.artefacts.artefact import CARD_FILE, Artefact

PLOTS = {
    "linear_artefact": {"predicted-against-true", "error-by-answer", "slices"},
    "binary_artefact": {"calibration", "confusion", "slices"},
    "multiclass_artefact": {"confusion", "slices"},
}


def plots_of(artefact: Artefact) -> dict[str, bytes]:
    """Return the plots in an artefact's folder."""
    return {path.name: path.read_bytes() for path in artefact.folder.glob("card-*.svg")}


@pytest.mark.parametrize("name", list(PLOTS))
def test_a_card_has_the_plots_that_suit_its_task(name: str, request: pytest.FixtureRequest) -> None:
    """Each is named by the card, small, and covered by the manifest's digests."""
    artefact: Artefact = request.getfixturevalue(name)
    plots = plots_of(artefact)
    card = (artefact.folder / CARD_FILE).read_text()
    assert set(plots) == {f"card-{plot}.svg" for plot in PLOTS[name]}
    assert {*plots, CARD_FILE} <= set(artefact.manifest.files)
    for file, content in plots.items():
        assert f"]({file})" in card
        assert len(content) < 150_000


def test_packaging_again_writes_the_same_card(linear_artefact: Artefact, tmp_path: Path) -> None:
    """Nothing of the moment is in the text or in a plot."""
    again = tiny.package_linear(tmp_path)
    assert plots_of(again) == plots_of(linear_artefact)
    assert (again.folder / CARD_FILE).read_bytes() == (
        linear_artefact.folder / CARD_FILE
    ).read_bytes()


def test_a_card_against_live_shows_both_models(
    linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """In the table of the losses and in the plot of the slices."""
    new = tiny.package_houses(
        tiny.linear_pipeline(), tmp_path, "2.1.0", live=boosting_artefact.folder
    )
    card = (new.folder / CARD_FILE).read_text()
    assert "Held against `tiny-houses:2.0.0`" in card
    assert "| `tiny-houses:2.1.0` |" in card
    assert plots_of(new)["card-slices.svg"] != plots_of(linear_artefact)["card-slices.svg"]
