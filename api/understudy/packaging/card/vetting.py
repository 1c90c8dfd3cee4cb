"""What the gates found, and who overruled one."""

from understudy.artefacts.manifest import Manifest
from understudy.packaging.gates.run import GATES
from understudy.presentation.markdown import code, plain, table

# A status that a reader must not overlook.
_LOUD = ("warned", "waived", "refused")
# What differs from one packaging to the next is no part of a card.
_MEASURED = {"cost": f"; the cost that was measured stands in {code('provenance.json')}"}


def waivers(manifest: Manifest) -> str:
    """Return who overruled which gate and why, as a quotation that stands out; often empty."""
    if not manifest.waivers:
        return ""
    found = {result.gate: result.summary for result in manifest.gates}
    lines = [
        f"> - {code(waiver.gate)} was waived by {plain(waiver.by)}: “{plain(waiver.reason)}”."
        f" It had found: {plain(found.get(waiver.gate, 'nothing that is on record'))}."
        for waiver in manifest.waivers
    ]
    return "\n".join(["> **This model was refused and overruled.**", ">", *lines])


def gates(manifest: Manifest) -> str:
    """Return what every gate was asked, and what it found."""
    questions = {gate.name: gate.question for gate in GATES}
    rows = [
        [code(result.gate), questions.get(result.gate, ""), _status(result.status),
         plain(result.summary) + _MEASURED.get(result.gate, "")]
        for result in manifest.gates
    ]  # fmt: skip
    listed = table(["gate", "question", "status", "what it found"], rows)
    return (
        "## Gates\n\nWarned: harm is not shown, but not excluded either. Skipped: the gate had"
        " nothing to go by. Waived: it refused, and somebody overruled it.\n\n" + listed
    )


def _status(status: str) -> str:
    return f"**{status}**" if status in _LOUD else status
