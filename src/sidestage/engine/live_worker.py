"""One worker's process, from its start to its end. It knows one request at a time, and that it may die."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sidestage.engine.errors import PythonError, WorkerCrashed
from sidestage.engine.output import Output
from sidestage.errors import SidestageError
from sidestage.protocol.limits import LONGEST_STOP_SECONDS
from sidestage.protocol.messages import CrashedReport, ErrorReply, LogLine, LogReport, ProgressReport
from sidestage.protocol.reading import from_wire
from sidestage.protocol.requests import Definition
from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.packets import PacketReader, packet
from sidestage.worker.reading_values import decode
from sidestage.worker.values import encode

#: The order of a set, and of what comes from one, is the same in each run, and the same as in a browser.
SAME_EACH_TIME = {"PYTHONHASHSEED": "0"}
#: How often a worker is told of an interrupt, in seconds.
REMINDER = 0.2
#: How long what a dead process wrote may take to arrive, in seconds; a process it started can hold the pipe open.
LAST_WORDS = 0.2
#: What a pipe holds at most; who has read this much has everything that was written before.
PIPE_CAPACITY = 65_536


@dataclass(frozen=True)
class Listeners:
    """What a worker says of its own accord, and while it is busy."""

    on_progress: Callable[[ProgressReport], None] | None
    on_log: Callable[[LogLine], None] | None
    on_crash: Callable[[WorkerCrashed], None] | None

    def tell(self, listener: Callable[[Any], None] | None, report: Any) -> None:
        """Call a listener; one that fails must not take the worker with it."""
        if listener is None:
            return
        try:
            listener(report)
        except Exception as error:
            message = "a listener of a PythonWorker failed"
            asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})


#: Who hears what a request tells besides ``progress`` and ``log``, by the report's type on the wire.
ReportListeners = Mapping[str, Callable[[Any], None] | None]


class _Waiting(NamedTuple):
    """A request that was sent."""

    request_id: int
    definition: Definition
    reply: asyncio.Future[Any]
    listeners: ReportListeners


def _import_path() -> str:
    """Where this process imports from, for one with another working folder."""
    return os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))


class LiveWorker(asyncio.SubprocessProtocol):
    """A process. Made by ``await LiveWorker.start(listeners)``."""

    def __init__(self, listeners: Listeners, folder: str) -> None:
        self._listeners = listeners
        self._folder = folder
        self._mark = secrets.token_hex(8)
        self._output = Output(b"\0" + self._mark.encode(), lambda line: listeners.tell(listeners.on_log, line))
        self._packets = PacketReader()
        self._pipes: dict[int, Callable[[bytes], None]] = {}
        self._waiting: _Waiting | None = None
        self._ended = False
        self._process: asyncio.SubprocessTransport | None = None
        self._loop = asyncio.get_running_loop()
        #: Done when the process has gone and has left nothing behind.
        self.gone: asyncio.Future[None] = self._loop.create_future()

    @classmethod
    async def start(cls, listeners: Listeners) -> LiveWorker:
        """Start a process in a working folder of its own."""
        worker = cls(listeners, tempfile.mkdtemp(prefix="sidestage-worker-"))
        try:
            await worker._spawn()
        except BaseException:
            worker._finish()
            raise
        return worker

    async def _spawn(self) -> None:
        printed, errors = self._listen(self._output.take), self._listen(self._output.take_errors)
        try:
            await self._loop.subprocess_exec(
                lambda: self,
                *(sys.executable, "-m", "sidestage.worker.subprocess", str(printed), self._mark, self._folder),
                stderr=errors,
                pass_fds=(printed,),
                cwd=self._folder,
                env=os.environ
                | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))}
                | SAME_EACH_TIME,
                # Neither a Ctrl-C in the host's terminal nor a signal to a child of ours may hit the other.
                start_new_session=True,
            )
        finally:
            os.close(printed)
            os.close(errors)

    def _listen(self, take: Callable[[bytes], None]) -> int:
        """Open a pipe whose other end is listened to; returns the end to write to."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._pipes[reading] = take
        self._loop.add_reader(reading, self._hear, reading)
        return writing

    def _hear(self, pipe: int) -> None:
        try:
            data = os.read(pipe, PIPE_CAPACITY)
        except BlockingIOError:
            return
        if data:
            self._pipes[pipe](data)
        else:
            self._loop.remove_reader(pipe)

    def _hear_all(self) -> None:
        """Take everything that has been printed so far, whole lines or not."""
        for pipe in self._pipes:
            self._hear(pipe)
        self._output.flush()

    @property
    def ended(self) -> bool:
        """Whether the process can be used no more."""
        return self._ended

    async def request(
        self, definition: Definition, request_id: int, payload: Any, listeners: ReportListeners | None = None
    ) -> Any:
        """Send a request and wait for its reply. There must be no other under way.

        Raises:
            PythonError: if the request failed in the worker.
            WorkerCrashed: if the worker dies meanwhile.
            ConversionError: if a value cannot be sent, or the result cannot be read here.
        """
        if self._ended:
            raise WorkerCrashed("Python stopped unexpectedly: its process has ended")
        try:
            encoded = encode(payload, files=True)
        except ConversionError as error:
            raise ConversionError(f"{error.reason}; it was to be sent to Python at {error.path}") from None
        head = json.dumps({"type": definition.name, "id": request_id}).encode()
        reply: asyncio.Future[Any] = self._loop.create_future()
        self._waiting = _Waiting(request_id, definition, reply, listeners or {})
        self._write(packet([head, encoded.utf8(), *encoded.whole_buffers()]))
        return await reply

    def _write(self, pieces: list[Any]) -> None:
        assert self._process is not None
        pipe = self._process.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport)
        for piece in pieces:
            pipe.write(piece)

    async def stop(self, reason: SidestageError) -> None:
        """Interrupt what runs, and if that does not help, end the process; what waits then fails with ``reason``."""
        if self._waiting is None:
            return
        waiting = self._waiting
        for _ in range(round(LONGEST_STOP_SECONDS / REMINDER)):
            if self._waiting is waiting:
                self._signal(signal.SIGINT)
            await asyncio.wait([waiting.reply], timeout=REMINDER)
            if self._waiting is not waiting:
                return
        self.end(reason)

    def end(self, reason: SidestageError) -> None:
        """End the process and whatever it started; what waits fails with ``reason``."""
        if not self._ended:
            self._ended = True
            self._hear_all()
            self._signal(signal.SIGKILL)
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.reply.done():
            waiting.reply.set_exception(reason)

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal, if there is still somebody to get it; SIGKILL also reaches what the process started."""
        if self._process is None or self._process.get_returncode() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self._process.get_pid(), number)
            else:
                self._process.send_signal(number)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process has been started."""
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._process = transport

    def pipe_data_received(self, _pipe: int, data: bytes) -> None:
        """Take messages off the pipe."""
        for text, *buffers in self._packets.feed(data):
            self._receive(text.decode(), buffers)

    def pipe_connection_lost(self, _pipe: int, _error: Exception | None) -> None:
        """Without its pipes the process is of no use, even if it lives."""
        self._loop.call_later(LAST_WORDS, self._signal, signal.SIGKILL)

    def process_exited(self) -> None:
        """The process died; what it wrote before may still be on its way."""
        self._loop.call_later(LAST_WORDS, self._finish)

    def connection_lost(self, _error: Exception | None) -> None:
        """The process died, and everything that it wrote has come."""
        self._finish()

    def _receive(self, text: str, buffers: list[bytes]) -> None:
        try:
            message, unread = decode(text, buffers), None
        except SidestageError as error:
            message, unread = json.loads(text), error
        kind, payload, waiting = message["type"], message["payload"], self._waiting
        if kind == "crashed":
            self._crash(from_wire(CrashedReport, payload).message)
        elif kind == "log" and message["id"] is None:
            self._tell_lines(from_wire(LogReport, payload, kind))
        elif waiting is not None and waiting.request_id == message["id"]:
            # What was printed before a message was sent is heard before the message.
            self._hear_all()
            if kind in waiting.definition.reports:
                self._tell(waiting, kind, payload, unread)
                return
            self._waiting = None
            if not waiting.reply.done():
                _settle(waiting, kind, payload, unread)

    def _tell(self, waiting: _Waiting, kind: str, payload: Any, unread: SidestageError | None) -> None:
        """Hand on what a request tells while it runs."""
        try:
            if unread is not None:
                raise unread
            report = from_wire(waiting.definition.reports[kind], payload, kind)
        except SidestageError as error:
            message = f"a report of the request {waiting.definition.name} could not be read"
            self._loop.call_exception_handler({"message": message, "exception": error})
            return
        if kind == "progress":
            self._listeners.tell(self._listeners.on_progress, report)
        elif kind == "log":
            self._tell_lines(report)
        else:
            self._listeners.tell(waiting.listeners.get(kind), report)

    def _tell_lines(self, report: LogReport) -> None:
        for line in report.lines:
            self._listeners.tell(self._listeners.on_log, line)

    def _finish(self) -> None:
        """Tidy up after the process; if nobody wanted its end, that was a crash."""
        if self.gone.done():
            return
        self._hear_all()
        for pipe in self._pipes:
            self._loop.remove_reader(pipe)
            os.close(pipe)
        self._pipes.clear()
        shutil.rmtree(self._folder, ignore_errors=True)
        self.gone.set_result(None)
        if self._process is None:
            return
        self._process.close()
        self._crash(_how(self._process.get_returncode()))

    def _crash(self, how: str) -> None:
        """The process is of no use any more, and nobody wanted that."""
        if not self._ended:
            error = WorkerCrashed(f"Python stopped unexpectedly: {how}")
            self.end(error)
            self._listeners.tell(self._listeners.on_crash, error)


def _settle(waiting: _Waiting, kind: str, payload: Any, unread: SidestageError | None) -> None:
    try:
        if unread is not None:
            raise unread
        if kind != "error":
            waiting.reply.set_result(from_wire(waiting.definition.reply, payload, kind))
            return
        error = from_wire(ErrorReply, payload, kind)
        failure = PythonError(error.name, error.message, error.python_traceback or "")
        failure.failed_index, failure.partial_results = error.failed_index, error.partial_results
        waiting.reply.set_exception(failure)
    except SidestageError as failure:
        waiting.reply.set_exception(failure)


def _how(code: int | None) -> str:
    """How a process ended, by its return code."""
    if code is None or code >= 0:
        return f"its process ended with code {code}"
    try:
        return f"its process was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"its process was ended by signal {-code}"
