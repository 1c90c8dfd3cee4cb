"""What the gates found about the two models of a report, in sentences."""

from understudy.artefacts.manifest import Manifest
from understudy.review.gathering import Gathered


def vetting(gathered: Gathered) -> list[str]:
    """Say of both models what was waived, by whom and why, and where a gate warned."""
    roles = (("live", gathered.live), ("shadow", gathered.shadow))
    return [sentence for role, manifest in roles for sentence in _of(role, manifest)]


def _of(role: str, manifest: Manifest) -> list[str]:
    title = f"{manifest.title} ({role})"
    said = [
        f"{title}: the gate {waiver.gate} refused it and was waived by {waiver.by}:"
        f" “{waiver.reason}”."
        for waiver in manifest.waivers
    ]
    said += [
        f"{title}: the gate {gate.gate} warned: {gate.summary}."
        for gate in manifest.gates
        if gate.status == "warned"
    ]
    passed = sum(gate.status == "passed" for gate in manifest.gates)
    return said or [f"{title}: {passed} gates let it pass, none warned, and none was waived."]
