"""A line of a given speed: a proxy on loopback that passes bytes on no faster than that, all connections together."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

#: Bytes that are passed on at once; small enough that connections share the line fairly.
_PIECE = 16_384


@contextmanager
def slow_line(address: str, megabits: float, latency: float = 0.02) -> Iterator[str]:
    """Yield another address of the same server, behind a line of so many megabits per second down.

    Each new piece of an answer is also ``latency`` seconds under way, where the line was idle.
    """
    parts = urlsplit(address)
    assert parts.hostname
    line = _Line(parts.hostname, parts.port or 80, megabits * 1_000_000 / 8, latency)
    thread = threading.Thread(target=line.run, daemon=True)
    thread.start()
    line.ready.wait()
    try:
        yield f"http://127.0.0.1:{line.port}/"
    finally:
        line.loop.call_soon_threadsafe(line.stop.set)
        thread.join()


class _Line:
    def __init__(self, host: str, port: int, rate: float, latency: float) -> None:
        self._target = (host, port)
        self._rate = rate
        self._latency = latency
        #: When the line has passed on all that it was given so far, by the loop's clock.
        self._free_at = 0.0
        self.port = 0
        self.ready = threading.Event()

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.stop = asyncio.Event()
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        async with server:
            await self.stop.wait()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up, down = await asyncio.open_connection(*self._target)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._pass_on(reader, down, slow=False), self._pass_on(up, writer, slow=True))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slow: bool) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while piece := await reader.read(_PIECE):
                if slow:
                    await self._wait_for(len(piece))
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _wait_for(self, size: int) -> None:
        now = self.loop.time()
        if self._free_at < now:
            self._free_at = now + self._latency
        self._free_at += size / self._rate
        await asyncio.sleep(self._free_at - now)
