"""
Every error of Understudy, by whose fault it is.

    UnderstudyError
    ├── UsageError                  the command line or a setting is wrong (exit status 64)
    │   ├── SettingInvalid
    │   ├── PolicyInvalid
    │   ├── CaptureInvalid
    │   ├── StoreInvalid
    │   ├── KeyInvalid
    │   └── GatesInvalid
    ├── RequestError                a client sent something that is refused
    │   ├── BodyMalformed
    │   ├── BodyTooLarge
    │   ├── InstancesInvalid
    │   ├── HeaderInvalid
    │   ├── EncodingUnsupported
    │   ├── DecisionInvalid
    │   ├── SentByAnotherSite
    │   ├── NotRecordedYet
    │   ├── RequestErased
    │   └── RecordUnknown
    ├── NotReady                    a good request came at a bad moment
    │   ├── NoLiveModel
    │   ├── LogUnavailable
    │   ├── StoreUnavailable
    │   ├── BoardNotDrawn
    │   ├── PolicyUnexamined
    │   ├── SpoolFull
    │   ├── Overloaded
    │   ├── DeskBusy
    │   ├── BodiesHeld
    │   └── TooSlow
    ├── ArtefactError               a packaged model cannot be used
    │   ├── ArtefactMissing
    │   ├── ArtefactInvalid
    │   ├── ArtefactCorrupt
    │   ├── ArtefactImmutable
    │   ├── ArtefactUnvetted
    │   ├── ArtefactUntrusted
    │   └── ArtefactRefused
    │       └── ArgumentRefused
    ├── ModelError                  a model misbehaves
    │   ├── OutputInvalid
    │   ├── QuizFailed
    │   ├── ScoringFailed
    │   ├── TrainingFailed
    │   └── NotReproduced
    ├── DeploymentError             a change of roles is refused
    │   ├── DeploymentRefused
    │   ├── FieldRedacted
    │   ├── NotReproducible
    │   ├── RolloutIncomplete
    │   └── CaptureIncomplete
    ├── ComparisonError             the data cannot be compared
    │   ├── EvidenceInvalid
    │   ├── CoverageMismatch
    │   ├── NothingRecorded
    │   └── CertificateError        a decision certificate
    │       ├── CertificateInvalid
    │       ├── CertificateUnverifiable
    │       └── CertificateDiffers
    └── LocalError                  this machine cannot do what is needed
        ├── SpoolCorrupt
        ├── DeploymentsUnreadable
        ├── KeysUnreadable
        ├── CaptureKeyUnusable
        ├── EmbeddedPostgresFailed
        ├── AlreadyRunning
        ├── PortTaken
        ├── PartFailed
        ├── NothingRuns
        ├── ApiUnreachable
        ├── ApiRefused
        ├── SendingIncomplete
        ├── ExtraMissing
        ├── ReportFailed
        └── CertificateUnwritten

Nothing here knows about HTTP: `understudy.controllers.problems` maps the leaves to statuses.
Constructors take data and build the message: what happened, what was found, what would help.
A driver's own error stays in `__cause__`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

MOST_LISTED = 5


def listed(names: Sequence[str]) -> str:
    """Name some things, and count the rest."""
    shown = ", ".join(names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return shown if more <= 0 else f"{shown} and {more} more"


class UnderstudyError(Exception):
    """Something Understudy can name went wrong; the message says what would help."""


class UsageError(UnderstudyError):
    """A command was called with arguments that cannot work."""


class SettingInvalid(UsageError):
    """A setting has a value that is not allowed, or a name that does not exist."""

    def __init__(self, name: str, found: str, wanted: str) -> None:
        super().__init__(f"{name} is {found!r}, but {wanted}.")


class PolicyInvalid(UsageError):
    """A comparison policy names an unknown key or gives a value that is not allowed."""

    def __init__(self, key: str, found: object, wanted: str) -> None:
        end = "" if wanted.endswith("?") else "."
        super().__init__(f"The comparison policy's {key} is {found!r}, but {wanted}{end}")


class CaptureInvalid(UsageError):
    """A capture policy names an unknown key or field, or gives a value that is not allowed."""

    def __init__(self, key: str, wanted: str) -> None:
        end = "" if wanted.endswith("?") else "."
        super().__init__(f"The capture policy says something wrong of {key!r}: {wanted}{end}")


class StoreInvalid(UsageError):
    """The URL of an artefact store names a place that cannot exist, or holds a secret."""

    def __init__(self, shown_url: str, reason: str) -> None:
        super().__init__(f"{shown_url} cannot be an artefact store: {reason}.")


class KeyInvalid(UsageError):
    """A file is not the key that signing or checking a signature needs."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The key {path} cannot be used: {reason}.")


