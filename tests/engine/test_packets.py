"""Packets: what goes in comes out, in whatever pieces it travels."""

from __future__ import annotations

import pytest

from sidestage.worker.packets import PacketReader, packet

PACKETS = [[b"text", b"", b"\0" * 20], [], [b"last"]]
STREAM = b"".join(piece for parts in PACKETS for piece in map(bytes, packet(parts)))


@pytest.mark.parametrize("size", [1, 3, 7, len(STREAM)])
def test_packets_come_out_as_they_went_in(size: int) -> None:
    reader = PacketReader()
    pieces = [STREAM[start : start + size] for start in range(0, len(STREAM), size)]
    assert [parts for piece in pieces for parts in reader.feed(piece)] == PACKETS


def test_a_packet_that_is_not_complete_waits() -> None:
    reader = PacketReader()
    assert list(reader.feed(STREAM[:-1])) == PACKETS[:2]
    assert list(reader.feed(STREAM[-1:])) == PACKETS[2:]


def test_parts_may_be_views() -> None:
    assert b"".join(bytes(piece) for piece in packet([memoryview(b"ab")])) == b"\0\0\0\1" + b"\0" * 7 + b"\2ab"
