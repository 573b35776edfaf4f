"""What a worker prints, cut into lines."""

from __future__ import annotations

import pytest

from sidestage.engine.output import Output
from sidestage.protocol.limits import LONGEST_OUTPUT_LINE

MARK = b"\0abc"


def lines_of(*pieces: bytes) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    output = Output(MARK, lambda line: lines.append((line.stream, line.text)))
    for piece in pieces:
        output.take(piece)
    output.flush()
    return lines


PRINTED = (
    b"one\n" + MARK + "twö\n".encode() + MARK + b"\0a\n" + MARK + MARK + b"half" + MARK + b"err" + MARK + b" more\n"
)
LINES = [
    ("stdout", "one"),
    ("stderr", "twö"),
    ("stdout", "\0a"),
    ("stdout", "half more"),
    ("stderr", "err"),
]


@pytest.mark.parametrize("size", range(1, len(PRINTED) + 1))
def test_lines_are_the_same_in_whatever_pieces_they_come(size: int) -> None:
    assert lines_of(*(PRINTED[start : start + size] for start in range(0, len(PRINTED), size))) == LINES


def test_what_is_no_text_is_still_a_line() -> None:
    assert lines_of(b"\xff\n") == [("stdout", "\ufffd")]


def test_a_line_without_end_is_cut() -> None:
    assert [len(text) for _, text in lines_of(*[b"x" * LONGEST_OUTPUT_LINE] * 3)] == [
        2 * LONGEST_OUTPUT_LINE,
        LONGEST_OUTPUT_LINE,
    ]


def test_the_end_of_a_line_that_was_cut_is_no_line_of_its_own() -> None:
    lines = lines_of(b"x" * (LONGEST_OUTPUT_LINE + 1), b"\n", b"\nafter an empty line\n")
    assert [text[:20] for _, text in lines] == ["x" * 20, "", "after an empty line"]


def test_a_mark_without_its_fellow_ends_with_the_request() -> None:
    lines: list[tuple[str, str]] = []
    output = Output(MARK, lambda line: lines.append((line.stream, line.text)))
    output.take(MARK + b"broken off")
    output.flush()
    output.take(b"next\n")
    output.take_errors(b"past Python\n")
    assert lines == [("stderr", "broken off"), ("stdout", "next"), ("stderr", "past Python")]
