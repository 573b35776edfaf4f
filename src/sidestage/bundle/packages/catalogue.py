"""The packages that pages can be given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from sidestage.bundle.packages.distribution import Distribution
from sidestage.bundle.packages.errors import ProvisionError
from sidestage.bundle.packages.package_archives import PackageArchive
from sidestage.bundle.packages.wheel_folders import FolderContents, SharedLibrary, search_folder
from sidestage.bundle.packages.wheels import Wheel
from sidestage.hashing import sha256_of


@dataclass(frozen=True)
class ServedPackage:
    """A package that can be served.

    Attributes:
        name: normalised, as the package index does.
        version: as the wheel has it.
        path: the wheel; for a few of Pyodide's shared libraries, a zip.
        sha256: of that file, in hexadecimal.
        requires: what it asks for in the browser, whatever the extras; markers are left in for those.
        entry: its entry in a Pyodide lock file.
    """

    name: str
    version: str
    path: Path
    sha256: str
    requires: tuple[Requirement, ...]
    entry: Mapping[str, Any]

    @property
    def address(self) -> str:
        """Where it is served, relative to the folder of packages: a browser may keep it for ever."""
        return f"{self.sha256}/{self.path.name}"


class Catalogue:
    """The packages that can be served: the wheels in some folders, and those that scripts were found to need.

    Pyodide's lock file adds what it knows about them. Of several wheels of one package in the folders, the newest that
    suits the browser's Python is taken: a page can hold only one.

    Args:
        lock_path: the ``pyodide-lock.json`` of the runtime.
        find_links: folders with wheels.
        runtime: the SHA-256 of the runtime's files, to be locked; None for Sidestage's own.

    Attributes:
        runtime: as given.
        distribution: what Pyodide's lock file knows.
        target: the Python in the browser that wheels are chosen for.
        folders: as given.
        candidates: every wheel in them that could be served; of one package, the best first.
        warnings: sentences about files that were passed over.

    Raises:
        ProvisionError: if the lock file or a folder cannot be read.
    """

    def __init__(self, lock_path: Path, find_links: Iterable[Path] = (), runtime: str | None = None) -> None:
        self.runtime = runtime
        self.folders = tuple(Path(folder) for folder in find_links)
        self.warnings: list[str] = []
        self.distribution = Distribution.read(lock_path)
        self.target = self.distribution.target
        self._unsuitable: dict[NormalizedName, list[str]] = {}
        self._packages: dict[NormalizedName, ServedPackage] = {}
        libraries = self.distribution.libraries()
        found = [search_folder(folder, libraries) for folder in self.folders]
        self._take_libraries(found)
        self.candidates = tuple(self._take_wheels(wheel for each in found for wheel in each.wheels))

    @property
    def python(self) -> str:
        """The version of the browser's Python, like ``3.13.2``."""
        return self.target.python

    def get(self, name: str) -> ServedPackage | None:
        """The package that would be served under this name, or None."""
        return self._packages.get(canonicalize_name(name))

    def why_not(self, name: str) -> str:
        """What is known about a package that cannot be served: a clause for a sentence, or nothing."""
        key = canonicalize_name(name)
        reasons = list(self._unsuitable.get(key, []))
        entry = self.distribution.packages.get(key)
        if entry:
            where = "none of the folders given" if self.folders else "no folder given"
            reasons.append(f"Pyodide knows {entry['name']} {entry['version']}, but its wheel is in {where}")
        return "; ".join(reasons)

    def does_without(self, name: str) -> bool:
        """Whether this is a part of the standard library that is not here: a page may start all the same."""
        return self.distribution.is_standard(name) and self.get(name) is None

    def __iter__(self) -> Iterator[ServedPackage]:
        """All packages that can be served, sorted by name."""
        return (self._packages[name] for name in sorted(self._packages))

    def lock(
        self, names: Iterable[str] | None = None, archives: Mapping[str, PackageArchive] | None = None
    ) -> dict[str, Any]:
        """A Pyodide lock file of just what can be served.

        Args:
            names: only these packages; all by default.
            archives: the archives of packages, by name; told as ``archive`` in their entries.
        """
        wanted = self._packages.keys() if names is None else {canonicalize_name(name) for name in names}
        packages: dict[str, dict[str, Any]] = {}
        for name in sorted(wanted & self._packages.keys()):
            packages[name] = dict(self._packages[name].entry)
            packages[name]["depends"] = [item for item in packages[name]["depends"] if not self.does_without(item)]
            if archives and name in archives:
                packages[name]["archive"] = archives[name].entry()
        return {"info": dict(self.distribution.info), "packages": packages}

    def files(self) -> dict[str, Path]:
        """Each file to serve: its address relative to the folder of packages, and where it lies."""
        return {package.address: package.path for package in self._packages.values()}

    def take(self, files: Iterable[Path]) -> None:
        """Serve these files from now on, each instead of what the folders hold of the same package.

        Args:
            files: wheels, and shared libraries of Pyodide's distribution.

        Raises:
            ProvisionError: if one is damaged.
        """
        libraries = self.distribution.libraries()
        for path in files:
            if path.name in libraries:
                self._add_library(SharedLibrary(path, sha256_of(path)), libraries[path.name])
            else:
                wheel = Wheel(path)
                if not self.distribution.is_standard(
                    wheel.name
                ):  # Those are no packages, and have no metadata to go by.
                    wheel.read()
                self._add_wheel(wheel)

    def _take_libraries(self, folders: Iterable[FolderContents]) -> None:
        for found in folders:
            self.warnings += found.warnings
            for name, file in found.libraries.items():
                if file.sha256 == self.distribution.packages[name]["sha256"]:
                    self._add_library(file, name)
                else:
                    self.warnings.append(
                        f"{file.path} is not the {name} that this runtime was made with (its SHA-256 differs). "
                        f"It is passed over"
                    )

    def _take_wheels(self, wheels: Iterable[Wheel]) -> Iterator[Wheel]:
        """Add the best wheel of each package; yield all that could be served, the best first."""
        ranked: dict[NormalizedName, list[tuple[Version, int, Wheel]]] = {}
        for wheel in wheels:
            rank = self.target.rank(wheel.tags)
            if rank is None:
                self._refuse(wheel, "is made for another Python or system than the browser's")
            elif self._is_sound(wheel):
                ranked.setdefault(wheel.name, []).append((wheel.version, -rank, wheel))
        for name in sorted(ranked):
            # Sorting is stable, and the folder given first counts most.
            candidates = [item[2] for item in sorted(ranked[name], key=lambda item: item[:2], reverse=True)]
            self._add_wheel(candidates[0])
            yield from candidates

    def _is_sound(self, wheel: Wheel) -> bool:
        try:
            wheel.read()
        except ProvisionError as error:
            self.warnings.append(f"{error}. It is passed over")
            self._refuse(wheel, "is damaged or no wheel")
            return False
        if not wheel.requires_python.contains(self.target.python, prereleases=True):
            self._refuse(wheel, f"asks for Python {wheel.requires_python}, and the browser's is {self.target.python}")
            return False
        return True

    def _refuse(self, wheel: Wheel, reason: str) -> None:
        self._unsuitable.setdefault(wheel.name, []).append(f"{wheel.path} {reason}")

    def _add_library(self, file: SharedLibrary, name: NormalizedName) -> None:
        entry = self.distribution.packages[name]
        requires = tuple(Requirement(needed) for needed in entry["depends"])
        self._add(name, str(entry["version"]), file.path, file.sha256, requires, {**entry})

    def _add_wheel(self, wheel: Wheel) -> None:
        official = self.distribution.packages.get(wheel.name)
        if official and official["sha256"] == wheel.sha256:
            # Its builders know more than the metadata says, such as a shared library; extras are left to the metadata.
            extras = tuple(item for item in wheel.requires if not self.target.applies(item.marker))
            requires = tuple(Requirement(name) for name in official["depends"]) + extras
            entry = dict(official)
        else:
            standard = filter(self.distribution.is_standard, official["depends"] if official else ())
            requires = wheel.requires + tuple(Requirement(name) for name in standard)
            entry = {
                "name": wheel.name,
                "version": str(wheel.version),
                "depends": sorted(
                    {canonicalize_name(item.name) for item in requires if self.target.applies(item.marker)}
                ),
                "imports": list(wheel.imports),
                "install_dir": "site",
                "package_type": "package",
                "unvendored_tests": False,
            }
        self._add(wheel.name, str(wheel.version), wheel.path, wheel.sha256, requires, entry)

    def _add(
        self,
        name: str,
        version: str,
        path: Path,
        sha256: str,
        requires: tuple[Requirement, ...],
        entry: dict[str, Any],
    ) -> None:
        key = canonicalize_name(name)
        entry |= {"file_name": f"{sha256}/{path.name}", "sha256": sha256}
        self._packages[key] = ServedPackage(key, version, path, sha256, requires, entry)
