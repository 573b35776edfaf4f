"""What the code in a worker prints, cut into lines."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Literal

from sidestage.protocol.limits import LONGEST_OUTPUT_LINE
from sidestage.protocol.messages import LogLine


class Output:
    """Cuts the two streams of a worker into lines.

    Args:
        mark: stands before and after what was written to stderr by way of ``sys.stderr``, which comes in one stream
            with stdout, so that the order is kept.
        on_line: gets each line.
    """

    def __init__(self, mark: bytes, on_line: Callable[[LogLine], None]) -> None:
        self._mark = mark
        self._stdout = _Lines("stdout", on_line)
        self._stderr = _Lines("stderr", on_line)
        self._current = self._stdout
        self._held = b""

    def take(self, data: bytes) -> None:
        """Take what was printed, with its marks."""
        *pieces, last = (self._held + data).split(self._mark)
        kept, self._held = self._without_half_a_mark(last)
        for piece in pieces:
            self._current.take(piece)
            self._current = self._stdout if self._current is self._stderr else self._stderr
        self._current.take(kept)

    def take_errors(self, data: bytes) -> None:
        """Take what was written to stderr past Python, by a library in C."""
        self._stderr.take(data)

    def flush(self) -> None:
        """Send on a last line without its end."""
        # Code that is stopped in the middle of writing may leave a mark without its fellow.
        self._current = self._stdout
        self._stdout.flush()
        self._stderr.flush()

    def _without_half_a_mark(self, data: bytes) -> tuple[bytes, bytes]:
        start = data.rfind(self._mark[:1])
        if start >= 0 and self._mark.startswith(data[start:]):
            return data[:start], data[start:]
        return data, b""


class _Lines:
    """One stream."""

    def __init__(self, stream: Literal["stdout", "stderr"], on_line: Callable[[LogLine], None]) -> None:
        self._stream: Literal["stdout", "stderr"] = stream
        self._on_line = on_line
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._partial = ""
        self._was_cut = False

    def take(self, data: bytes) -> None:
        text = self._partial + self._decoder.decode(data)
        if not text:
            return
        *lines, self._partial = text.split("\n")
        if self._was_cut and lines and not lines[0]:
            # Of a line that was cut nothing but its end was missing.
            del lines[0]
        for line in lines:
            self._on_line(LogLine(self._stream, line))
        self._was_cut = len(self._partial) > LONGEST_OUTPUT_LINE
        if self._was_cut:
            self.flush()

    def flush(self) -> None:
        if self._partial:
            line, self._partial = self._partial, ""
            self._on_line(LogLine(self._stream, line))
