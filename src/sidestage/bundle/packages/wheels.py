"""One wheel file: its name, and what its metadata says."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from packaging.metadata import InvalidMetadata, Metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from sidestage.bundle.packages.errors import ProvisionError
from sidestage.hashing import sha256_of


class Wheel:
    """A wheel that lies in a folder.

    Attributes:
        path: where it lies.
        name: the package's name, normalised as the package index does.
        version: the package's version.
        tags: the interpreters and platforms that it is for.

    Raises:
        ProvisionError: if its name is not a wheel's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name: NormalizedName
        self.version: Version
        self.tags: frozenset[Tag]
        try:
            self.name, self.version, _, self.tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            raise ProvisionError(f"{path} is not named like a wheel (name-version-python-abi-platform.whl)") from None
        self.metadata = ""
        self.requires: tuple[Requirement, ...] = ()
        self.requires_python = SpecifierSet()
        self.imports: tuple[str, ...] = ()

    def read(self) -> None:
        """Read the wheel's metadata into ``metadata``, ``requires``, ``requires_python``, ``imports``.

        Raises:
            ProvisionError: if the file is damaged or is no wheel.
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                names = archive.namelist()
                info = self._info_folder(names)
                self.metadata = (
                    archive.read(f"{info}/METADATA")
                    .decode("utf-8", "replace")
                    .replace("\r\n", "\n")
                    .partition("\n\n")[0]
                )
                listed = f"{info}/top_level.txt"
                top_level = archive.read(listed).decode("utf-8", "replace").split() if listed in names else []
            # Only what is used has to be valid: many a wheel has a field that is not.
            declared = Metadata.from_email(self.metadata, validate=False)
            self.requires = tuple(declared.requires_dist or ())
            self.requires_python = declared.requires_python or SpecifierSet()
        except InvalidMetadata as error:
            raise ProvisionError(
                f"{self.path} has metadata that cannot be read ({error}): get another version"
            ) from None
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
            raise ProvisionError(f"{self.path} is damaged or no wheel ({error}): fetch it again") from None
        self.imports = tuple(sorted({name.split("/")[0] for name in top_level} or _top_level_names(names)))

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return sha256_of(self.path)

    def _info_folder(self, names: Iterable[str]) -> str:
        for name in names:
            folder = name.split("/", 1)[0]
            if folder.endswith(".dist-info") and canonicalize_name(folder.split("-")[0]) == self.name:
                return folder
        raise KeyError(f"there is no folder {self.name}-{self.version}.dist-info in it")


def _top_level_names(names: Iterable[str]) -> set[str]:
    """The modules and packages that a wheel installs, for wheels without ``top_level.txt``."""
    found = set()
    for name in names:
        first, _, rest = name.partition("/")
        if first.endswith((".dist-info", ".data")) or not first:
            continue
        if rest:
            found.add(first)
        elif first.endswith((".py", ".so")):
            found.add(first.split(".")[0])
    return {name for name in found if name.isidentifier()}
