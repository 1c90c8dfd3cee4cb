"""What all errors are."""

from collections.abc import Sequence

MOST_LISTED = 5


def listed(names: Sequence[str]) -> str:
    """Name some things, and count the rest."""
    shown = ", ".join(names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return shown if more <= 0 else f"{shown} and {more} more"


class UnderstudyError(Exception):
    """Something Understudy can name went wrong; the message says what would help."""
