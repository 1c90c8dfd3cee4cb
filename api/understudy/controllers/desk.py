"""The way to the control plane: how many requests may be in it, and how many may wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from understudy.errors import DeskBusy

THREADS = 10
"""As many as a2wsgi has for Flask: a request that comes in finds one free."""
MOST_WAITING = 100
PATIENCE_S = 20.0


class Desk:
    """
    Lets in as many requests as there are threads; a few more wait, for a limited time.

    Without it they would wait in a queue without an end, while slow readers of Postgres or of
    comparisons hold the threads. Used from one event loop.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._threads = asyncio.Semaphore(THREADS)
        self._patience_s = patience_s
        self.held = 0
        """How many requests are in the control plane or wait for it."""

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a place for as long as a `with` lasts; raises DeskBusy if there is none in time."""
        if self.held >= THREADS + MOST_WAITING:
            raise DeskBusy(self.held)
        self.held += 1
        try:
            await self._wait()
            try:
                yield
            finally:
                self._threads.release()
        finally:
            self.held -= 1

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._threads.acquire(), self._patience_s)
        except TimeoutError:
            raise DeskBusy(self.held) from None
