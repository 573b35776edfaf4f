"""Reading what a request sends, within a limit, and checking that it is JSON."""

from __future__ import annotations

import codecs
import sqlite3
import time
from collections.abc import AsyncGenerator

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sidestage.server.replies import size_in_words

#: How much of a body that is too large is still read and thrown away, and for how many seconds. A browser shows the
#: refusal only when its request has been read to the end; otherwise it reports a broken connection.
_DRAIN_BYTES = 2_000_000_000
_DRAIN_SECONDS = 30

#: How long a sender may be silent in the middle of a request.
_SILENCE_SECONDS = 60

_PIECE = 1 << 20


async def read_body(request: Request, limit: int, what: str) -> bytes:
    """The body, if it has at most ``limit`` bytes. What comes is counted, whatever the request says of its length."""
    declared = request.headers.get("content-length", "")
    size = 0
    pieces: list[bytes] = []
    too_large = declared.isdecimal() and int(declared) > limit
    deadline = time.monotonic() + _DRAIN_SECONDS
    complete = True
    stream = request.stream()
    while (piece := await _next_piece(stream, what)) is not None:
        size += len(piece)
        if size > limit and not too_large:
            too_large = True
            deadline = time.monotonic() + _DRAIN_SECONDS
        if not too_large:
            pieces.append(piece)
            continue
        pieces.clear()
        if size > limit + _DRAIN_BYTES or time.monotonic() > deadline:
            complete = False
            break
    if too_large:
        raise HTTPException(413, _too_large(what, size, limit, complete=complete))
    return b"".join(pieces)


async def _next_piece(stream: AsyncGenerator[bytes, None], what: str) -> bytes | None:
    """What comes next; None at the end. A sender that falls silent is not waited for for ever."""
    with anyio.move_on_after(_SILENCE_SECONDS):
        return await anext(stream, None)
    raise HTTPException(
        408, f"{what} did not arrive whole: nothing came for {_SILENCE_SECONDS} seconds. Send it again."
    )


def _too_large(what: str, size: int, limit: int, *, complete: bool) -> str:
    has = size_in_words(size) if complete else f"more than {size_in_words(max(size, limit))}"
    exactly = f" ({size:,} bytes against {limit:,})" if complete and size_in_words(size) == size_in_words(limit) else ""
    most = size_in_words(limit)
    return f"{what} is too large: it has {has}, and at most {most} can be taken{exactly}. Nothing was kept."


def check_json(data: bytes, what: str) -> None:
    """Make sure that the bytes are JSON text in UTF-8, without building the values, which would take much memory.

    SQLite's own parser does it: it is strict, and it lets other threads run meanwhile.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise HTTPException(400, f"{what} is not text in UTF-8. Send JSON text, encoded in UTF-8.") from None
    connection = sqlite3.connect(":memory:")
    try:
        # A zero byte would end the text early for SQLite; no JSON text holds one.
        valid = b"\0" not in data and connection.execute("SELECT json_valid(CAST(? AS TEXT))", (data,)).fetchone()[0]
    finally:
        connection.close()
    if not valid:
        raise HTTPException(400, f"{what} is not valid JSON. Send one JSON value; NaN and Infinity are none, null is.")
