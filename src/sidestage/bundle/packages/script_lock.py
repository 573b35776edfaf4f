"""What a lock file says, whatever its form: the very files that the pages of a script get."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from sidestage.bundle.packages.target import Target

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


def normalised(dependencies: Iterable[str]) -> tuple[str, ...]:
    """Dependencies in one spelling and order, so that they can be compared."""
    requirements = [Requirement(text) for text in dependencies]
    for requirement in requirements:
        requirement.name = canonicalize_name(requirement.name)
    return tuple(sorted({str(requirement) for requirement in requirements}))


def check_pin(pin: Pin) -> Pin:
    """The pin, if it names a file that may be fetched and opened.

    Raises:
        ValueError: if it does not.
    """
    if not _SHA256.fullmatch(pin.sha256):
        raise ValueError(f"the sha256 of {pin.name} is none: {pin.sha256!r}")
    if not _FILE.fullmatch(pin.file):
        raise ValueError(f"the file of {pin.name} is no wheel: {pin.file!r}")
    if pin.file.endswith(".whl") and parse_wheel_filename(pin.file)[:2] != (pin.name, Version(pin.version)):
        raise ValueError(f"{pin.file} is no wheel of {pin.name} {pin.version}")
    return pin


def text_in(value: object) -> str:
    """A value of a lock file that has to be a text.

    Raises:
        ValueError: if it is none.
    """
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text should stand where {value!r} does")
    return value
