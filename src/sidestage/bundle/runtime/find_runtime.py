"""Which Pyodide a script runs in, and where its files lie: Sidestage's own, the author's, or one that was published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from packaging.specifiers import SpecifierSet

import sidestage
from sidestage.bundle.errors import MetadataError
from sidestage.bundle.packages.distribution import Distribution
from sidestage.bundle.packages.target import Target
from sidestage.bundle.runtime.published import published_runtime
from sidestage.bundle.script import Script
from sidestage.bundle.script_metadata import looks_like_folder
from sidestage.bundle.tell import Tell
from sidestage.errors import SidestageError
from sidestage.hashing import sha256_of

#: The lines of Pyodide that the tests run on.
TRIED = ("0.29.", "314.")

#: The standard library as Pyodide ships it; and compiled, which starts three times as fast.
STDLIB_PLAIN = "python_stdlib.zip"
STDLIB_COMPILED = "python_stdlib_compiled.zip"
#: The part of it that no start needs.
STDLIB_LATER = "python_stdlib_later.zip"
#: Two forms of the loader: for Node and workers that are modules, and for workers that are not.
_LOADERS = ("pyodide.mjs", "pyodide.js")
#: The interpreter's script: a module from Pyodide 314 on.
_INTERPRETERS = ("pyodide.asm.mjs", "pyodide.asm.js")
_CODE = "pyodide.asm.wasm"
_LOCK = "pyodide-lock.json"
#: What there has to be besides an interpreter.
_NEEDED = (*_LOADERS, _CODE, STDLIB_PLAIN, _LOCK, "package.json")

_OWN = Path(sidestage.__file__).parent / "static/runtime"


class RuntimeMissing(SidestageError):
    """The web build or a Pyodide runtime is not where it belongs."""


@dataclass(frozen=True)
class Runtime:
    """One Pyodide.

    Attributes:
        folder: where its files lie.
        interpreter: the file name of the interpreter's script.
        target: its version, and its Python's.
        compiled: its standard library, where that was compiled ahead.
    """

    folder: Path
    interpreter: str
    target: Target
    compiled: Path | None = None

    @property
    def version(self) -> str:
        """Of Pyodide, like ``0.29.5``."""
        return self.target.pyodide

    @property
    def python(self) -> str:
        """Of its Python, like ``3.13.2``."""
        return self.target.python

    @property
    def lock_path(self) -> Path:
        """Its ``pyodide-lock.json``, which tells what its makers built for it."""
        return self.folder / _LOCK

    @cached_property
    def sha256(self) -> str | None:
        """Of what it consists of, for lock files; None for Sidestage's own, which its version stands for."""
        if self.compiled:
            return None
        told = "".join(f"{sha256_of(file)}  {file.name}\n" for file in [*self.files(), self.lock_path])
        return sha256_of(told.encode())

    def files(self) -> list[Path]:
        """The files that a browser fetches as they are. The lock file is not among them: pages get a shorter one."""
        return [self.folder / name for name in (*_LOADERS, self.interpreter, _CODE, STDLIB_PLAIN)]


def own_runtime(folder: Path = _OWN) -> Runtime:
    """The Pyodide that is part of Sidestage.

    Raises:
        RuntimeMissing: if it is not there.
    """
    names = (*_NEEDED, STDLIB_COMPILED)
    for name in (*names, *([] if _interpreter_in(folder) else _INTERPRETERS[-1:])):
        present(folder / name)
    return _read(folder, folder / STDLIB_COMPILED)


def find_runtime(script: Script | None, tell: Tell = lambda _: None) -> Runtime:
    """The Pyodide that a script asks for; Sidestage's own where it asks for none.

    Args:
        script: the script; None for what has none.
        tell: takes sentences for the author.

    Raises:
        SidestageError: if it cannot be had, or its Python is none that the script runs with.
    """
    own = own_runtime()
    if script is None or script.pyodide in (None, own.version):
        return own
    runtime = _in_folder(script) if looks_like_folder(script.pyodide) else _read(published_runtime(script, tell))
    _check_python(script, runtime)
    if not runtime.version.startswith(TRIED):
        tell(
            f"Warning: Sidestage is tried with Pyodide {' and '.join(line + 'x' for line in TRIED)}, and {script.name} "
            f"asks for {runtime.version}: try everything out on the page."
        )
    return runtime


def present(path: Path) -> Path:
    """A file of Sidestage's own that has to be there.

    Raises:
        RuntimeMissing: if it is not.
    """
    if not path.is_file():
        raise RuntimeMissing(
            f"{path} is missing, which pages need: in a checkout of Sidestage run 'make build'; "
            f"otherwise install the wheel of Sidestage again"
        )
    return path


def _in_folder(script: Script) -> Runtime:
    assert script.pyodide is not None
    folder = script.path.parent / script.pyodide
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    missing += [] if _interpreter_in(folder) else [" or ".join(_INTERPRETERS)]
    if missing:
        raise RuntimeMissing(
            f"{script.name}: pyodide = {script.pyodide!r} under [tool.sidestage] names {folder}, which lacks "
            f"{', '.join(missing)}: put a whole Pyodide there, such as the npm package pyodide, unpacked"
        )
    return _read(folder)


def _read(folder: Path, compiled: Path | None = None) -> Runtime:
    return Runtime(folder, _interpreter_in(folder), Distribution.read(folder / _LOCK).target, compiled)


def _interpreter_in(folder: Path) -> str:
    return next((name for name in _INTERPRETERS if (folder / name).is_file()), "")


def _check_python(script: Script, runtime: Runtime) -> None:
    if script.requires_python and not SpecifierSet(script.requires_python).contains(runtime.python):
        raise MetadataError(
            f"{script.name} asks for Python {script.requires_python} (requires-python), but that of Pyodide "
            f"{runtime.version} is {runtime.python}: widen the range, or ask for another Pyodide"
        )
