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
    │   ├── AddressedByAnotherName
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
        │   └── EmbeddedPostgresKilled
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

from understudy.errors.artefact import (
    ArgumentRefused,
    ArtefactCorrupt,
    ArtefactError,
    ArtefactImmutable,
    ArtefactInvalid,
    ArtefactMissing,
    ArtefactRefused,
    ArtefactUntrusted,
    ArtefactUnvetted,
)
from understudy.errors.comparison import (
    CertificateDiffers,
    CertificateError,
    CertificateInvalid,
    CertificateUnverifiable,
    ComparisonError,
    CoverageMismatch,
    EvidenceInvalid,
    NothingRecorded,
)
from understudy.errors.deployment import (
    CaptureIncomplete,
    DeploymentError,
    DeploymentRefused,
    FieldRedacted,
    NotReproducible,
    RolloutIncomplete,
)
from understudy.errors.local import (
    AlreadyRunning,
    ApiRefused,
    ApiUnreachable,
    CaptureKeyUnusable,
    CertificateUnwritten,
    DeploymentsUnreadable,
    EmbeddedPostgresFailed,
    EmbeddedPostgresKilled,
    ExtraMissing,
    KeysUnreadable,
    LocalError,
    NothingRuns,
    PartFailed,
    PortTaken,
    ReportFailed,
    SendingIncomplete,
    SpoolCorrupt,
)
from understudy.errors.model import (
    ModelError,
    NotReproduced,
    OutputInvalid,
    QuizFailed,
    ScoringFailed,
    TrainingFailed,
)
from understudy.errors.not_ready import (
    BoardNotDrawn,
    BodiesHeld,
    DeskBusy,
    LogUnavailable,
    NoLiveModel,
    NotReady,
    Overloaded,
    PolicyUnexamined,
    SpoolFull,
    StoreUnavailable,
    TooSlow,
)
from understudy.errors.request import (
    AddressedByAnotherName,
    BodyMalformed,
    BodyTooLarge,
    DecisionInvalid,
    EncodingUnsupported,
    HeaderInvalid,
    InstancesInvalid,
    NotRecordedYet,
    RecordUnknown,
    RequestErased,
    RequestError,
    SentByAnotherSite,
    Violation,
)
from understudy.errors.root import MOST_LISTED, UnderstudyError, listed
from understudy.errors.usage import (
    CaptureInvalid,
    GatesInvalid,
    KeyInvalid,
    PolicyInvalid,
    SettingInvalid,
    StoreInvalid,
    UsageError,
)

__all__ = [
    "MOST_LISTED",
    "AddressedByAnotherName",
    "AlreadyRunning",
    "ApiRefused",
    "ApiUnreachable",
    "ArgumentRefused",
    "ArtefactCorrupt",
    "ArtefactError",
    "ArtefactImmutable",
    "ArtefactInvalid",
    "ArtefactMissing",
    "ArtefactRefused",
    "ArtefactUntrusted",
    "ArtefactUnvetted",
    "BoardNotDrawn",
    "BodiesHeld",
    "BodyMalformed",
    "BodyTooLarge",
    "CaptureIncomplete",
    "CaptureInvalid",
    "CaptureKeyUnusable",
    "CertificateDiffers",
    "CertificateError",
    "CertificateInvalid",
    "CertificateUnverifiable",
    "CertificateUnwritten",
    "ComparisonError",
    "CoverageMismatch",
    "DecisionInvalid",
    "DeploymentError",
    "DeploymentRefused",
    "DeploymentsUnreadable",
    "DeskBusy",
    "EmbeddedPostgresFailed",
    "EmbeddedPostgresKilled",
    "EncodingUnsupported",
    "EvidenceInvalid",
    "ExtraMissing",
    "FieldRedacted",
    "GatesInvalid",
    "HeaderInvalid",
    "InstancesInvalid",
    "KeyInvalid",
    "KeysUnreadable",
    "LocalError",
    "LogUnavailable",
    "ModelError",
    "NoLiveModel",
    "NotReady",
    "NotRecordedYet",
    "NotReproduced",
    "NotReproducible",
    "NothingRecorded",
    "NothingRuns",
    "OutputInvalid",
    "Overloaded",
    "PartFailed",
    "PolicyInvalid",
    "PolicyUnexamined",
    "PortTaken",
    "QuizFailed",
    "RecordUnknown",
    "ReportFailed",
    "RequestErased",
    "RequestError",
    "RolloutIncomplete",
    "ScoringFailed",
    "SendingIncomplete",
    "SentByAnotherSite",
    "SettingInvalid",
    "SpoolCorrupt",
    "SpoolFull",
    "StoreInvalid",
    "StoreUnavailable",
    "TooSlow",
    "TrainingFailed",
    "UnderstudyError",
    "UsageError",
    "Violation",
    "listed",
]
