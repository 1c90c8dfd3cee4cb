"""Errors of comparisons and of certificates."""

from collections.abc import Mapping
from datetime import datetime

from understudy.errors.root import UnderstudyError


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
