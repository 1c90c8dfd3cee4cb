"""Errors of packaged models."""

from collections.abc import Sequence
from typing import Any

from understudy.errors.root import UnderstudyError


class ArtefactError(UnderstudyError):
    """A packaged model cannot be used."""


class ArtefactMissing(ArtefactError):
    """No artefact is stored under this name and version."""


class ArtefactInvalid(ArtefactError):
    """An artefact's manifest or files are not what the format asks for."""


class ArtefactCorrupt(ArtefactError):
    """A file of an artefact does not match the digest in its manifest."""

    def __init__(self, file: str, expected: str, found: str) -> None:
        super().__init__(
            f"{file} has SHA-256 {found[:12]}…, but the manifest says {expected[:12]}…."
            " The artefact was changed or cut short: pull it again."
        )


class ArtefactImmutable(ArtefactError):
    """Different content was pushed under a version that is already stored."""


class ArtefactUnvetted(ArtefactError):
    """An artefact was not let through by the gates, so it may not be served."""

    def __init__(self, title: str, reasons: Sequence[str]) -> None:
        super().__init__(
            f"{title} is not vetted: {'; '.join(reasons)}."
            " Package it again; a gate can be waived there with a reason."
        )


class ArtefactUntrusted(ArtefactError):
    """An artefact lacks the signature of a key that this service trusts."""

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(f"{title} is not trusted: {reason}.")


class ArtefactRefused(ArtefactError):
    """Packaging refuses a model; the message names every reason and its figure."""

    def __init__(
        self, name: str, version: str, reasons: Sequence[str], gates: Sequence[Any] = ()
    ) -> None:
        """`gates` holds the result of every gate (GateResult), if they were asked at all."""
        self.title = f"{name}:{version}"
        self.reasons = tuple(reasons)
        self.gates = tuple(gates)
        listed = "\n".join(f"  - {reason}" for reason in self.reasons)
        super().__init__(f"{self.title} is refused:\n{listed}")


class ArgumentRefused(ArtefactRefused):
    """What is said of a model cannot be: its schema, columns or questions."""
