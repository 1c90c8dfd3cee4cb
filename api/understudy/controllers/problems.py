"""From an error to a problem document (RFC 9457): the one table of statuses."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson

from understudy import errors
from understudy.errors import UnderstudyError, Violation

CONTENT_TYPE = "application/problem+json"

STATUSES: dict[type[UnderstudyError], tuple[int, str]] = {
    errors.BodyMalformed: (400, "The body is not valid"),
    errors.InstancesInvalid: (400, "The request breaks the contract"),
    errors.HeaderInvalid: (400, "A header is not valid"),
    errors.BodyTooLarge: (413, "The body is too large"),
    errors.EncodingUnsupported: (415, "The encoding is not supported"),
    errors.DecisionInvalid: (400, "The decision is not valid"),
    errors.SentByAnotherSite: (403, "Forbidden"),
    errors.AddressedByAnotherName: (403, "Forbidden"),
    errors.RecordUnknown: (404, "Not found"),
    errors.RequestErased: (410, "Erased"),
    errors.NotRecordedYet: (404, "Not recorded yet"),
    errors.NotReady: (503, "Not ready"),
    errors.OutputInvalid: (422, "The model has no answer to this"),
    errors.ModelError: (500, "The model could not answer"),
    errors.ArtefactMissing: (404, "Not found"),
    errors.ArtefactUnvetted: (409, "The deployment is refused"),
    errors.ArtefactUntrusted: (409, "The deployment is refused"),
    errors.ArtefactError: (500, "An artefact cannot be used"),
    errors.DeploymentError: (409, "The deployment is refused"),
    errors.ComparisonError: (409, "The comparison cannot be made"),
    errors.LocalError: (500, "The service has a problem of its own"),
    errors.UsageError: (500, "The service is not set up well"),
}
"""An error has the status of its nearest class in this table."""


def status_of(error: UnderstudyError) -> tuple[int, str]:
    """Return the HTTP status and the title for an error."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    raise LookupError(f"{type(error).__name__} has no status")


def _violations(error: UnderstudyError) -> Sequence[Violation]:
    """Return the places in the request that an error is about."""
    if isinstance(error, errors.InstancesInvalid):
        return error.violations
    if isinstance(error, errors.OutputInvalid) and error.instance is not None:
        return [Violation(error.instance, None, str(error))]
    return []


def problem(error: UnderstudyError) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of the problem document for an error."""
    status, title = status_of(error)
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": str(error),
    }
    headers = {"content-type": CONTENT_TYPE}
    if violations := _violations(error):
        document["errors"] = [
            {key: value for key, value in asdict(violation).items() if value is not None}
            for violation in violations
        ]
    if isinstance(error, errors.NotReady | errors.NotRecordedYet):
        headers["retry-after"] = str(error.retry_after_s)
    return status, headers, orjson.dumps(document)
