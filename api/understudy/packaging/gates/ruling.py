"""What a gate says of a model."""

from dataclasses import dataclass, field

from understudy.artefacts.vetting import GateResult, GateStatus


@dataclass(frozen=True)
class Ruling:
    """
    The answer of one gate.

    `summary` is one sentence with the figures that decided, without a final full stop, and holds
    nothing that varies between two packagings of the same training; such figures go to
    `measured`, which is shown beside the summary and kept in the provenance.
    """

    status: GateStatus
    summary: str
    figures: dict[str, object] = field(default_factory=dict)
    rows: tuple[dict[str, object], ...] = ()
    measured: dict[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The summary with what was measured on this machine."""
        if not self.measured:
            return self.summary
        shown = ", ".join(f"{name} {value:.3g}" for name, value in self.measured.items())
        return f"{self.summary} (measured: {shown})"

    def result(self, gate: str, status: GateStatus | None = None) -> GateResult:
        """Return the part that goes into the manifest."""
        return GateResult(gate, status or self.status, self.summary, self.figures, self.rows)


def passed(summary: str, **figures: object) -> Ruling:
    """Say that a gate has nothing against the model."""
    return Ruling("passed", summary, figures)


def warned(summary: str, **figures: object) -> Ruling:
    """Say that harm is not shown, but not excluded either."""
    return Ruling("warned", summary, figures)


def refused(summary: str, **figures: object) -> Ruling:
    """Say that harm is shown."""
    return Ruling("refused", summary, figures)


def skipped(summary: str, **figures: object) -> Ruling:
    """Say what the gate would need to have an opinion."""
    return Ruling("skipped", summary, figures)
