"""Collects what speaks against a model, so that a person hears all of it at once."""

from collections.abc import Sequence

from understudy.artefacts.vetting import GateResult
from understudy.errors import ArtefactRefused


class Refusals:
    """The reasons so far against a model under the name and version it would have."""

    def __init__(self, name: str, version: str) -> None:
        self.name, self.version = name, version
        self.reasons: list[str] = []
        self.gates: Sequence[GateResult] = ()

    def add_if(self, refused: bool, reason: str) -> None:
        """Note a reason if it holds."""
        if refused:
            self.reasons.append(reason)

    def stop_if_any(self, kind: type[ArtefactRefused] = ArtefactRefused) -> None:
        """Raise a refusal of this kind if there is any reason so far."""
        if self.reasons:
            raise kind(self.name, self.version, self.reasons, self.gates)
