"""Packets: a few byte strings as one, so that a message's text and its buffers go over a pipe together.

A packet is the number of its parts, the length of each, then the parts, one after another.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

_COUNT = struct.Struct(">I")
_LENGTH = struct.Struct(">Q")


def packet(parts: Sequence[Any]) -> list[Any]:
    """The pieces to write for a packet; the parts, bytes or views of bytes, are not copied."""
    lengths = b"".join(_LENGTH.pack(len(part)) for part in parts)
    return [_COUNT.pack(len(parts)) + lengths, *parts]


class PacketReader:
    """Puts packets together from what comes out of a pipe, in whatever pieces."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[list[bytes]]:
        """Take more bytes; gives the parts of each packet that is now complete."""
        self._buffer += data
        while (parts := self._next()) is not None:
            yield parts

    def _next(self) -> list[bytes] | None:
        available = len(self._buffer)
        if available < _COUNT.size:
            return None
        (count,) = _COUNT.unpack_from(self._buffer)
        start = _COUNT.size + count * _LENGTH.size
        if available < start:
            return None
        lengths = [_LENGTH.unpack_from(self._buffer, _COUNT.size + i * _LENGTH.size)[0] for i in range(count)]
        if available < start + sum(lengths):
            return None
        parts = []
        with memoryview(self._buffer) as view:
            for length in lengths:
                parts.append(bytes(view[start : start + length]))
                start += length
        del self._buffer[:start]
        return parts
