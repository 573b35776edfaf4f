"""Looking for wheels in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.utils import NormalizedName

from sidestage.bundle.packages.errors import ProvisionError
from sidestage.bundle.packages.wheels import Wheel
from sidestage.hashing import sha256_of


@dataclass(frozen=True)
class SharedLibrary:
    """A file of Pyodide's distribution that is no wheel: shared libraries that wheels need."""

    path: Path
    sha256: str


@dataclass
class FolderContents:
    """What a folder holds: wheels by no order, libraries by the name of their package, sentences about the rest."""

    wheels: list[Wheel] = field(default_factory=list)
    libraries: dict[NormalizedName, SharedLibrary] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def search_folder(folder: Path, libraries: Mapping[str, NormalizedName]) -> FolderContents:
    """The wheels in a folder, not in folders below it, and the files that ``libraries`` names (file name to package).

    Raises:
        ProvisionError: if there is no such folder, or it cannot be read.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise ProvisionError(f"the folder {folder} {what}: --find-links wants a folder with wheels (.whl files)")
    found = FolderContents()
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise ProvisionError(f"the folder {folder} cannot be read ({error.strerror}): check its permissions") from None
    for path in files:
        if path.suffix == ".whl":
            try:
                found.wheels.append(Wheel(path))
            except ProvisionError as error:
                found.warnings.append(f"{error}. It is passed over")
        elif path.name in libraries:
            found.libraries[libraries[path.name]] = SharedLibrary(path, sha256_of(path))
    return found
