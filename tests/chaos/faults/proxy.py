"""A proxy between the stack and Postgres, which delays, falls silent, or refuses."""

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

_PIECE = 65_536


class Proxy:
    """Passes connections on to a socket of this machine; used from any thread."""

    def __init__(self, target: Path) -> None:
        self._target = str(target)
        self._delay_s = 0.0
        self._open = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            self.port: int = probe.getsockname()[1]

    def start(self) -> None:
        """Begin to pass on."""
        self._thread.start()
        self.speak()
        self.accept()

    def stop(self) -> None:
        """End all connections and the thread."""
        self.refuse()
        self._do(_end_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def delay(self, seconds: float) -> None:
        """Let each piece, in either direction, wait so long from now on."""
        self._delay_s = seconds

    def fall_silent(self) -> None:
        """Pass nothing on, and let the connections stand."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def speak(self) -> None:
        """Pass everything on, also what has waited."""
        self._loop.call_soon_threadsafe(self._open.set)

    def refuse(self) -> None:
        """End every connection and take no other one."""
        self._do(self._close())

    def accept(self) -> None:
        """Take connections again."""
        self._do(self._listen())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_unix_connection(self._target)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                await asyncio.sleep(self._delay_s)
                await self._open.wait()
                writer.write(piece)
                await writer.drain()
        self._writers.discard(writer)
        writer.close()


async def _end_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def proxy_to(target: Path) -> Iterator[Proxy]:
    """Give a proxy for as long as a `with` lasts."""
    proxy = Proxy(target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