class GatesInvalid(UsageError):
    """The limits or overrides of the gates name something unknown or not allowed."""


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
        where += "." if where and first.field is not None else ""
        where += first.field or ""
        tail = f" ({more} more below)" if more else ""
        super().__init__(f"{where}: {first.message}{tail}" if where else f"{first.message}{tail}")


class HeaderInvalid(RequestError):
    """A request header has a value that cannot be kept."""

    def __init__(self, header: str, wanted: str) -> None:
        super().__init__(f"The header {header} is not usable: {wanted}.")


class EncodingUnsupported(RequestError):
    """A body is declared in another encoding than UTF-8."""

    def __init__(self, found: str) -> None:
        super().__init__(f"The body is declared as {found}, but JSON here is always UTF-8.")


class DecisionInvalid(RequestError):
    """A decision about roles comes with a policy that is none, or not for these models."""


class SentByAnotherSite(RequestError):
    """A browser sends what would change something here on behalf of another site."""

    def __init__(self, header: str, found: bytes) -> None:
        shown = found[:100].decode("latin-1")
        super().__init__(
            f"A browser sent this on behalf of another site ({header}: {shown}). What changes"
            " something here is taken from programs, and from the pages of this service."
        )


class NotRecordedYet(RequestError):
    """Nothing is recorded under this id, but it may still be on its way to the log."""

    retry_after_s: int = 1

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"No prediction is recorded under {request_id}. If it was answered just now,"
            " it is still on its way to the prediction log: try again in a moment."
        )


class RequestErased(RequestError):
    """What was asked and answered under this id was erased."""

    def __init__(self, request_id: str, at: datetime) -> None:
        super().__init__(
            f"The request {request_id} was erased ({at:%Y-%m-%d %H:%M:%S %Z}):"
            " what was asked and answered is gone."
        )


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


class StoreUnavailable(NotReady):
    """The artefact store cannot be reached, or does not let us in; what is loaded is served on."""

    retry_after_s = 5

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"The artefact store {url} cannot be used: {reason}.")


class BoardNotDrawn(NotReady):
    """The comparison of a shadow could not be made for a page or a program, this time."""

    retry_after_s = 10

    def __init__(self, shadow: str, reason: str) -> None:
        super().__init__(
            f"The comparison of {shadow} was not made: {reason}. Ask again in some seconds."
        )


class PolicyUnexamined(NotReady):
    """A policy could not be held against the models it is about, so nothing was decided."""

    retry_after_s = 5

    def __init__(self, _: str, reason: str) -> None:
        super().__init__(f"The policy was not examined: {reason}. Nothing was decided; try again.")


class SpoolFull(NotReady):
    """A prediction could not be recorded, and the service is told not to answer unrecorded."""

    retry_after_s = 5


class Overloaded(NotReady):
    """More waits for the model than it can answer in time; `wait_s` is how long it needs for it."""

    def __init__(self, instances: int, wait_s: float) -> None:
        super().__init__(
            f"{instances} instances wait for the model already, which needs about {wait_s:.1f} s"
            " for them. Try again in a moment."
        )
        self.retry_after_s = max(1, math.ceil(wait_s / 2))


class DeskBusy(NotReady):
    """More requests than those for predictions wait than there are threads for."""

    retry_after_s = 5

    def __init__(self, waiting: int) -> None:
        super().__init__(
            f"{waiting} requests of the control plane are ahead here. Predictions go on;"
            " try again in some seconds."
        )


class BodiesHeld(NotReady):
    """The bodies of the requests under way fill the memory that there is for them."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            f"Large requests hold the {most_bytes} bytes that there are for their bodies."
            " Try again in a moment, or send fewer instances at a time."
        )


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


class ModelError(UnderstudyError):
    """A model misbehaves."""


class OutputInvalid(ModelError):
    """A model's output is not one finite prediction per instance; `instance` is the first."""

    def __init__(self, message: str, instance: int | None = None) -> None:
        super().__init__(message)
        self.instance = instance


