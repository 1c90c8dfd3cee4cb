"""A person reads on a terminal what came of packaging, a program in a document."""

from dataclasses import replace
from typing import Any

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.vetting import GateResult
from understudy.cli.models.packaged import (
    ADVICE,
    describe_artefact,
    describe_refusal,
    refusal_json,
    to_json,
)
from understudy.errors import ArtefactRefused
from understudy.packaging.gates.run import GATES

REASONS = (
    "live: mean absolute error 57.57 is worse than the 41.77 of diabetes:1.0.0 by 15.8",
    "stable: 66 of 520 generated inputs have no finite answer",
    "engine exact: skops cannot write the model",
    "X_test lacks the feature area",
)


def test_a_refusal_names_what_helps_for_each_gate() -> None:
    """Its limits, and how to overrule it where that can be done."""
    lines = describe_refusal(ArtefactRefused("m", "1.0.0", REASONS))
    text = "\n".join(lines)
    assert lines[0] == "Error: m:1.0.0 is refused."
    assert "  live: mean absolute error 57.57 is worse" in text
    assert "    gates.yaml sets live.margin." in lines
    assert '    To overrule it: --override live --reason "…"' in lines
    assert "    It cannot be overruled." in lines
    assert "--override stable" not in text
    assert lines[-3:] == [
        "  engine exact: skops cannot write the model", "", "  X_test lacks the feature area",
    ]  # fmt: skip


def test_a_long_reason_hangs_below_its_gate() -> None:
    """And no sign in it is obeyed by a terminal."""
    reason = f"live: \x1b[31m{'mean absolute error is worse ' * 8}"
    lines = describe_refusal(ArtefactRefused("m", "1.0.0", [reason]))
    assert max(map(len, lines)) <= 100
    assert lines[2].startswith("  live: \\x1b[31mmean absolute")
    assert lines[3].startswith("    ")


def test_a_document_of_a_refusal_parts_gate_and_sentence() -> None:
    """What no gate said has none."""
    live = GateResult("live", "refused", "mean absolute error", {"new": 57.57})
    found: Any = refusal_json(ArtefactRefused("m", "1.0.0", REASONS, [live]))
    assert [(reason["gate"], reason["summary"]) for reason in found["reasons"]] == [
        ("live", REASONS[0].removeprefix("live: ")),
        ("stable", REASONS[1].removeprefix("stable: ")),
        (None, REASONS[2]),
        (None, REASONS[3]),
    ]
    first, second, third, _ = found["reasons"]
    assert (first["figures"], first["can_be_overruled"]) == ({"new": 57.57}, True)
    assert first["help"][1:] == [
        "gates.yaml sets live.margin.", 'To overrule it: --override live --reason "…"',
    ]  # fmt: skip
    assert (second["can_be_overruled"], second["help"]) == (False, ["It cannot be overruled."])
    assert (third["can_be_overruled"], third["help"]) == (False, [])
    assert [gate["status"] for gate in found["gates"]] == ["refused"]


def test_an_artefact_is_described_in_lines_that_fit(linear_artefact: Artefact) -> None:
    """But for its folder, which has to be copied in one piece."""
    lines = describe_artefact(linear_artefact, "s3://models")
    folder = str(linear_artefact.folder)
    assert [line for line in lines if len(line) > 100 and folder not in line] == []
    assert lines[1] == "and stored in s3://models"
    assert "  understudy deploy tiny-houses:1.0.0 --live" in lines
    assert not any("models push" in line for line in lines)


def test_the_engines_that_were_refused_are_told(linear_artefact: Artefact) -> None:
    """With the reason of each."""
    reasons = {"compiled": "the estimator SVR is not known"}
    manifest = replace(linear_artefact.manifest, engine="exact", engine_reasons=reasons)
    artefact = replace(linear_artefact, manifest=manifest)
    lines = describe_artefact(artefact, None)
    (place,) = (number for number, line in enumerate(lines) if line.split() == ["engine", "exact"])
    assert lines[place + 1].strip() == "not compiled: the estimator SVR is not known"
    assert to_json(artefact, None)["engine_reasons"] == reasons


def test_advice_is_for_gates_that_there_are() -> None:
    """A gate that was renamed would lose its advice."""
    assert set(ADVICE) <= {gate.name for gate in GATES}
