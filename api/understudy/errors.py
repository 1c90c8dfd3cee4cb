"""
Every error of Understudy, by whose fault it is.

    UnderstudyError
    ├── UsageError                  the command line or a setting is wrong (exit status 64)
    │   └── SettingInvalid
    ├── RequestError                a client sent something that is refused
    │   ├── BodyMalformed
    │   ├── BodyTooLarge
    │   ├── InstancesInvalid
    │   └── RecordUnknown
    ├── NotReady                    a good request came at a bad moment
    │   ├── NoLiveModel
    │   ├── LogUnavailable
    │   ├── SpoolFull
    │   └── TooSlow
    ├── ArtefactError               a packaged model cannot be used
    │   ├── ArtefactMissing
    │   ├── ArtefactInvalid
    │   ├── ArtefactCorrupt
    │   ├── ArtefactImmutable
    │   └── ArtefactRefused
    ├── ModelError                  a model misbehaves
    │   ├── OutputInvalid
    │   ├── QuizFailed
    │   └── ScoringFailed
    ├── DeploymentError             a change of roles is refused
    │   └── DeploymentRefused
    ├── ComparisonError             the data cannot be compared
    └── LocalError                  this machine cannot do what is needed
        ├── SpoolCorrupt
        ├── EmbeddedPostgresFailed
        └── AlreadyRunning

Nothing here knows about HTTP: `understudy.controllers.problems` maps the leaves to statuses.
Constructors take data and build the message: what happened, what was found, what would help.
A driver's own error stays in `__cause__`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class UnderstudyError(Exception):
    """Something Understudy can name went wrong; the message says what would help."""


class UsageError(UnderstudyError):
    """A command was called with arguments that cannot work."""


class SettingInvalid(UsageError):
    """A setting has a value that is not allowed, or a name that does not exist."""

    def __init__(self, name: str, found: str, wanted: str) -> None:
        super().__init__(f"{name} is {found!r}, but {wanted}.")


class RequestError(UnderstudyError):
    """A client sent something that is refused."""


class BodyMalformed(RequestError):
    """A request body is not the JSON that the contract asks for."""


class BodyTooLarge(RequestError):
    """A request body is longer than the service accepts."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"The body is longer than the {limit_bytes} bytes accepted here."
            " Send fewer instances in one request."
        )


@dataclass(frozen=True)
class Violation:
    """One way in which one instance breaks the contract."""

    instance: int | None
    field: str | None
    message: str


class InstancesInvalid(RequestError):
    """One or more instances break the contract of the live model."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        first = self.violations[0]
        more = len(self.violations) - 1
        where = "" if first.instance is None else f"instances[{first.instance}]"
        where += "" if first.field is None else f".{first.field}"
        tail = f" ({more} more below)" if more else ""
        super().__init__(f"{where}: {first.message}{tail}" if where else f"{first.message}{tail}")


class RecordUnknown(RequestError):
    """Nothing is recorded under this name or id."""


class NotReady(UnderstudyError):
    """A good request came at a moment at which it cannot be answered; try again."""

    retry_after_s: int = 1


class NoLiveModel(NotReady):
    """No model is live yet."""

    def __init__(self) -> None:
        super().__init__(
            "No model is live yet. Deploy one with `understudy deploy NAME:VERSION --live`."
        )


class LogUnavailable(NotReady):
    """The prediction log cannot be reached; predictions go on."""

    retry_after_s = 5

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The prediction log in Postgres cannot be reached ({reason})."
            " Predictions are still answered and recorded locally; try again soon."
        )


class SpoolFull(NotReady):
    """A prediction could not be recorded, and the service is told not to answer unrecorded."""

    retry_after_s = 5


class TooSlow(NotReady):
    """A prediction took longer than the request timeout."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"The model did not answer within {timeout_s:g} s.")


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


class ArtefactRefused(ArtefactError):
    """Packaging refuses a model; the message names every reason and its figure."""

    def __init__(self, name: str, version: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        listed = "\n".join(f"  - {reason}" for reason in self.reasons)
        super().__init__(f"{name}:{version} is refused:\n{listed}")


class ModelError(UnderstudyError):
    """A model misbehaves."""


class OutputInvalid(ModelError):
    """A model's output is not one finite prediction per instance."""


class QuizFailed(ModelError):
    """A model gives a wrong answer to an instance whose answer is known."""


class ScoringFailed(ModelError):
    """A model raises, hangs or dies while it scores."""


class DeploymentError(UnderstudyError):
    """A change of roles is refused."""


class DeploymentRefused(DeploymentError):
    """A deployment would break a promise; the message says which."""


class ComparisonError(UnderstudyError):
    """The data given cannot be compared."""


class LocalError(UnderstudyError):
    """This machine cannot do what is needed."""


class SpoolCorrupt(LocalError):
    """A spool file cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The spool {path} cannot be read ({reason}); it was set aside.")


class EmbeddedPostgresFailed(LocalError):
    """The embedded Postgres does not start."""


class AlreadyRunning(LocalError):
    """Another process works on the same data directory."""
