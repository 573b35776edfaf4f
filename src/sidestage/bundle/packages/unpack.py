"""What a wheel puts into ``site-packages``, file by file."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from sidestage.bundle.packages.errors import ProvisionError

#: Of the folders in a wheel's ``.data``, those that belong into site-packages. Browsers have no use for the others.
_INTO_SITE_PACKAGES = ("purelib", "platlib")


def unpack_wheel(path: Path) -> dict[str, bytes]:
    """The files of a wheel by their names in ``site-packages``, with what an installer adds.

    Stubs for type checkers stay out, and code that was compiled by another Python.

    Raises:
        ProvisionError: if the wheel is damaged, or would write outside of ``site-packages``.
    """
    content = {}
    for name, data in _read(path).items():
        inside = _place(name)
        if inside and not (inside.endswith(".pyi") or "__pycache__" in inside):
            content[inside] = data
    for folder in {name.split("/")[0] for name in content if name.split("/")[0].endswith(".dist-info")}:
        content[f"{folder}/INSTALLER"] = b"sidestage\n"
    return content


def unpack_library(path: Path) -> dict[str, bytes]:
    """The files of one of Pyodide's zips with shared libraries.

    Raises:
        ProvisionError: if the zip is damaged.
    """
    return _read(path)


def write_record(content: dict[str, bytes]) -> None:
    """Have the metadata name the files that are there: not all have the names that they had in the wheel."""
    for record in [name for name in content if name.endswith(".dist-info/RECORD") and name.count("/") == 1]:
        content[record] = "".join(f"{_quoted(name)},,\n" for name in sorted(content)).encode()


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            content = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, NotImplementedError, zlib.error) as error:
        raise ProvisionError(f"{path} is damaged or no wheel ({error}): fetch it again") from None
    for name in content:
        if name.startswith("/") or "\\" in name or {"", ".", ".."} & set(name.split("/")):
            raise ProvisionError(f"{path} holds a file {name!r}, which is no place in a package: get another version")
    return content


def _place(name: str) -> str | None:
    """Where a file of a wheel lies in site-packages; None when it does not belong there."""
    parts = PurePosixPath(name).parts
    if not parts[0].endswith(".data"):
        return name
    return "/".join(parts[2:]) if len(parts) > 2 and parts[1] in _INTO_SITE_PACKAGES else None


def _quoted(name: str) -> str:
    """A name as a field of a CSV file."""
    return '"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name
