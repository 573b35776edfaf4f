"""Takes one request at a time, has it answered by its handler, and returns the reply.

Requests that need no waiting are answered by an ordinary call, so that the way through the event loop is not paid
for where nothing waits.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TextIO

from sidestage.errors import author_traceback
from sidestage.protocol.messages import ErrorReply
from sidestage.protocol.reading import STRICT, Rules, WireError, reader_of
from sidestage.protocol.requests import Definition, Handlers, RequestError
from sidestage.worker.context import WorkerContext
from sidestage.worker.rooms import definition_of, room_of
from sidestage.worker.transport import Transport
from sidestage.worker.values import Encoded, decode, encode_message


class _Answering(NamedTuple):
    """A request that has come before: its definition and its handler in this worker."""

    definition: Definition
    read: Callable[[Any, Rules], Any]
    handle: Callable[[Any], Any]
    reply: type
    reply_name: str


class Dispatcher:
    """The worker's Python half.

    Args:
        transport: the place where it runs.
    """

    def __init__(self, transport: Transport) -> None:
        self._context = WorkerContext(transport)
        self._rooms: dict[str, Handlers] = {}
        self._answering: dict[str, _Answering] = {}

    def receive(
        self, kind: str, request_id: int, text: str, buffers: Sequence[Any] = ()
    ) -> Encoded | Awaitable[Encoded]:
        """Handle one request; the payload comes as JSON text with its buffers.

        Returns the reply, a whole message, or an awaitable of it. Never raises: a failure is an ``error`` reply.
        """
        try:
            answering = self._answering.get(kind) or self._find(kind)
            self._context.running = request_id, answering.definition
            reply = answering.handle(answering.read(decode(text, buffers), STRICT))
            if isinstance(reply, answering.reply):
                return self._reply(answering, request_id, reply)
        except WireError as error:
            return self._error(request_id, RequestError(f"the request does not fit: {error.within(kind)}"))
        except BaseException as error:
            return self._error(request_id, error)
        return self._later(answering, request_id, reply)

    async def _later(self, answering: _Answering, request_id: int, reply: Awaitable[Any]) -> Encoded:
        try:
            return self._reply(answering, request_id, await reply)
        except BaseException as error:
            return self._error(request_id, error)

    def _find(self, kind: str) -> _Answering:
        """Look a request up, and import its room where it is the first of it."""
        room = room_of(kind)
        handlers = self._rooms.get(room.__name__)
        if handlers is None:
            handlers = self._rooms[room.__name__] = room.Requests(self._context)
        definition = definition_of(kind)
        handle = definition.handler.__get__(handlers)
        read = reader_of(definition.payload.kind)
        found = _Answering(definition, read, handle, definition.reply, definition.reply_name)
        self._answering[kind] = found
        return found

    def _reply(self, answering: _Answering, request_id: int, reply: Any) -> Encoded:
        flush_output()
        encoded = encode_message(answering.reply_name, request_id, reply, answering.definition.returns)
        self._context.running = None
        return encoded

    def _error(self, request_id: int, error: BaseException) -> Encoded:
        flush_output()
        self._context.running = None
        reply = ErrorReply(type(error).__name__, _text_of(error), python_traceback=author_traceback(error))
        return encode_message("error", request_id, reply)


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:
        return f"(the exception's own message failed with {type(failure).__name__})"


def flush_output() -> None:
    """Send on what was printed without a newline at the end, so that nothing printed is held back.

    Output that the code has closed is opened again: later code did nothing to deserve it.
    """
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        try:
            stream.flush()
        except Exception:
            # The code may also have put something else in its place; there is nothing to send on then.
            if getattr(stream, "closed", False):
                setattr(sys, name, _opened(descriptor))


def _opened(descriptor: int) -> TextIO:
    return open(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
