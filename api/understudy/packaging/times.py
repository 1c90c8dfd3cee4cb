"""The column that says when a row was: it has to be there, and to hold times."""

from understudy.errors import ArgumentRefused
from understudy.packaging.gates.staleness import unreadable_times
from understudy.packaging.given import Given
from understudy.packaging.refusals import Refusals

# Values that are no times and are named.
MOST_NAMED = 3


def check_times(given: Given, time_column: str | None, refusals: Refusals) -> None:
    """Refuse a time column that is none, or whose values nobody could put in order."""
    if time_column is None:
        return
    known = [field.name for field in given.schema.fields]
    refusals.add_if(
        time_column not in known,
        f"there is no time column {time_column!r}; the columns are {', '.join(known)}",
    )
    refusals.stop_if_any(ArgumentRefused)
    unreadable = unreadable_times(given.train[time_column])
    named = ", ".join(map(repr, unreadable[:MOST_NAMED]))
    more = f" and {len(unreadable) - MOST_NAMED} more" if len(unreadable) > MOST_NAMED else ""
    refusals.add_if(
        bool(unreadable),
        f"the time column {time_column} holds {named}{more}: neither an ISO date nor a year",
    )
    refusals.stop_if_any()
