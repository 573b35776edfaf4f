"""Takes one request at a time, has it answered by its handler, and returns the reply.

Requests that need no waiting are answered by an ordinary call, so that the way through the event loop is not paid
for where nothing waits.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from sys import getprofile, gettrace, setprofile, settrace
from typing import Any, NamedTuple

from sidestage.errors import author_traceback
from sidestage.protocol.messages import ErrorReply, LogLine, LogReport
from sidestage.protocol.reading import STRICT, Rules, WireError, reader_of
from sidestage.protocol.requests import BatchError, Definition, Handlers, RequestError
from sidestage.protocol.wire import fields_of
from sidestage.worker.code import compiled
from sidestage.worker.context import WorkerContext
from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.output import StandardOutput
from sidestage.worker.reading_values import decode
from sidestage.worker.rooms import definition_of, room_of
from sidestage.worker.transport import Transport
from sidestage.worker.values import Encoded, encode, encode_message
from sidestage.worker.vitals import (
    ANYTHING,
    BUILTINS,
    LOWEST_RECURSION_LIMIT,
    REHEARSAL,
    Vitals,
)

globals()["__builtins__"] = BUILTINS

#: With this limit there is room to mend a lower one.
_ROOM = 1000


class _Answering(NamedTuple):
    """A request that has come before: its definition and its handler in this worker."""

    definition: Definition
    read: Callable[[Any, Rules], Any]
    handle: Callable[[Any], Any]
    reply: type
    reply_name: str


class Dispatcher:
    """The worker's Python half. Made before any code of others runs.

    Args:
        transport: the place where it runs.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._rooms: dict[str, Handlers] = {}
        self._answering: dict[str, _Answering] = {}
        #: What the code prints.
        self.output = StandardOutput()
        self._rehearsal, _ = compiled(REHEARSAL, "<rehearsal>")
        self._vitals = Vitals(self._rehearse, self._say)
        self._context = WorkerContext(transport, self._vitals.check)

    def receive(
        self, kind: str, request_id: int, text: str, buffers: Sequence[Any] = ()
    ) -> Encoded | Awaitable[Encoded]:
        """Handle one request; the payload comes as JSON text with its buffers.

        Returns the reply, a whole message, or an awaitable of it. A failure is an ``error`` reply.

        Raises:
            BrokenInterpreter: if nothing can be done here any more; so may the awaitable.
        """
        try:
            answering = self._answering.get(kind) or self._find(kind)
            self._context.running = request_id, answering.definition
            if self._vitals.suspended:
                self._vitals.resume()
            asked = answering.read(decode(text, buffers), STRICT)
            try:
                reply = answering.handle(asked)
            finally:
                # What watches the code would watch every call from here on, and could break it.
                if gettrace() is not None or getprofile() is not None:
                    self._vitals.suspended = gettrace(), getprofile()
                    settrace(None)
                    setprofile(None)
            if isinstance(reply, answering.reply):
                return self._reply(answering, request_id, reply)
        except WireError as error:
            return self._failure(request_id, RequestError(f"the request does not fit: {error.within(kind)}"))
        except ANYTHING as error:
            return self._failure(request_id, error)
        return self._later(answering, request_id, reply)

    async def _later(self, answering: _Answering, request_id: int, reply: Awaitable[Any]) -> Encoded:
        try:
            return self._reply(answering, request_id, await reply)
        except ANYTHING as error:
            return self._failure(request_id, error)

    def _find(self, kind: str) -> _Answering:
        """Look a request up, and import its room where it is the first of it.

        Whatever the reply will need is made ready here, before the code runs.
        """
        room = room_of(kind)
        handlers = self._rooms.get(room.__name__)
        if handlers is None:
            handlers = self._rooms[room.__name__] = room.Requests(self._context)
        definition = definition_of(kind)
        handle = definition.handler.__get__(handlers)
        read = reader_of(definition.payload.kind)
        for cls in (definition.reply, *definition.reports.values()):
            fields_of(cls)
        found = _Answering(definition, read, handle, definition.reply, definition.reply_name)
        self._answering[kind] = found
        return found

    def _reply(self, answering: _Answering, request_id: int, reply: Any) -> Encoded:
        name, returns = answering.reply_name, answering.definition.returns
        try:
            encoded = encode_message(name, request_id, reply, returns)
        except ConversionError:
            raise
        except ANYTHING:
            # Perhaps it is no fault of the value's.
            if not self._vitals.check():
                raise
            encoded = encode_message(name, request_id, reply, returns)
        self.output.flush()
        self._vitals.check()
        self._context.running = None
        return encoded

    def _failure(self, request_id: int, error: BaseException) -> Encoded:
        """The reply to a request that failed, from an interpreter that serves."""
        if sys.getrecursionlimit() < LOWEST_RECURSION_LIMIT:
            sys.setrecursionlimit(_ROOM)
        self._vitals.check()
        self.output.flush()
        try:
            told = _told(error)
            self._vitals.prove()
        except KeyboardInterrupt as late:
            # It was meant for the code, and came when that had just ended.
            return self._failure(request_id, late)
        except ANYTHING:
            self._vitals.restore()
            told = _told(error, shortly=True)
        try:
            reply = encode_message("error", request_id, told)
        except ConversionError:
            # What a batch had done until then may have no form outside Python; which of it failed is told all the same.
            reply = encode_message("error", request_id, replace(told, partial_results=None))
        self._context.running = None
        return reply

    def mend(self) -> bool:
        """Look whether anything was changed that matters, and mend what Python does not work with; whether it was."""
        return self._vitals.check()

    def _rehearse(self) -> Any:
        """Run some code, write a message and read it, tell a mistake, all as a request does."""
        value, names = None, {"__builtins__": builtins, "__name__": "rehearsal"}
        for part in self._rehearsal:
            value = eval(part, names)
        compiled("1 + 1", "<rehearsal of compiling>")
        written = [encode(["text", 1, 2.5, None, True, {"in": {1: (2, 2**60)}}, {3}, b"4"]).text]
        written.append(encode_message("error", 0, _told(ValueError("text"))).text)
        values, error = map(decode, written, [[b"4"], []])
        told = error["payload"]
        return value, values, told["name"], told["message"], bool(told["pythonTraceback"])

    def _say(self, sentence: str) -> None:
        """Tell something of Sidestage's own, among the lines that were printed."""
        request_id = self._context.running[0] if self._context.running else None
        self._transport.report("log", request_id, LogReport([LogLine("system", sentence)]))


def _told(error: BaseException, shortly: bool = False) -> ErrorReply:
    """What is told of an error; ``shortly``, without what may depend on how the code has made its class."""
    if type(error) is BatchError and error.__cause__ is not None:
        told = _told(error.__cause__, shortly)
        return replace(told, failed_index=error.failed_index, partial_results=error.partial_results)
    try:
        trace = author_traceback(error)
    except ANYTHING:
        if not shortly:
            raise
        trace = ""
    return ErrorReply(_name_of(type(error)), _text_of(error), python_traceback=trace)


#: A class's own name, whatever its class says of it.
_name_of = vars(type)["__name__"].__get__


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except ANYTHING as failure:
        return f"(the exception's own message failed with {type(failure).__name__})"
