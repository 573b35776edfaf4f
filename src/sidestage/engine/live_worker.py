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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sidestage.engine.errors import PythonError, WorkerCrashed
from sidestage.engine.output import Output
from sidestage.errors import SidestageError
from sidestage.protocol import to_wire
from sidestage.protocol.messages import LogLine, ProgressReport
from sidestage.worker.packets import PacketReader, packet
from sidestage.worker.values import ConversionError, decode, encode

#: How long the worker may take to react to an interrupt, and how often it is told, in seconds.
GRACE = 1.0
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


class LiveWorker(asyncio.SubprocessProtocol):
    """A process. Made by ``await LiveWorker.start(listeners)``."""

    def __init__(self, listeners: Listeners, folder: str) -> None:
        self._listeners = listeners
        self._folder = folder
        self._mark = secrets.token_hex(8)
        self._output = Output(b"\0" + self._mark.encode(), lambda line: listeners.tell(listeners.on_log, line))
        self._packets = PacketReader()
        self._pipes: dict[int, Callable[[bytes], None]] = {}
        self._waiting: tuple[int, asyncio.Future[Any]] | None = None
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
                env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))},
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

    async def request(self, kind: str, request_id: int, payload: Any) -> Any:
        """Send a request and wait for its reply's payload. There must be no other under way.

        Raises:
            PythonError: if the request failed in the worker.
            WorkerCrashed: if the worker dies meanwhile.
            ConversionError: if a value cannot be sent, or the result cannot be read here.
        """
        if self._ended:
            raise WorkerCrashed("Python stopped unexpectedly: its process has ended")
        try:
            encoded = encode(to_wire(payload))
        except ConversionError as error:
            raise ConversionError(f"{error.reason}; it was to be sent to Python at {error.path}") from None
        head = json.dumps({"type": kind, "id": request_id}).encode()
        reply: asyncio.Future[Any] = self._loop.create_future()
        self._waiting = (request_id, reply)
        self._write(packet([head, encoded.text.encode(), *encoded.buffers]))
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
        for _ in range(round(GRACE / REMINDER)):
            if self._waiting is waiting:
                self._signal(signal.SIGINT)
            await asyncio.wait([waiting[1]], timeout=REMINDER)
            if self._waiting is not waiting:
                return
        self.end(reason)

    def end(self, reason: SidestageError) -> None:
        """End the process and whatever it started; what waits fails with ``reason``."""
        if not self._ended:
            self._ended = True
            self._hear_all()
            self._signal(signal.SIGKILL)
        if self._waiting is not None:
            (_, reply), self._waiting = self._waiting, None
            if not reply.done():
                reply.set_exception(reason)

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
        message = json.loads(text)
        kind, payload = message["type"], message["payload"]
        if kind == "progress":
            self._listeners.tell(self._listeners.on_progress, ProgressReport(**payload))
        elif self._waiting is not None and self._waiting[0] == message["id"]:
            # What was printed before the reply was sent is heard before the reply.
            self._hear_all()
            (_, reply), self._waiting = self._waiting, None
            if not reply.done():
                _settle(reply, kind, text, buffers, payload)

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
        if not self._ended:
            error = WorkerCrashed(f"Python stopped unexpectedly: {_how(self._process.get_returncode())}")
            self.end(error)
            self._listeners.tell(self._listeners.on_crash, error)


def _settle(reply: asyncio.Future[Any], kind: str, text: str, buffers: list[bytes], payload: Any) -> None:
    if kind == "error":
        trace = payload.get("pythonTraceback") or ""
        reply.set_exception(PythonError(payload["name"], payload["message"], trace))
        return
    try:
        reply.set_result(decode(text, buffers)["payload"] if kind == "result" else payload)
    except SidestageError as error:
        reply.set_exception(error)


def _how(code: int | None) -> str:
    """How a process ended, by its return code."""
    if code is None or code >= 0:
        return f"its process ended with code {code}"
    try:
        return f"its process was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"its process was ended by signal {-code}"
