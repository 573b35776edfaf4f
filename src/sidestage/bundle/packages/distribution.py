"""What the makers of Pyodide built for a runtime, as the ``pyodide-lock.json`` that comes with it tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import NormalizedName, canonicalize_name

from sidestage.bundle.packages.errors import ProvisionError
from sidestage.bundle.packages.target import Target

#: A package's entry in a ``pyodide-lock.json``.
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Distribution:
    """The packages that were built for a Pyodide runtime; their files are not here.

    Attributes:
        target: the Python in the browser.
        info: the ``info`` of the lock file.
        packages: the entries of the lock file, by normalised name.
    """

    target: Target
    info: Mapping[str, Any]
    packages: Mapping[NormalizedName, Entry]

    @classmethod
    def read(cls, lock_path: Path) -> Distribution:
        """The distribution that a lock file describes, which must lie with its runtime.

        Raises:
            ProvisionError: if it cannot be read, or is none.
        """
        try:
            lock = json.loads(lock_path.read_bytes())
            target = Target.of(lock["info"], _version_beside(lock_path))
            packages = {canonicalize_name(key): item for key, item in lock["packages"].items()}
            return cls(target, dict(lock["info"]), packages)
        except OSError as error:
            raise ProvisionError(
                f"{lock_path} cannot be read ({error.strerror}): it comes with the runtime, get the runtime again"
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ProvisionError(f"{lock_path} is no lock file of Pyodide: get the runtime again") from None

    def find(self, sha256: str) -> Entry | None:
        """The entry of the file with this hash, or None: then Pyodide's makers did not publish it."""
        return next((entry for entry in self.packages.values() if entry["sha256"] == sha256), None)

    def wheels(self) -> Iterator[Entry]:
        """The packages proper: no tests, no shared libraries, no parts of the standard library."""
        for entry in self.packages.values():
            if entry["package_type"] == "package" and entry["file_name"].endswith(".whl"):
                yield entry

    def libraries(self) -> dict[str, NormalizedName]:
        """The files that are no wheels, such as that of libopenblas: file name to package."""
        return {
            entry["file_name"]: name
            for name, entry in self.packages.items()
            if entry["package_type"] == "shared_library" and not entry["file_name"].endswith(".whl")
        }

    def is_standard(self, name: str) -> bool:
        """Whether this is a part of the standard library that Pyodide keeps apart, such as ``sqlite3``."""
        entry = self.packages.get(canonicalize_name(name))
        return entry is not None and entry["package_type"] == "cpython_module"

    def standard_modules(self) -> dict[str, NormalizedName]:
        """The modules of the standard library that are kept apart: module to package."""
        return {
            module: name
            for name, entry in self.packages.items()
            if entry["package_type"] == "cpython_module"
            for module in entry["imports"]
        }

    def libraries_of(self, names: Iterable[str]) -> set[NormalizedName]:
        """The shared libraries that packages need. No wheel's metadata has words for them."""
        found: set[NormalizedName] = set()
        waiting = [canonicalize_name(name) for name in names]
        while waiting:
            fresh = self._needed(waiting.pop(), "shared_library") - found
            found |= fresh
            waiting += fresh
        return found

    def standard_parts_of(self, names: Iterable[str]) -> set[NormalizedName]:
        """The parts of the standard library, kept apart, that packages need."""
        return {part for name in names for part in self._needed(canonicalize_name(name), "cpython_module")}

    def needs(self, name: str) -> set[NormalizedName]:
        """All that a package needs, by the lock file; nothing for packages that it does not know."""
        return {
            canonicalize_name(needed) for needed in self.packages.get(canonicalize_name(name), {}).get("depends", ())
        }

    def _needed(self, name: NormalizedName, kind: str) -> set[NormalizedName]:
        needed = self.needs(name) & self.packages.keys()
        return {key for key in needed if self.packages[key]["package_type"] == kind}


def _version_beside(lock_path: Path) -> str:
    """The version of Pyodide, which its lock file does not tell."""
    path = lock_path.with_name("package.json")
    try:
        return str(json.loads(path.read_bytes())["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ProvisionError(
            f"{path} does not tell the version of Pyodide: it comes with the runtime, get the runtime again"
        ) from None
