"""What gates found, made by hand: whole, so that it passes the door unless a test spoils it."""

from understudy.artefacts.vetting import GATE_NAMES, GateResult


def gates(*others: GateResult) -> tuple[GateResult, ...]:
    """Return a result of every gate: those given, and for each other gate that it passed."""
    given = {result.gate: result for result in others}
    known = tuple(given.pop(name, GateResult(name, "passed", "all is well")) for name in GATE_NAMES)
    return known + tuple(given.values())
