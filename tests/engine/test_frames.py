"""Frames: what goes in comes out, in whatever pieces it travels."""

from __future__ import annotations

import pytest

from sidestage.worker.frames import FrameReader, frame

FRAMES = [[b"text", b"", b"\0" * 20], [], [b"last"]]
STREAM = b"".join(piece for parts in FRAMES for piece in map(bytes, frame(parts)))


@pytest.mark.parametrize("size", [1, 3, 7, len(STREAM)])
def test_frames_come_out_as_they_went_in(size: int) -> None:
    reader = FrameReader()
    pieces = [STREAM[start : start + size] for start in range(0, len(STREAM), size)]
    assert [parts for piece in pieces for parts in reader.feed(piece)] == FRAMES


def test_a_frame_that_is_not_complete_waits() -> None:
    reader = FrameReader()
    assert list(reader.feed(STREAM[:-1])) == FRAMES[:2]
    assert list(reader.feed(STREAM[-1:])) == FRAMES[2:]


def test_parts_may_be_views() -> None:
    assert b"".join(bytes(piece) for piece in frame([memoryview(b"ab")])) == b"\0\0\0\1" + b"\0" * 7 + b"\2ab"
