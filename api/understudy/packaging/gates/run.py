"""The gates in the order in which they are asked, and what becomes of their rulings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from understudy.artefacts.vetting import ABSOLUTE_GATES, GateResult, Waiver
from understudy.errors import GatesInvalid
from understudy.packaging.gates import (
    baseline,
    cost,
    denied,
    deviation,
    leakage,
    live,
    quality,
    quiz,
    reproducible,
    schema,
    simpler,
    slices,
    stable,
    staleness,
)
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling
from understudy.packaging.given import Refusals

Judge = Callable[[Case], Ruling]
# Gates by name, with the reasons why their refusal is overruled.
Overrides = Mapping[str, str]


@dataclass(frozen=True)
class Gate:
    """
    A question that every model is asked.

    An absolute gate cannot be waived: what it refuses could not be served rightly. A costly one is
    not asked at all when it is waived.
    """

    name: str
    question: str
    judge: Judge
    is_costly: bool = False

    @property
    def is_absolute(self) -> bool:
        """Whether nobody can waive it; the door into service asks the same list."""
        return self.name in ABSOLUTE_GATES


GATES = (
    Gate("schema", "Do all rows hold what the schema says?", schema.judge),
    Gate("quiz", "Are the known questions answered rightly?", quiz.judge),
    Gate("stable", "Is every generated input answered finitely?", stable.judge),
    Gate("leakage", "Are the test rows unknown to training?", leakage.judge),
    Gate("denied", "Is no denied feature used?", denied.judge),
    Gate("staleness", "Is the training data young enough?", staleness.judge),
    Gate("quality", "Is it good enough on held-out rows?", quality.judge),
    Gate("baseline", "Is it better than a constant answer?", baseline.judge),
    Gate("simpler", "Is it better than a simpler model?", simpler.judge),
    Gate("slices", "Is no slice served badly?", slices.judge),
    Gate("live", "Is it not worse than the live version?", live.judge),
    Gate("deviation", "Does it answer much as the live version does?", deviation.judge),
    Gate("cost", "Is a row cheap enough?", cost.judge),
    Gate(
        "reproducible", "Does a second training answer alike?", reproducible.judge, is_costly=True
    ),
)


@dataclass
class Vetting:
    """What all gates found; `measured` holds the figures that vary from run to run, by gate."""

    results: list[GateResult] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    measured: dict[str, dict[str, float]] = field(default_factory=dict)


def check_overrides(overrides: Overrides) -> None:
    """Refuse to overrule a gate that is unknown or absolute, or without a reason."""
    gates = {gate.name: gate for gate in GATES}
    for name, reason in overrides.items():
        if name not in gates:
            raise GatesInvalid(f"There is no gate {name!r}; there are {', '.join(gates)}.")
        if gates[name].is_absolute:
            raise GatesInvalid(
                f"The gate {name} cannot be overridden: what it refuses could not be served"
                " rightly."
            )
        if not (isinstance(reason, str) and reason.strip()):
            raise GatesInvalid(f"Say why the gate {name} is overridden: the reason is kept.")


def ask_gates(
    case: Case,
    overrides: Overrides,
    by: str,
    refusals: Refusals,
    progress: Callable[[str], None],
) -> Vetting:
    """
    Ask every gate, noting a refusal for each that refuses and is not overruled `by` anybody.

    A gate that lets the model pass needs no override, so none is recorded for it. What a gate
    raises is a fault of the gate, not of the model, and is not caught.
    """
    vetting = Vetting()
    for gate in GATES:
        progress(f"gate {gate.name}: {gate.question}")
        ruling = _ruling(gate, case, overrides)
        _record(vetting, gate, ruling, overrides, by, refusals)
        if gate.name in overrides and ruling.status != "refused":
            progress(f"gate {gate.name}: its override is not needed")
    return vetting


def _ruling(gate: Gate, case: Case, overrides: Overrides) -> Ruling:
    if gate.is_costly and gate.name in overrides:
        return Ruling("refused", "it was not asked, because it is waived")
    return gate.judge(case)


def _record(
    vetting: Vetting,
    gate: Gate,
    ruling: Ruling,
    overrides: Overrides,
    by: str,
    refusals: Refusals,
) -> None:
    status = ruling.status
    if status == "refused" and gate.name in overrides:
        status = "waived"
        vetting.waivers.append(Waiver(gate.name, overrides[gate.name].strip(), by))
    vetting.results.append(ruling.result(gate.name, status))
    if ruling.measured:
        vetting.measured[gate.name] = ruling.measured
    refusals.add_if(status == "refused", f"{gate.name}: {ruling.sentence}")
