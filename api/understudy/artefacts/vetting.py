"""What the gates found about a model version, and who waived what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

GateStatus = Literal["passed", "warned", "refused", "waived", "skipped"]


@dataclass(frozen=True)
class GateResult:
    """
    What one gate found.

    `summary` is one sentence with the figures that decided, `figures` are the same for programs,
    and `rows` is a table where one figure does not tell it (slices, largest discrepancies).
    Everything here is the same whenever the same training is packaged; what varies from run to
    run, such as a measured cost, stands in the provenance.
    """

    gate: str
    status: GateStatus
    summary: str
    figures: dict[str, object] = field(default_factory=dict)
    rows: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True)
class Waiver:
    """A gate that refused and was overruled: by whom, and why."""

    gate: str
    reason: str
    by: str


@dataclass(frozen=True)
class Compared:
    """The live version that a new one was held against when it was packaged."""

    name: str
    version: str
    digest: str


def unvetted(gates: Iterable[GateResult], waivers: Iterable[Waiver]) -> list[str]:
    """Return why a model must not be served: gates that refuse and that nobody waived."""
    results = list(gates)
    waived = {waiver.gate for waiver in waivers}
    reasons = [
        f"the gate {r.gate} refuses it: {r.summary}" for r in results if r.status == "refused"
    ]
    reasons += [
        f"the gate {r.gate} is said to be waived, but nobody is named for it"
        for r in results
        if r.status == "waived" and r.gate not in waived
    ]
    return reasons or ([] if results else ["no gate has looked at it"])
