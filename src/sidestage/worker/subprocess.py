"""The transport over a pair of pipes: ``python -m sidestage.worker.subprocess`` takes requests and replies as packets.

A request is a packet of ``{"type", "id"}``, the payload's text and its buffers, on standard input; a message back is
a packet of its text and its buffers, on standard output. Both are taken away from the code that runs here: it finds
nothing to read on its standard input, and what it prints goes to the pipe that the first argument names. What it
writes to ``sys.stderr`` goes there too, in order with the rest, between two marks; the second argument is the mark.
The third names the folder that the host made for this process alone.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import importlib.util
import io
import json
import os
import select
import shutil
import signal
import sys
import threading
from collections.abc import Awaitable, Sequence
from typing import Any, NoReturn

from sidestage.protocol.messages import CrashedReport, ErrorReply, ProgressReport
from sidestage.worker.dispatcher import Dispatcher
from sidestage.worker.limits_of_python import limit_recursion_limit
from sidestage.worker.packets import PacketReader, packet
from sidestage.worker.transport import PackageError, Transport
from sidestage.worker.values import Encoded, encode_message
from sidestage.worker.vitals import ANYTHING, BUILTINS, BrokenInterpreter

globals()["__builtins__"] = BUILTINS

#: Taken before any code of others runs.
_exit = os._exit
_from_json = json.JSONDecoder().decode


class PipeTransport(Transport):
    """Sends through a pipe.

    Args:
        replies: the pipe's file descriptor.
    """

    def __init__(self, replies: int) -> None:
        self._replies = replies
        self._process = os.getpid()

    def send(self, message: Encoded) -> None:
        """Write a message and wait until the pipe has taken all of it."""
        if os.getpid() != self._process:
            # The code has forked; the host asked only one of the two.
            _exit(0)
        for piece in packet([message.utf8(), *message.whole_buffers()]):
            _write_all(self._replies, piece)

    async def install(self, packages: Sequence[str], request_id: int) -> None:
        """Make sure that the packages can be imported; they are those of the environment that Python runs in.

        Raises:
            PackageError: if one is not installed there.
        """
        missing = [name for name in packages if not _is_installed(name)]
        if missing:
            names = ", ".join(map(repr, missing))
            raise PackageError(f"not installed here: {names}; run 'pip install {' '.join(missing)}'")
        for position, name in enumerate(packages, start=1):
            value = round(100 * position / (len(packages) + 1))
            self.report("progress", request_id, ProgressReport("packages", f"Found {name}", value))


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        # The standard library's modules have no distribution, and need none.
        return name in sys.stdlib_module_names and importlib.util.find_spec(name) is not None
    return True


class PipeServer(asyncio.Protocol):
    """Answers the requests that come out of a pipe, one after another.

    Code without ``await`` runs outside of the event loop, so that it may use one of its own; tasks that it left behind
    go on while the next request is waited for.
    """

    def __init__(self, transport: PipeTransport) -> None:
        self._transport = transport
        self._dispatcher = Dispatcher(transport)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._packets = PacketReader()
        self._requests: asyncio.Queue[list[bytes] | None] = asyncio.Queue()
        self._interruptible = False

    def data_received(self, data: bytes) -> None:
        """Put the requests into the queue."""
        for request in self._packets.feed(data):
            self._requests.put_nowait(request)

    def connection_lost(self, _error: Exception | None) -> None:
        """Nobody asks any more."""
        self._requests.put_nowait(None)

    def serve(self, requests: int) -> None:
        """Answer until the pipe is closed."""
        pipe = os.fdopen(requests, "rb", buffering=0)
        self._loop.run_until_complete(self._loop.connect_read_pipe(lambda: self, pipe))
        signal.signal(signal.SIGINT, self._interrupt)
        while (request := self._next_request()) is not None:
            head, payload, *buffers = request
            asked = _from_json(head.decode())
            try:
                reply = self._reply(asked["type"], asked["id"], payload.decode(), buffers)
            except KeyboardInterrupt:
                # The interrupt came between the code and its reply.
                reply = self._interrupted(asked["id"])
            self._transport.send(reply)
            # Code may close the pipe that the next request would come by.
            os.fstat(requests)

    def _next_request(self) -> list[bytes] | None:
        waiting = self._loop.create_task(self._requests.get())
        while True:
            try:
                return self._loop.run_until_complete(waiting)
            except SystemExit:
                # A task that an earlier request left behind has ended itself, which is nobody else's concern.
                continue
            except RuntimeError:
                # Or it has stopped the loop.
                if self._loop.is_closed():
                    raise
            except ANYTHING:
                # Or it has broken what the loop needs.
                if not self._dispatcher.mend():
                    raise

    def _reply(self, kind: str, request_id: int, text: str, buffers: Sequence[bytes]) -> Encoded:
        self._interruptible = True
        try:
            reply = self._dispatcher.receive(kind, request_id, text, buffers)
            return reply if isinstance(reply, Encoded) else self._awaited(reply, request_id)
        finally:
            self._interruptible = False

    def _awaited(self, reply: Awaitable[Encoded], request_id: int) -> Encoded:
        task = self._loop.create_task(_awaiting(reply))
        while True:
            try:
                return self._loop.run_until_complete(task)
            except SystemExit:
                continue
            except RuntimeError:
                if self._loop.is_closed() or task.done():
                    raise
            except KeyboardInterrupt:
                # It came while the code waited for something: what waits is told by being cancelled.
                task.cancel()
                stopped = _from_json(self._loop.run_until_complete(task).text)["payload"]
                return self._interrupted(request_id, stopped.get("pythonTraceback", ""))

    def _interrupt(self, _signal: int, _frame: object) -> None:
        """Stop the code that runs, once per request: a second interrupt must not hit the reply to the first."""
        if self._interruptible:
            self._interruptible = False
            raise KeyboardInterrupt

    def _interrupted(self, request_id: int, trace: str = "KeyboardInterrupt\n") -> Encoded:
        self._dispatcher.output.flush()
        trace = trace.replace("asyncio.exceptions.CancelledError", "KeyboardInterrupt")
        return encode_message("error", request_id, ErrorReply("KeyboardInterrupt", "", python_traceback=trace))


def _write_all(descriptor: int, data: Any) -> None:
    with memoryview(data) as view:
        written = 0
        while written < len(view):
            written += os.write(descriptor, view[written:])


async def _awaiting(reply: Awaitable[Encoded]) -> Encoded:
    return await reply


class _MarkedOutput(io.RawIOBase):
    """What is written to ``sys.stderr``: goes where everything goes that is printed, between two marks."""

    def __init__(self, mark: bytes) -> None:
        self._mark = mark

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2

    def write(self, data: Any) -> int:
        content = bytes(data)
        _write_all(1, self._mark + content + self._mark)
        return len(content)


def take_over_output(output: int, mark: bytes) -> tuple[int, int]:
    """Lead what the code prints to another pipe.

    Returns the descriptors of the pipes that were standard input and output.
    """
    requests, replies = os.dup(0), os.dup(1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(output, 1)
    os.close(output)
    # A lone surrogate cannot be printed as UTF-8; it is no reason to fail.
    printed = {"encoding": "utf-8", "errors": "backslashreplace", "line_buffering": True}
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), **printed)  # type: ignore[arg-type]
    sys.stderr = io.TextIOWrapper(io.BufferedWriter(_MarkedOutput(mark)), **printed)  # type: ignore[arg-type]
    return requests, replies


def _end_with_host(requests: int, folder: str) -> threading.Thread:
    """End this process when its host has gone, whatever code runs: nobody could stop it, or tidy up, any more."""

    def watch() -> NoReturn:
        hangup = select.poll()
        hangup.register(requests, 0)
        hangup.poll()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def main() -> NoReturn:
    """Serve the host that started this process."""
    output, mark, folder = sys.argv[1:]
    requests, replies = take_over_output(int(output), b"\0" + mark.encode())
    sys.argv = [""]
    limit_recursion_limit()
    ending = _end_with_host(requests, folder)
    transport = PipeTransport(replies)
    try:
        PipeServer(transport).serve(requests)
        ending.join(timeout=1)
        _exit(0)
    except ANYTHING as error:
        # Whatever is left of the interpreter: this process can only be replaced.
        _last_words(transport, error)
    finally:
        _exit(1)


def _last_words(transport: PipeTransport, error: BaseException) -> None:
    try:
        told = (
            str(error)
            if isinstance(error, BrokenInterpreter)
            else f"what carries requests failed by {type(error).__name__}"
        )
        transport.send(encode_message("crashed", None, CrashedReport(told)))
    except ANYTHING:
        # The host hears of the process's end.
        return


if __name__ == "__main__":
    main()
