"""A room of a test: its request tells what it does while it runs; arrays and bytes are in what it says."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sidestage.protocol.messages import LogLine, LogReport, ProgressReport
from sidestage.protocol.requests import Handlers, request
from sidestage.protocol.wire import Value, untagged, wire_type


@untagged
@wire_type
class MeasureRequest:
    """What to measure.

    Attributes:
        lengths: of what.
        pause: between two of them, in seconds.
        wrong: a report that does not belong here.
    """

    lengths: Sequence[float]
    pause: float = 0
    wrong: str | None = None


@untagged
@wire_type
class MeasuredReport:
    """One length."""

    position: int
    samples: Value


@untagged
@wire_type
class MeasuresReply:
    """All of them."""

    samples: Value
    raw: Value
    whole: int


class Requests(Handlers):
    """Measuring."""

    @request(reports=[MeasuredReport])
    def measure(self, asked: MeasureRequest) -> MeasuresReply:
        """Measure, without waiting for anything."""
        import numpy

        if asked.wrong:
            self.context.report(asked.wrong, ProgressReport("start", "", 0))
        for position, length in enumerate(asked.lengths):
            time.sleep(asked.pause)
            self.context.report("measured", MeasuredReport(position, numpy.full(3, length)))
            self.context.report("progress", ProgressReport("start", f"measured {length}", position))
            self.context.report("log", LogReport([LogLine("system", f"line {position}")]))
        return MeasuresReply(numpy.array(asked.lengths), b"\0\1", 2**60)
