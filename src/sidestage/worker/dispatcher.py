"""Takes one request at a time, asks the program that knows the answer, and returns the reply.

Requests that need no waiting are answered by an ordinary call, so that the way through the event loop is not paid
for where nothing waits.
"""

from __future__ import annotations

import io
import json
import random
import sys
import zipfile
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, TextIO

from sidestage.errors import SidestageError, author_traceback
from sidestage.flow import FlowError, ScriptWrapper, load_process
from sidestage.flow.script import start_process
from sidestage.protocol import to_wire
from sidestage.worker.code import Code, is_running
from sidestage.worker.transport import Transport
from sidestage.worker.values import Encoded, decode, encode


class RequestError(SidestageError):
    """A request does not fit the protocol, or not the state of the worker."""


class Dispatcher:
    """The worker's Python half.

    Args:
        transport: the place where it runs.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._code = Code()
        self._flow: ScriptWrapper | None = None
        self._programs: dict[str, Callable[[int, dict[str, Any]], Any]] = {
            "init": self._init,
            "runPython": self._run_python,
            "installPackages": self._install,
            "startFlow": self._start_flow,
            "answer": self._answer,
        }

    def receive(
        self, kind: str, request_id: int, text: str, buffers: Sequence[Any] = ()
    ) -> Encoded | Awaitable[Encoded]:
        """Handle one request; the payload comes as JSON text with its buffers.

        Returns the reply, a whole message, or an awaitable of it. Never raises: a failure is an ``error`` reply.
        """
        try:
            reply = self._reply_to(kind, request_id, decode(text, buffers))
        except BaseException as error:
            return self._error(request_id, error)
        return reply if isinstance(reply, Encoded) else self._later(request_id, reply)

    async def _later(self, request_id: int, reply: Awaitable[Encoded]) -> Encoded:
        try:
            return await reply
        except BaseException as error:
            return self._error(request_id, error)

    def _reply_to(self, kind: str, request_id: int, payload: Any) -> Encoded | Awaitable[Encoded]:
        program = self._programs.get(kind)
        if program is None:
            raise RequestError(f"there is no request {kind!r}; known are {', '.join(self._programs)}")
        try:
            return program(request_id, payload)  # type: ignore[no-any-return]
        finally:
            flush_output()

    def _init(self, request_id: int, payload: dict[str, Any]) -> Any:
        write_files(payload.get("files") or {})
        for archive in payload.get("archives") or ():
            unpack(archive)
        self._code.namespace.update(payload.get("globals") or {})
        ready = {"python": sys.version.partition(" ")[0]}
        packages = payload.get("packages") or []
        if not packages:
            return _message("ready", request_id, ready)
        return self._installed(request_id, packages, "ready", ready)

    def _install(self, request_id: int, payload: dict[str, Any]) -> Any:
        packages = list(payload["packages"])
        return self._installed(request_id, packages, "installed", {"packages": packages})

    async def _installed(self, request_id: int, packages: list[str], kind: str, reply: dict[str, Any]) -> Encoded:
        await self._transport.install(packages, request_id)
        return _message(kind, request_id, reply)

    def _run_python(self, request_id: int, payload: dict[str, Any]) -> Any:
        result = self._code.run(payload["code"], payload.get("globals"))
        return self._awaited(request_id, result) if is_running(result) else _result(request_id, result)

    async def _awaited(self, request_id: int, running: Awaitable[Any]) -> Encoded:
        try:
            return _result(request_id, await running)
        finally:
            flush_output()

    def _start_flow(self, request_id: int, payload: dict[str, Any]) -> Encoded:
        script, session, platform = payload["script"], payload["sessionId"], payload.get("platform")

        def run() -> Generator[Any, Any, Any]:
            # What fails while the script is loaded fails inside its flow, and so ends in the flow's error page.
            seed_random(session)
            process = load_process(script)
            # Once more: the script may have imported numpy, which has random numbers of its own.
            seed_random(session)
            return (yield from start_process(process, session, platform))

        self._flow = ScriptWrapper(run(), platform, payload.get("title") or "")
        return _message("command", request_id, {"command": to_wire(self._flow.send(None))})

    def _answer(self, request_id: int, payload: dict[str, Any]) -> Encoded:
        if self._flow is None:
            raise FlowError("no flow is under way in this worker; start one first")
        return _message("command", request_id, {"command": to_wire(self._flow.send(payload.get("payload")))})

    def _error(self, request_id: int, error: BaseException) -> Encoded:
        flush_output()
        payload = {"name": type(error).__name__, "message": _text_of(error), "pythonTraceback": author_traceback(error)}
        return _message("error", request_id, payload)


def _message(kind: str, request_id: int | None, payload: Mapping[str, Any]) -> Encoded:
    """A message of plain JSON values."""
    return Encoded(json.dumps({"type": kind, "id": request_id, "payload": payload}))


def _result(request_id: int, value: Any) -> Encoded:
    encoded = encode(value)
    return Encoded(f'{{"type":"result","id":{request_id},"payload":{{"value":{encoded.text}}}}}', encoded.buffers)


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


def seed_random(session: str) -> None:
    """Let random numbers follow from the session, so that a flow that is started again takes the same way."""
    random.seed(session)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(random.getrandbits(32))


def write_files(files: Mapping[str, str | bytes]) -> None:
    """Write files below the working folder.

    Raises:
        RequestError: if a path leads out of it.
    """
    for name, content in files.items():
        path = _inside(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def unpack(archive: bytes) -> None:
    """Unpack a zip file into the working folder."""
    with zipfile.ZipFile(io.BytesIO(archive)) as members:
        write_files({name: members.read(name) for name in members.namelist() if not name.endswith("/")})


def _inside(name: str) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise RequestError(f"the file {name!r} must have a path inside the worker's folder")
    return Path(*path.parts)
