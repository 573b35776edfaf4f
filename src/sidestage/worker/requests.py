"""The requests that every worker answers: its start, running code, installing packages."""

from __future__ import annotations

import io
import sys
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from sidestage.files import open_zip
from sidestage.protocol.requests import Handlers, RequestError, request
from sidestage.protocol.wire import Value, named, untagged, wire_type


@untagged
@wire_type
class InitRequest:
    """The first request. It holds nothing that is not public: the start that it ends may be kept for later visits.

    Attributes:
        packages: names of packages to install.
    """

    packages: Sequence[str] = ()


@untagged
@wire_type
class SetUpRequest:
    """What a worker is given before any other code runs.

    Attributes:
        archives: the bytes of zip files to unpack into the worker's folder.
        files: written before anything runs: path, relative to the worker's folder, to text or bytes.
        globals: names that code finds defined.
    """

    archives: Sequence[Value] = ()
    files: Mapping[str, Value] = named("files", default_factory=dict)
    globals: Mapping[str, Value] = named("globals", default_factory=dict)


@untagged
@wire_type
class ReadyReply:
    """The worker can be used. ``python`` is the version of its Python."""

    python: str


@untagged
@wire_type
class RunPythonRequest:
    """Code for the worker's namespace.

    Attributes:
        code: may use ``await`` at its top level.
        globals: names set before the code runs; they stay.
    """

    code: str
    globals: Mapping[str, Value] | None = None


@untagged
@wire_type
class ResultReply:
    """What the code returned."""

    value: Value = None


@untagged
@wire_type
class InstallPackagesRequest:
    """What to install.

    Attributes:
        packages: names of packages.
    """

    packages: Sequence[str]


@untagged
@wire_type
class InstalledReply:
    """The packages can be imported."""

    packages: Sequence[str]


class Requests(Handlers):
    """What a worker does for everybody."""

    @request(method=False)
    def init(self, asked: InitRequest) -> ReadyReply | Awaitable[ReadyReply]:
        """Install packages: the first request of each worker."""
        return self._with_packages(asked.packages) if asked.packages else _ready()

    async def _with_packages(self, packages: Sequence[str]) -> ReadyReply:
        await self.context.install(packages)
        return _ready()

    @request(method=False)
    def set_up(self, asked: SetUpRequest) -> ReadyReply:
        """Write files, unpack archives, set globals."""
        write_files(asked.files)
        for archive in asked.archives:
            unpack(archive)
        self.context.namespace.update(asked.globals)
        return _ready()

    @request(returns="value")
    def run_python(self, asked: RunPythonRequest) -> ResultReply | Awaitable[ResultReply]:
        """Run code; returns the value of its last line, where that is an expression."""
        return self.context.run(asked.code, asked.globals, ResultReply)

    @request(returns="packages")
    async def install_packages(self, asked: InstallPackagesRequest) -> InstalledReply:
        """Make packages importable; returns their names."""
        await self.context.install(asked.packages)
        return InstalledReply(asked.packages)


def _ready() -> ReadyReply:
    return ReadyReply(sys.version.partition(" ")[0])


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
    with open_zip(io.BytesIO(archive)) as members:
        write_files({info.filename: members.read(info) for info in members.infolist() if not info.is_dir()})


def _inside(name: str) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise RequestError(f"the file {name!r} must have a path inside the worker's folder")
    return Path(*path.parts)
