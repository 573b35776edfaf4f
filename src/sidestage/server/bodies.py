"""Reading what a request sends: within a limit, at a pace, and within the room that there is for all of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

import anyio
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sidestage.server.kept_files import refused_by_disk
from sidestage.server.rates import address_of_sender
from sidestage.server.replies import size_in_words

#: How much of a body that is too large is still read and thrown away, and for how many seconds. A browser shows the
#: refusal only when its request has been read to the end; otherwise it reports a broken connection.
_DRAIN_BYTES = 2_000_000_000
_DRAIN_SECONDS = 30

#: How long a sender may be silent in the middle of a request.
_SILENCE_SECONDS = 60
#: From when on a body must have come at this many bytes a second on average: that of a slow line.
_GRACE_SECONDS = 30
_SLOWEST = 16_000

#: Bodies up to this size are held in memory; larger ones in a file without a name.
SMALL = 1 << 20


class Room:
    """The bytes that may be on their way in at once: in all, and half of that from one address."""

    def __init__(self, size: int, folder: Path | None = None) -> None:
        self.folder = folder
        self._size = size
        self._taken: Counter[str] = Counter()

    def take(self, address: str, size: int) -> None:
        """Take room; refuses the request if there is none."""
        if self._taken.total() + size > self._size or self._taken[address] + size > self._size // 2:
            raise HTTPException(
                503, "The study's server is busy with other donations. Try again in a moment.", {"Retry-After": "5"}
            )
        self._taken[address] += size

    def give_back(self, address: str, size: int) -> None:
        """Give room back that was taken."""
        self._taken[address] -= size
        if self._taken[address] <= 0:
            del self._taken[address]


#: For what is small wherever it is sent: log lines, tracebacks.
_ROOM = Room(64_000_000)


@asynccontextmanager
async def body_of(request: Request, limit: int, what: str, room: Room = _ROOM) -> AsyncIterator[tuple[IO[bytes], int]]:
    """A file with the body, if it has at most ``limit`` bytes, and its size.

    What comes is counted, whatever the request says of its length.

    Raises:
        HTTPException: if it is too large, too slow, or there is no room.
        StoreError: if the disk does not take it.
    """
    address = address_of_sender(request)
    taken = 0
    with SpooledTemporaryFile(max_size=SMALL, dir=str(room.folder) if room.folder else None) as file:
        try:
            pending = bytearray()
            async for piece in _pieces(request, limit, what):
                room.take(address, len(piece))
                taken += len(piece)
                pending += piece
                if len(pending) >= SMALL:
                    await _write(file, pending, room.folder)
                    pending = bytearray()
            await _write(file, pending, room.folder)
            file.seek(0)
            yield file, taken
        finally:
            room.give_back(address, taken)


async def read_body(request: Request, limit: int, what: str) -> bytes:
    """A small body, as ``body_of`` has it."""
    async with body_of(request, limit, what) as (file, _size):
        return file.read()


async def _write(file: IO[bytes], content: bytearray, folder: Path | None) -> None:
    try:
        await to_thread.run_sync(file.write, content)
    except OSError as error:
        raise refused_by_disk(error, folder or Path("The folder for temporary files")) from error


async def _pieces(request: Request, limit: int, what: str) -> AsyncIterator[bytes]:
    """What comes, piece by piece. The rest of a body that is too large is read, as far as that goes, and lost."""
    declared = request.headers.get("content-length", "")
    size = 0
    began = time.monotonic()
    too_large = declared.isdecimal() and int(declared) > limit
    deadline = began + _DRAIN_SECONDS
    complete = True
    stream = request.stream()
    while (piece := await _next_piece(stream, what, size, began)) is not None:
        size += len(piece)
        if size > limit and not too_large:
            too_large = True
            deadline = time.monotonic() + _DRAIN_SECONDS
        if not too_large:
            yield piece
        elif size > limit + _DRAIN_BYTES or time.monotonic() > deadline:
            complete = False
            break
    if too_large:
        raise HTTPException(413, _too_large(what, size, limit, complete=complete))


async def _next_piece(stream: AsyncGenerator[bytes, None], what: str, size: int, began: float) -> bytes | None:
    """What comes next; None at the end. A sender that falls silent, or trickles, is not waited for for ever."""
    left = began + _GRACE_SECONDS + size / _SLOWEST - time.monotonic()
    with anyio.move_on_after(min(_SILENCE_SECONDS, left)):
        return await anext(stream, None)
    raise HTTPException(408, f"{what} did not arrive whole: it came too slowly, or broke off. Send it again.")


def _too_large(what: str, size: int, limit: int, *, complete: bool) -> str:
    has = size_in_words(size) if complete else f"more than {size_in_words(max(size, limit))}"
    exactly = f" ({size:,} bytes against {limit:,})" if complete and size_in_words(size) == size_in_words(limit) else ""
    most = size_in_words(limit)
    return f"{what} is too large: it has {has}, and at most {most} can be taken{exactly}. Nothing was kept."
