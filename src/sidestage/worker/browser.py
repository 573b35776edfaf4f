"""The transport to the browser: connects the dispatcher to the worker's script. The one module that knows Pyodide."""

from __future__ import annotations

import asyncio
from asyncio import Task, ensure_future
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pyodide.ffi import JsException, can_run_sync, to_js

from sidestage.protocol.limits import LARGE_TEXT
from sidestage.protocol.reading import reader_of
from sidestage.worker.dispatcher import Dispatcher
from sidestage.worker.large_text import LargeText
from sidestage.worker.limits_of_python import explain_asyncio_run, limit_recursion_limit, say_setlocale
from sidestage.worker.rooms import definition_of
from sidestage.worker.snapshot import prepare, refresh, settle
from sidestage.worker.transport import PackageError, Transport
from sidestage.worker.values import Encoded
from sidestage.worker.vitals import ANYTHING, BUILTINS, BrokenInterpreter

globals()["__builtins__"] = BUILTINS

#: What the worker's script calls.
__all__ = ["connect", "load", "prepare", "refresh", "settle"]


class BrowserTransport(Transport):
    """Sends through the worker's script.

    Args:
        host: the script's object with ``post(text, buffers)``, ``reply(text, buffers)``,
            ``textPiece(position, piece, isLast)``, ``crash(message)`` and ``install(packages, requestId)``.
    """

    def __init__(self, host: Any) -> None:
        self._host = host

    def send(self, message: Encoded) -> None:
        """Post a report; each buffer is copied out of Python's memory once, then handed over."""
        self._host.post(_text_of(message), self._buffers_of(message))

    def reply(self, message: Encoded) -> None:
        """Post the reply to the request that runs, in the same way."""
        self._host.reply(_text_of(message), self._buffers_of(message))

    def _buffers_of(self, message: Encoded) -> Any:
        """The buffers, without large texts, which go before the message."""
        kept = [None if type(buffer) is LargeText else buffer for buffer in message.buffers]
        for position, buffer in enumerate(message.buffers):
            if type(buffer) is LargeText:
                for piece, is_last in buffer.pieces():
                    self._host.textPiece(position, to_js(piece), is_last)
        return to_js(kept)

    def crash(self, error: BaseException) -> None:
        """Say that this interpreter is of no use any more."""
        told = isinstance(error, BrokenInterpreter)
        self._host.crash(str(error) if told else f"what carries requests failed by {type(error).__name__}")

    async def install(self, packages: Sequence[str], request_id: int) -> None:
        """Have the worker's script load the packages.

        Raises:
            PackageError: if one cannot be had.
            KeyboardInterrupt: if it was stopped while one was being unpacked.
        """
        try:
            await self._host.install(to_js(list(packages)), request_id)
        except JsException as error:
            # Where an exception of Python's comes back by way of JavaScript, its text may be all that is left of it.
            if "KeyboardInterrupt" in str(error.message):
                raise KeyboardInterrupt from None
            raise PackageError(str(error.message)) from None


def _text_of(message: Encoded) -> Any:
    """The message's text. Pyodide makes a string of JavaScript's letter by letter; the browser reads bytes at once."""
    return message.text if len(message.text) < LARGE_TEXT else to_js(message.utf8())


def load(request: str) -> None:
    """Import the room that answers a request, and have a look at the request, before it comes."""
    definition = definition_of(request)
    reader_of(definition.payload.kind)
    assert definition.reply_name


def connect(host: Any) -> Callable[..., str | None]:
    """Start the dispatcher; returns the function that takes each request.

    It returns the reply's text at once where that is all there is to it. A reply that has buffers, or comes later,
    goes through ``host.reply``. What is raised, other than KeyboardInterrupt, is the interpreter's end.
    """
    limit_recursion_limit()
    explain_asyncio_run(asyncio, can_run_sync)
    say_setlocale()
    transport = BrowserTransport(host)
    dispatcher = Dispatcher(transport)
    tasks: set[Task[None]] = set()

    async def send_later(reply: Awaitable[Encoded]) -> None:
        try:
            transport.reply(await reply)
        except ANYTHING as error:
            transport.crash(error)

    def receive(kind: str, request_id: int, sent: Any, buffers: Any = None) -> str | None:
        text = sent if isinstance(sent, str) else str(sent.to_bytes(), "utf-8")
        given = [buffer.to_bytes() for buffer in buffers] if buffers else ()
        try:
            reply = dispatcher.receive(kind, request_id, text, given)
            if not isinstance(reply, Encoded):
                task = ensure_future(send_later(reply))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            elif reply.buffers or len(reply.text) >= LARGE_TEXT:
                transport.reply(reply)
            else:
                return reply.text
        except BrokenInterpreter as error:
            transport.crash(error)
        return None

    return receive
