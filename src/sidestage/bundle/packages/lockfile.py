"""The lock file beside a script: the very wheels that its pages get, by name, version and SHA-256."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from sidestage.bundle.packages.errors import LockError
from sidestage.bundle.packages.target import Target

_FORMAT = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[\w.+!-]+\.(whl|zip)")


@dataclass(frozen=True)
class Pin:
    """One wheel, or one shared library of Pyodide's distribution.

    Attributes:
        name: normalised, as the package index does.
        version: as the wheel has it.
        file: its file name.
        sha256: of its content, in hexadecimal.
        asked_by: the script, or the packages that need it, sorted.
    """

    name: str
    version: str
    file: str
    sha256: str
    asked_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScriptLock:
    """What a lock file says.

    Attributes:
        pyodide: the version of Pyodide that the wheels were chosen for.
        python: the version of its Python.
        dependencies: what the script asked for then, sorted.
        pins: sorted by name.
        runtime: the SHA-256 of that Pyodide's files; None where it is Sidestage's own.
    """

    pyodide: str
    python: str
    dependencies: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    runtime: str | None = None

    def why_not(self, dependencies: Iterable[str], target: Target, runtime: str | None = None) -> str | None:
        """Why this lock is not for a script with these dependencies in that Python, as a clause; None if it is."""
        if (self.pyodide, self.python) != (target.pyodide, target.python):
            return f"it is for Pyodide {self.pyodide}, and the runtime is {target.pyodide}"
        if self.runtime != runtime:
            return f"the files of Pyodide {self.pyodide} are not those of then (their SHA-256 differs)"
        wanted = normalised(dependencies)
        if wanted == self.dependencies:
            return None
        news = [text for text in wanted if text not in self.dependencies]
        gone = [text for text in self.dependencies if text not in wanted]
        changes = [f"{', '.join(news)} came in"] if news else []
        changes += [f"{', '.join(gone)} went out"] if gone else []
        return f"the dependencies have changed since ({' and '.join(changes)})"

    def versions(self) -> dict[str, str]:
        """The versions by name."""
        return {pin.name: pin.version for pin in self.pins}


def lock_path_of(script: Path) -> Path:
    """Where the lock file of a script lies: ``study.lock`` beside ``study.py``."""
    return script.with_suffix(".lock")


def locked_versions(script: Path) -> dict[str, str]:
    """The versions in the lock file of a script, by name; none where there is no lock file, or a damaged one."""
    try:
        lock = read_lock(lock_path_of(script))
    except LockError:
        return {}
    return lock.versions() if lock else {}


def normalised(dependencies: Iterable[str]) -> tuple[str, ...]:
    """Dependencies in one spelling and order, so that they can be compared."""
    requirements = [Requirement(text) for text in dependencies]
    for requirement in requirements:
        requirement.name = canonicalize_name(requirement.name)
    return tuple(sorted({str(requirement) for requirement in requirements}))


def read_lock(path: Path) -> ScriptLock | None:
    """The lock file at a path; None where there is none.

    Raises:
        LockError: if it cannot be read, or is damaged.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if table["format"] != _FORMAT:
            raise LockError(f"{path} was written by another version of Sidestage: {_mend(path)}")
        return ScriptLock(
            pyodide=_text(table["pyodide"]),
            python=_text(table["python"]),
            dependencies=normalised(table["dependencies"]),
            pins=tuple(_pin(entry) for entry in table.get("package", [])),
            runtime=_text(table["runtime"]) if "runtime" in table else None,
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LockError(f"{path} cannot be read ({error.strerror}): check its permissions") from None
    except KeyError as error:
        raise LockError(f"{path} is damaged (it lacks {error}): {_mend(path)}") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise LockError(f"{path} is damaged ({error}): {_mend(path)}") from None


def write_lock(path: Path, lock: ScriptLock) -> None:
    """Write a lock file; equal locks make equal bytes.

    Raises:
        LockError: if it cannot be written.
    """
    try:
        path.write_text(_as_toml(lock, path), encoding="utf-8", newline="\n")
    except OSError as error:
        raise LockError(
            f"{path} cannot be written ({error.strerror}): check who may write in {path.parent}: the packages of a "
            f"script are locked beside it"
        ) from None


def is_written(path: Path, lock: ScriptLock) -> bool:
    """Whether the file at a path says just this."""
    try:
        return path.read_text(encoding="utf-8") == _as_toml(lock, path)
    except (OSError, ValueError):
        return False


def _as_toml(lock: ScriptLock, path: Path) -> str:
    script = path.with_suffix(".py").name
    lines = [
        f"# The packages of {script}: written by 'sidestage lock {script}', to be kept with the script.",
        f"format = {_FORMAT}",
        f"pyodide = {_quoted(lock.pyodide)}",
        f"python = {_quoted(lock.python)}",
        f"dependencies = {_quoted(list(lock.dependencies))}",
    ]
    if lock.runtime:
        lines.insert(-1, f"runtime = {_quoted(lock.runtime)}")
    for pin in lock.pins:
        fields = {"name": pin.name, "version": pin.version, "file": pin.file, "sha256": pin.sha256}
        lines += ["", "[[package]]", *(f"{key} = {_quoted(value)}" for key, value in fields.items())]
        lines.append(f"asked_by = {_quoted(list(pin.asked_by))}")
    return "\n".join(lines) + "\n"


def _quoted(value: str | list[str]) -> str:
    """As TOML writes it, which is as JSON does for texts without a delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _pin(entry: Mapping[str, Any]) -> Pin:
    pin = Pin(
        canonicalize_name(_text(entry["name"])),
        _text(entry["version"]),
        _text(entry["file"]),
        _text(entry["sha256"]),
        tuple(_text(name) for name in entry.get("asked_by", [])),
    )
    if not _SHA256.fullmatch(pin.sha256):
        raise ValueError(f"the sha256 of {pin.name} is none: {pin.sha256!r}")
    if not _FILE.fullmatch(pin.file):
        raise ValueError(f"the file of {pin.name} is no wheel: {pin.file!r}")
    if pin.file.endswith(".whl") and parse_wheel_filename(pin.file)[:2] != (pin.name, Version(pin.version)):
        raise ValueError(f"{pin.file} is no wheel of {pin.name} {pin.version}")
    return pin


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text should stand where {value!r} does")
    return value


def _mend(path: Path) -> str:
    return (
        f"get it back from where you keep versions, or write it anew with "
        f"'sidestage lock --upgrade {path.with_suffix('.py').name}'"
    )
