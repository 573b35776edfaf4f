"""Lines that are not what one would wish: proxies on loopback before a server, one slow, one that breaks."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

#: Bytes that are passed on at once; small enough that connections share the line fairly.
_PIECE = 16_384
#: How late a timer may come, in seconds.
_LATE = 0.01


@contextmanager
def slow_line(address: str, megabits: float, latency: float = 0.02) -> Iterator[str]:
    """Yield another address of the same server, behind a line of so many megabits per second down.

    All connections share it. Each piece of an answer is also ``latency`` seconds under way.
    """
    rate = megabits * 1_000_000 / 8
    with _listening(_Line(address, rate=rate, latency=latency)) as line:
        yield line.address


@contextmanager
def breaking_line(address: str, breaks: int, after: int) -> Iterator[tuple[str, list[int]]]:
    """Yield another address of the same server, and a list that tells how often the line has broken so far.

    It breaks so often, each time under a connection that has brought ``after`` bytes: in the middle of a large file.
    """
    broken: list[int] = []
    with _listening(_Line(address, breaks=breaks, after=after, broken=broken)) as line:
        yield line.address, broken


@contextmanager
def _listening(line: _Line) -> Iterator[_Line]:
    thread = threading.Thread(target=line.run, daemon=True)
    thread.start()
    line.ready.wait()
    try:
        yield line
    finally:
        line.loop.call_soon_threadsafe(line.stop.set)
        thread.join()


class _Line:
    def __init__(
        self,
        address: str,
        *,
        rate: float = math.inf,
        latency: float = 0,
        breaks: int = 0,
        after: int = 0,
        broken: list[int] | None = None,
    ) -> None:
        parts = urlsplit(address)
        self._target = (parts.hostname, parts.port or 80)
        self._rate = rate
        self._latency = latency
        self._breaks = breaks
        self._after = after
        #: The bytes that each connection had brought when the line broke under it.
        self._broken = [] if broken is None else broken
        #: When the line has passed on all that it was given so far, by the loop's clock.
        self._free_at = 0.0
        self.address = ""
        self.ready = threading.Event()

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.stop = asyncio.Event()
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        self.ready.set()
        async with server:
            await self.stop.wait()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up, down = await asyncio.open_connection(*self._target)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._send(reader, down), self._bring(up, writer))

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while piece := await reader.read(_PIECE):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _bring(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.ensure_future(self._arrive(under_way, writer))
        brought = 0
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while piece := await reader.read(_PIECE):
                await self._wait_for(len(piece))
                brought += len(piece)
                if brought > self._after and len(self._broken) < self._breaks:
                    self._broken.append(brought)
                    writer.transport.abort()
                    break
                under_way.put_nowait((self.loop.time() + self._latency, piece))
        under_way.put_nowait((0, b""))
        await arriving

    async def _arrive(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while (arrival := await under_way.get())[1]:
                due, piece = arrival
                if due > self.loop.time():
                    await asyncio.sleep(due - self.loop.time())
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _wait_for(self, size: int) -> None:
        """Wait until the line has room for so many bytes; a timer that came late is made good."""
        now = self.loop.time()
        self._free_at = max(self._free_at, now - _LATE) + size / self._rate
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)
