"""Errors of this machine."""

from collections.abc import Sequence
from pathlib import Path

from understudy.errors.root import UnderstudyError


class LocalError(UnderstudyError):
    """This machine cannot do what is needed."""


class SpoolCorrupt(LocalError):
    """A spool file cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The spool {path} cannot be read ({reason}); it was set aside.")
        self.reason = reason


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


class EmbeddedPostgresKilled(EmbeddedPostgresFailed):
    """Somebody ended the embedded Postgres while it started; another time it may go well."""


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
