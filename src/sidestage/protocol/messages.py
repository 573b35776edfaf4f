"""What travels between an engine and its worker, in a browser or in a subprocess: ``{type, id, payload}``.

A request bears an id that the engine chose; its one reply bears the same, and so do the reports that come before it,
any number of them. A ``log`` may also come while nothing was asked, and ``crashed`` belongs to no request; their id is
null then. Here is what belongs to every request; the rest stands with the handlers: see ``requests``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sidestage.protocol.wire import Value, named, untagged, wire_type


@untagged
@wire_type
class ErrorReply:
    """A request failed.

    Attributes:
        name: the exception's class name.
        message: its text.
        stack: JavaScript's, where there is one.
        python_traceback: Python's, where there is one.
        failed_index: where a request does several things, the position of the one that failed.
        partial_results: the results of those before it.
    """

    name: str
    message: str
    stack: str | None = None
    python_traceback: str | None = named("pythonTraceback", default=None)
    failed_index: int | None = named("failedIndex", default=None)
    partial_results: Sequence[Value] | None = named("partialResults", default=None)


@untagged
@wire_type
class ProgressReport:
    """How far a request is. ``value`` goes from 0 to 100 and never falls."""

    stage: Literal["download", "start", "packages", "ready"]
    message: str
    value: float


@untagged
@wire_type
class LogLine:
    """One line that Python printed, or that Sidestage says: that is ``system``."""

    stream: Literal["stdout", "stderr", "system"]
    text: str


@untagged
@wire_type
class LogReport:
    """Lines in the order they were printed."""

    lines: Sequence[LogLine]


@untagged
@wire_type
class CrashedReport:
    """The interpreter is of no use any more; the worker can only be replaced."""

    message: str


#: What any request may tell while it runs.
COMMON_REPORTS = (ProgressReport, LogReport)
