"""What travels between an engine and its worker, in a browser or in a subprocess: ``{type, id, payload}``.

A request bears an id that the engine chose; its one reply bears the same. ``progress`` may come any number of
times before the reply. ``log`` and ``crashed`` belong to no request; their id is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from sidestage.protocol.commands import Command
from sidestage.protocol.payloads import Response
from sidestage.protocol.wire import Text, named, untagged, wire_type

#: Any value that has a form on the wire: see ``sidestage.worker.values``.
Value: TypeAlias = Any


@untagged
@wire_type
class InitRequest:
    """The first request.

    ``files`` are written before anything runs: path, relative to the working folder, to text or bytes.
    ``archives`` are the bytes of zip files to unpack there.
    """

    packages: Sequence[str] = ()
    archives: Sequence[Value] = ()
    files: Mapping[str, Value] = named("files", default_factory=dict)
    globals: Mapping[str, Value] = named("globals", default_factory=dict)


@untagged
@wire_type
class RunPythonRequest:
    """Run code in the worker's namespace. ``globals`` are set first and stay.

    The value of the last line, where that is an expression, is the result.
    """

    code: str
    globals: Mapping[str, Value] | None = None


@untagged
@wire_type
class InstallPackagesRequest:
    """Install packages by name."""

    packages: Sequence[str]


@untagged
@wire_type
class StartFlowRequest:
    """Load a script from the working folder and run its flow to the first command.

    ``title`` stands above every page that has none of its own.
    """

    script: str
    session_id: str = named("sessionId")
    platform: str | None = None
    title: Text | None = None


@untagged
@wire_type
class ProgressReport:
    """How far a request is. ``value`` goes from 0 to 100 and never falls."""

    stage: Literal["download", "start", "packages", "ready"]
    message: str
    value: float


@untagged
@wire_type
class ReadyReply:
    """The worker can be used."""

    python: str


@untagged
@wire_type
class ResultReply:
    """What the code returned."""

    value: Value = None


@untagged
@wire_type
class InstalledReply:
    """The packages can be imported."""

    packages: Sequence[str]


@untagged
@wire_type
class CommandReply:
    """What the flow asks for next."""

    command: Command


@untagged
@wire_type
class ErrorReply:
    """A request failed. ``name`` is the exception's class name; ``traceback`` is Python's, where there is one."""

    name: str
    message: str
    stack: str | None = None
    python_traceback: str | None = named("pythonTraceback", default=None)


@untagged
@wire_type
class LogLine:
    """One line that Python printed."""

    stream: Literal["stdout", "stderr", "system"]
    text: str


@untagged
@wire_type
class LogReport:
    """Lines in the order they were printed."""

    lines: Sequence[LogLine]


@untagged
@wire_type
class CrashReport:
    """The interpreter is dead; the worker can only be replaced."""

    message: str


#: Each request: the class of its payload and the type of its reply.
REQUESTS: Mapping[str, tuple[type, str]] = {
    "init": (InitRequest, "ready"),
    "runPython": (RunPythonRequest, "result"),
    "installPackages": (InstallPackagesRequest, "installed"),
    "startFlow": (StartFlowRequest, "command"),
    "answer": (Response, "command"),
}

#: Each message from the worker: the class of its payload.
REPORTS: Mapping[str, type] = {
    "ready": ReadyReply,
    "result": ResultReply,
    "installed": InstalledReply,
    "command": CommandReply,
    "error": ErrorReply,
    "progress": ProgressReport,
    "log": LogReport,
    "crashed": CrashReport,
}
