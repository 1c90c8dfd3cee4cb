"""A report says what had to be waived for a model to be served."""

from dataclasses import replace
from typing import Any

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.vetting import GateResult, Waiver
from understudy.report.vetting import vetting
from understudy.review.gathering import Gathered

PASSED = GateResult("schema", "passed", "all rows fit")


def _gathered(live: Artefact, gates: tuple[GateResult, ...], *waivers: Waiver) -> Gathered:
    shadow = replace(live.manifest, version="2.0.0", gates=gates, waivers=waivers)
    clean = replace(live.manifest, gates=(PASSED, PASSED), waivers=())
    nothing: Any = None
    return Gathered(nothing, (), nothing, clean, shadow, nothing)


def test_waivers_and_warnings_are_told_with_their_role(linear_artefact: Artefact) -> None:
    """Who waived what and why, and what else a gate did not like."""
    warned = GateResult("slices", "warned", "North has 12 rows, 30 are needed")
    refused = GateResult("quality", "waived", "RMSE is 31,200")
    waiver = Waiver("quality", "for the pilot", "ada")
    said = vetting(_gathered(linear_artefact, (PASSED, warned, refused), waiver))
    assert said == [
        "tiny-houses:1.0.0 (live): 2 gates let it pass, none warned, and none was waived.",
        "tiny-houses:2.0.0 (shadow): the gate quality refused it and was waived by ada:"
        " “for the pilot”.",
        "tiny-houses:2.0.0 (shadow): the gate slices warned: North has 12 rows, 30 are needed.",
    ]
