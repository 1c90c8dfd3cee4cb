"""Writes the model card and its plots into an artefact's folder."""

from pathlib import Path

from understudy.artefacts.artefact import CARD_FILE
from understudy.artefacts.manifest import Manifest
from understudy.packaging.card.drawing import draw_plots
from understudy.packaging.card.facts import Facts
from understudy.packaging.card.text import card_text
from understudy.packaging.gates.case import Case


def write_card(folder: Path, manifest: Manifest, case: Case) -> list[str]:
    """Write the card and its plots and return the names of the files written."""
    plots = draw_plots(folder, manifest, case)
    facts = Facts(len(case.given.test), tuple(case.questions), plots)
    (folder / CARD_FILE).write_text(card_text(manifest, facts), encoding="utf-8")
    return [CARD_FILE, *(plot.file for plot in plots)]
