"""Errors in a command or a setting."""

from pathlib import Path

from understudy.errors.root import UnderstudyError


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
