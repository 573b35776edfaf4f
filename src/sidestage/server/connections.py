"""HTTP connections that cannot be held open for nothing, and of which there are never more than the system can bear."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

#: How long the head of a request may take, from its first byte or from the connection's beginning, in seconds.
HEAD_SECONDS = 10
#: How long a connection may wait for its next request.
_IDLE_SECONDS = 30
#: How long the rest of a body is read that has been answered already: so that a browser reads the answer.
_REST_SECONDS = 30
#: How long a visitor may take nothing of an answer.
_STALLED_SECONDS = 60

#: Connections of one process, where the system allows as many files as they may need.
_MOST = 2_000
#: Files that a process needs for other things, and those that one connection may need.
_OTHER_FILES = 100
_FILES_EACH = 2


def most_connections() -> int:
    """How many connections a process may have. First it is allowed more open files, where it can be."""
    if sys.platform == "win32":
        return _MOST
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST * _FILES_EACH + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
    if soft == resource.RLIM_INFINITY:
        return _MOST
    return max(8, min(_MOST, (soft - _OTHER_FILES) // _FILES_EACH))


class Connection(H11Protocol):
    """A connection. While it waits for a request it has a time limit, and gives way when there are too many.

    Those that have waited longest give way first. A request under way is never cut for another.
    """

    #: Set by the first connection of a process.
    most = 0
    #: The connections without a request under way, those that have waited longest first.
    waiting: dict[Connection, None] = {}  # noqa: RUF012

    _limit: asyncio.TimerHandle | None = None
    _limited: str = ""
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A visitor has connected."""
        super().connection_made(transport)
        if not Connection.most:
            Connection.most = most_connections()
        self._watch()
        if len(self.connections) > Connection.most:
            next(iter(Connection.waiting)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        for timer in (self._limit, self._stalled):
            if timer:
                timer.cancel()
        Connection.waiting.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something has come."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """A request has been answered."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """The visitor does not take what is sent as fast as it comes."""
        super().pause_writing()
        self._stalled = self.loop.call_later(_STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The visitor takes it again."""
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; in the middle of an answer there is nothing to be said any more."""
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            self.transport.abort()

    def _watch(self) -> None:
        """Set the limit of what is waited for, once: more bytes of the same do not prolong it."""
        limited, seconds = self._awaited()
        if limited == self._limited or self.transport.is_closing():
            return
        if self._limit:
            self._limit.cancel()
        self._limited = limited
        Connection.waiting.pop(self, None)
        if limited:
            Connection.waiting[self] = None
            self._limit = self.loop.call_later(seconds, self.transport.abort)

    def _awaited(self) -> tuple[str, float]:
        number = id(self.cycle)
        if self.cycle is None:
            return "first head", HEAD_SECONDS
        if not self.cycle.response_complete:
            return "", 0
        if self.conn.their_state is h11.SEND_BODY:
            return f"rest {number}", _REST_SECONDS
        data: tuple[Any, bool] = self.conn.trailing_data
        return (f"head {number}", HEAD_SECONDS) if data[0] else (f"next {number}", _IDLE_SECONDS)
