"""The threads that ship: some that nobody feels, and some that get on under any load."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from understudy.log.database import connect
from understudy.priority import go_last

Item = TypeVar("Item")
Result = TypeVar("Result")

HANDS = 2
"""Spools shipped at once: while Postgres takes the rows of one, those of another are read."""


class Hands:
    """
    A few threads of one rank, with connections of their own.

    A backend of Postgres ranks as the thread that connects to it, so that no connection may pass
    from one rank to another. Those of `patient` hands have only what nobody else wants.
    """

    def __init__(self, database_url: str, *, patient: bool = False) -> None:
        self.engine = connect(database_url, pool_size=HANDS)
        name, begin = ("patient", go_last) if patient else ("pressed", None)
        self._threads = ThreadPoolExecutor(HANDS, name, begin)

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do the work on every item, several at once, and yield the results in order."""
        return self._threads.map(work, items)

    def close(self) -> None:
        """Wait for what is being done, and hang up."""
        self._threads.shutdown()
        self.engine.dispose()
