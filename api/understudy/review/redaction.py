"""What of a comparison's fields was redacted at capture, and is therefore compared no more."""

from dataclasses import replace

from understudy.log.captures import deployments_in_folds, read_captures
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection
from understudy.review.sides import Sides


def without_redacted(connection: Connection, sides: Sides, kept: KeptComparison) -> Sides:
    """
    Return the sides without the fields that were redacted in anything the folds of `kept` hold.

    A field counts as redacted from the first fold on that holds a single redacted value of it: so
    the same folds have the same fields whenever they are looked at.
    """
    captures = read_captures(connection, kept.endpoint)
    held = deployments_in_folds(connection, kept.endpoint, captures, kept.id, kept.folds)
    found = {
        name for _, fields in captures.redacting(held, list(sides.known_types)) for name in fields
    }
    return replace(sides, redacted=frozenset(found)) if found != sides.redacted else sides