class QuizFailed(ModelError):
    """A model gives a wrong answer to an instance whose answer is known."""


class ScoringFailed(ModelError):
    """A model raises, hangs or dies while it scores."""


class TrainingFailed(ModelError):
    """A person's own training code raises."""

    def __init__(self, what: str, raised: str, where: str) -> None:
        super().__init__(f"{what} raised {raised}{where}")


class NotReproduced(ModelError):
    """What was served cannot be had again from the version that is on record for it."""

    def __init__(self, differing: int, missing: int, instances: int, first: str) -> None:
        parts = [f"{differing} of {instances} instances are answered differently"] * bool(differing)
        parts += [f"{missing} of {instances} instances could not be scored again"] * bool(missing)
        super().__init__(
            f"What was served cannot be reproduced: {' and '.join(parts)}; the first: {first}"
        )


class DeploymentError(UnderstudyError):
    """A change of roles is refused."""


class DeploymentRefused(DeploymentError):
    """A deployment would break a promise; the message says which."""


class FieldRedacted(DeploymentError):
    """A model reads what the capture policy does not let be recorded; both are named."""

    def __init__(self, reads: Mapping[str, Sequence[str]], capture: str, help_: str) -> None:
        """`reads` has the redacted fields of each model, `capture` names the policy."""
        told = "; ".join(f"{model} reads {listed(fields)}" for model, fields in reads.items())
        super().__init__(f"{told}, which {capture} redacts. {help_}")


class NotReproducible(DeploymentError):
    """All that was asked for was recorded without what the models read."""

    def __init__(self, redacted: Mapping[str, str]) -> None:
        """`redacted` says of each model which fields, and by which capture policy."""
        told = "; ".join(f"{model}: {what}" for model, what in redacted.items())
        super().__init__(
            f"Nothing can be scored again, because features were redacted when it was recorded:"
            f" {told}. Ask for a time before that with --since and --until."
        )


class RolloutIncomplete(DeploymentError):
    """A deployment is recorded, but not every api worker serves it yet."""

    def __init__(
        self, serving: int, workers: int, waited_s: float, problems: Sequence[str]
    ) -> None:
        said = f" They say: {'; '.join(problems)}." if problems else ""
        super().__init__(
            f"The decision is recorded, but after {waited_s:g} s only {serving} of {workers}"
            f" workers serve it.{said} The others go on with what they serve; see the agent's log,"
            " or roll back."
        )


class CaptureIncomplete(DeploymentError):
    """A capture policy is recorded, but not every api worker goes by it yet."""

    def __init__(
        self, following: int, workers: int, waited_s: float, problems: Sequence[str]
    ) -> None:
        said = f" They say: {'; '.join(problems)}." if problems else ""
        super().__init__(
            f"The capture policy is recorded, but after {waited_s:g} s only {following} of"
            f" {workers} workers go by it.{said} The others still record fields as they did:"
            " `understudy capture show` counts them."
        )


class ComparisonError(UnderstudyError):
    """The data given cannot be compared."""


class EvidenceInvalid(ComparisonError):
    """The arrays handed to a comparison do not fit together."""


class CoverageMismatch(ComparisonError):
    """The parts of the coverage do not add up to what was recorded."""

    def __init__(self, what: str, expected: int, found: int) -> None:
        super().__init__(
            f"Coverage does not add up: {what} should be {expected}, but is {found}."
            " Some instances are counted twice or not at all."
        )


class NothingRecorded(ComparisonError):
    """The prediction log holds nothing of the time that was asked for."""

    def __init__(self, endpoint: str, since: datetime, until: datetime, expired: int = 0) -> None:
        gone = (
            f" {expired} shipments of that time were dropped by the retention"
            " (UNDERSTUDY_RETENTION_DAYS)."
            if expired
            else ""
        )
        super().__init__(
            f"The endpoint {endpoint} has nothing recorded from {since:%Y-%m-%d %H:%M:%S} to"
            f" {until:%Y-%m-%d %H:%M:%S} UTC.{gone} Ask for another time, or for another endpoint"
            " by UNDERSTUDY_ENDPOINT."
        )


