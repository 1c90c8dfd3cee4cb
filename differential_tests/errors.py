"""
What can go wrong beside a difference between two builds.

    DifferentialError
    ├── UsageError            exit status 64: ask differently, or mend a file of this folder
    │   ├── RevisionUnknown
    │   └── FileInvalid
    └── OperationFailed       exit status 70: a build could not be asked
        ├── CommandFailed
        ├── BuildFailed
        ├── ServiceFailed
        └── BaselineMissing
"""

from pathlib import Path


class DifferentialError(Exception):
    """The differential tests cannot be run to their end."""

    status = 70


class UsageError(DifferentialError):
    """What was asked for, or what a file declares, makes no sense."""

    status = 64


class RevisionUnknown(UsageError):
    """The revision named as baseline does not exist."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"{revision!r} names no commit here; `git log` and `git tag` list them.")


class FileInvalid(UsageError):
    """A file of tolerances, declarations or payloads does not say what it must."""

    def __init__(self, path: Path | str, where: str, problem: str) -> None:
        super().__init__(f"{path}, {where}: {problem}")


class OperationFailed(DifferentialError):
    """Something that had to be run did not do its work."""


class CommandFailed(OperationFailed):
    """A program ended with another status than 0, or not in time."""

    def __init__(self, command: list[str], what: str, said: str) -> None:
        shown = " ".join(command[:4]) + (" …" if len(command) > 4 else "")
        super().__init__(f"`{shown}` {what}." + (f" It said last:\n{said}" if said else ""))


class BuildFailed(OperationFailed):
    """One side cannot be built, trained or served."""

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(f"{title} cannot be built: {reason}")


class ServiceFailed(OperationFailed):
    """The service of one side did not become ready, or ended while it was being asked."""

    def __init__(self, title: str, problem: str, said: str) -> None:
        super().__init__(f"The service of {title} {problem}. It said last:\n{said}")


class BaselineMissing(OperationFailed):
    """There is no baseline, and the caller insists on one."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"There is no baseline to compare with: {reason}")
