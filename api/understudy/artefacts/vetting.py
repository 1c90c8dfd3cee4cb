"""What the gates found about a model version, and who waived what."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

GateStatus = Literal["passed", "warned", "refused", "waived", "skipped"]

GATE_NAMES = (
    "schema", "quiz", "stable", "leakage", "denied", "staleness", "quality", "baseline", "simpler",
    "slices", "live", "deviation", "cost", "reproducible",
)  # fmt: skip
"""Every gate there is, in the order in which packaging asks them."""

ABSOLUTE_GATES = frozenset({"schema", "quiz", "stable"})
"""Those that nobody can waive or leave out: what they refuse could not be served rightly."""


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
    """
    Return why a model must not be served; nothing if the gates let it through.

    Every gate that is known here has to have been asked, once. Gates that are not known here are
    those of a later version: their artefacts may be served if these gates, too, let them through.
    An artefact of an earlier version, which had fewer gates, may not.
    """
    results = list(gates)
    if not results:
        return ["no gate has looked at it"]
    signed = {one.gate for one in waivers if one.reason.strip() and one.by.strip()}
    reasons = [
        f"the gate {r.gate} refuses it: {r.summary}" for r in results if r.status == "refused"
    ]
    reasons += [
        f"the gate {r.gate} is said to be waived, but nobody stands for it with a reason"
        for r in results
        if r.status == "waived" and r.gate not in signed
    ]
    reasons += [
        f"the gate {r.gate} is said to be {r.status}, which it cannot be"
        for r in results
        if r.status in ("waived", "skipped") and r.gate in ABSOLUTE_GATES
    ]
    if all(r.status != "passed" for r in results):
        reasons.append("no gate has let it pass")
    return reasons + _not_asked_once(results)


def _not_asked_once(results: Sequence[GateResult]) -> list[str]:
    times = Counter(result.gate for result in results)
    reasons = [
        f"the gate {gate} has looked at it {count} times"
        for gate, count in times.items()
        if count > 1
    ]
    if missing := [gate for gate in GATE_NAMES if gate not in times]:
        reasons.append(f"these gates have not looked at it: {', '.join(missing)}")
    return reasons
