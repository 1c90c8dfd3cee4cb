"""Errors of clients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from understudy.errors.root import UnderstudyError


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


class AddressedByAnotherName(RequestError):
    """An api that asks nobody for a key is addressed by a name that may be anybody's."""

    def __init__(self, host: bytes) -> None:
        shown = host[:100].decode("latin-1")
        super().__init__(
            f"No key is asked for here, so the service answers only as localhost or by its address"
            f" (Host: {shown}): any other name may be that of a site that wants to read it through"
            " its visitor's browser. Under a name of its own, as behind a proxy, it needs API keys:"
            " `understudy keys create`."
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