class CertificateError(ComparisonError):
    """A decision certificate does not hold, or nobody can tell whether it does."""


class CertificateInvalid(CertificateError):
    """A file is no certificate, or was changed after it was written."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file} is not accepted as a certificate: {reason}.")


class CertificateUnverifiable(CertificateError):
    """What a certificate rests on is not all there any more; `missing` counts what is gone."""

    def __init__(self, reason: str, missing: Mapping[str, tuple[int, int]] | None = None) -> None:
        """`missing` gives for each kind of row how many are gone, and of how many."""
        self.missing = dict(missing or {})
        super().__init__(f"The decision cannot be verified: {reason}.")


class CertificateDiffers(CertificateError):
    """Recomputed from the log, a certificate says something else."""

    def __init__(self, changed: str, first: str) -> None:
        self.changed, self.first = changed, first
        reasons = "; ".join(reason for reason in (changed, first) if reason)
        super().__init__(f"The certificate differs from what the log says now: {reasons}.")


class LocalError(UnderstudyError):
    """This machine cannot do what is needed."""


class SpoolCorrupt(LocalError):
    """A spool file cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The spool {path} cannot be read ({reason}); it was set aside.")


class DeploymentsUnreadable(LocalError):
    """What the agent wrote about the roles is not what this version reads."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The record of the deployments on this machine cannot be read ({reason})."
            " The agent writes it anew with the next change."
        )


class KeysUnreadable(LocalError):
    """What the agent wrote about the API keys is not what this version reads."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The API keys in {path} cannot be read ({reason})."
            " The agent writes them anew when it starts."
        )


class CaptureKeyUnusable(LocalError):
    """The file with the key of the capture policy's hashes is missing, or open to others."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The capture policy hashes fields, and its key in {path} cannot be used: {reason}."
            " `understudy capture key` makes one; UNDERSTUDY_CAPTURE_KEY says where it lies."
        )


class EmbeddedPostgresFailed(LocalError):
    """The embedded Postgres does not start."""


class AlreadyRunning(LocalError):
    """Another process works on the same data directory."""


class PortTaken(LocalError):
    """Somebody else listens on a port that is needed."""

    def __init__(self, host: str, port: int, variable: str) -> None:
        super().__init__(
            f"Port {port} on {host} is in use by another process."
            f" Set {variable} to a free port (UNDERSTUDY_PORT moves all four)."
        )


class PartFailed(LocalError):
    """A part of the stack does not start."""

    def __init__(self, part: str, reason: str, log: Path) -> None:
        super().__init__(f"`understudy {part}` does not start: {reason} (all of it in {log})")


class NothingRuns(LocalError):
    """A command needs a running stack, and there is none."""

    def __init__(self, data_dir: Path, setting: str) -> None:
        super().__init__(
            f"Nothing runs on {data_dir}. Start it with `understudy up`, or set {setting}."
        )


class ApiUnreachable(LocalError):
    """A command cannot reach the api."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"No api answers at {url} ({reason}). Start it with `understudy up`, or say --url."
        )


class ApiRefused(LocalError):
    """The api answers a command with an error."""

    def __init__(self, method: str, path: str, status: int, said: str) -> None:
        hint = " Set UNDERSTUDY_API_KEY to the key of the service." if status == 401 else ""
        super().__init__(f"{method} {path} was answered with status {status}: {said}{hint}")


class SendingIncomplete(LocalError):
    """Not every row that was sent has its prediction."""

    def __init__(self, failed: int, sent: int, first_error: str) -> None:
        super().__init__(f"{failed} of {sent} rows were not answered; the first: {first_error}")


class ExtraMissing(LocalError):
    """Optional libraries are needed and not installed."""

    def __init__(self, what: str, missing: Sequence[str], extra: str) -> None:
        super().__init__(
            f"{what} needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not"
            f" installed. Install the extra: pip install 'understudy[{extra}]'"
        )


class ReportFailed(LocalError):
    """A cell of the report's notebook fails; nothing is written then."""

    def __init__(self, section: str, reason: str) -> None:
        super().__init__(f"The report was not written: its section “{section}” fails with {reason}")


class CertificateUnwritten(LocalError):
    """A certificate cannot be written where it is wanted; no file is ever overwritten."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The certificate was not written to {path}: {reason}.")
