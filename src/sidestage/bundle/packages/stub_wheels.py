"""Stubs: wheels without their content, from which uv learns what can be had besides the package index.

A stub holds a wheel's metadata and nothing else. uv chooses among stubs as among wheels, and so needs neither fetch
what Pyodide's makers built nor unpack what lies in a folder. Only what runs in the browser gets a stub; so each is
named as if it ran anywhere, and uv need not know the platform.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from sidestage.bundle.packages.distribution import Distribution, Entry
from sidestage.bundle.packages.wheels import Wheel
from sidestage.hashing import sha256_of


@dataclass(frozen=True)
class StubWheel:
    """A wheel's name, version and metadata."""

    name: str
    version: str
    metadata: str

    @property
    def file_name(self) -> str:
        """The name of the file to write."""
        return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"


def stub_of_wheel(wheel: Wheel) -> StubWheel:
    """The stub of a wheel that was read."""
    return StubWheel(wheel.name, str(wheel.version), wheel.metadata)


def stub_of_entry(entry: Entry, distribution: Distribution) -> StubWheel:
    """The stub of a wheel that Pyodide's makers built: its lock file names what it needs, without versions."""
    needed = [name for name in entry["depends"] if _is_package(distribution, name)]
    lines = ["Metadata-Version: 2.1", f"Name: {entry['name']}", f"Version: {entry['version']}"]
    metadata = "\n".join([*lines, *(f"Requires-Dist: {name}" for name in needed)])
    return StubWheel(canonicalize_name(entry["name"]), str(Version(entry["version"])), metadata)


def write_stubs(stubs: Iterable[StubWheel], within: Path) -> Path:
    """Write stubs into a folder of their own and return it. Equal stubs make the same folder, written once.

    Of several stubs for one version of a package, the first counts.

    Raises:
        OSError: if ``within`` cannot be written.
    """
    files: dict[str, StubWheel] = {}
    for stub in stubs:
        files.setdefault(stub.file_name, stub)
    told = "\0".join(f"{name}\0{files[name].metadata}" for name in sorted(files))
    folder = within / sha256_of(told.encode())[:32]
    if folder.is_dir():
        os.utime(folder)
    else:
        within.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=within))
        for name, stub in files.items():
            _write(beside / name, stub)
        _rename(beside, folder)
    return folder


def _write(path: Path, stub: StubWheel) -> None:
    info = f"{stub.name.replace('-', '_')}-{stub.version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", f"{stub.metadata.strip()}\n\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def _rename(beside: Path, folder: Path) -> None:
    try:
        os.rename(beside, folder)
    except OSError:
        shutil.rmtree(beside)
        if not folder.is_dir():  # Another process may have been faster.
            raise


def _is_package(distribution: Distribution, name: str) -> bool:
    entry = distribution.packages.get(canonicalize_name(name))
    return entry is None or entry["package_type"] == "package"
