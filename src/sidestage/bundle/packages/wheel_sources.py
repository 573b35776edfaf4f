"""Where wheels come from: folders given, the package index, and what Pyodide's makers built; in this order."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import InvalidWheelFilename, NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from sidestage.bundle.packages.catalogue import Catalogue
from sidestage.bundle.packages.errors import ProvisionError
from sidestage.bundle.packages.script_lock import Pin
from sidestage.bundle.packages.stub_wheels import StubWheel, stub_of_entry, stub_of_wheel, write_stubs
from sidestage.bundle.packages.uv import Choice, IndexFile
from sidestage.bundle.packages.wheelhouse import Wheelhouse, cannot_keep, remove_forgotten
from sidestage.bundle.packages.wheels import Wheel

#: Where Pyodide's makers publish what they built, and the variable that names a copy of it.
PYODIDE_ADDRESS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
MIRROR_VARIABLE = "SIDESTAGE_PYODIDE_MIRROR"


@dataclass(frozen=True)
class PickedFile:
    """A file that was picked, and where it is to be had.

    Attributes:
        name: of the package, normalised.
        version: of the package.
        file: the file's name.
        sha256: None where only the download will tell.
        path: where it lies, in a folder given.
        url: where it can be fetched; None where that is still to be found out.
        optional: whether a page may start without it.
    """

    name: NormalizedName
    version: str
    file: str
    sha256: str | None
    path: Path | None = None
    url: str | None = None
    optional: bool = False


class WheelSources:
    """What there is for one runtime.

    Args:
        catalogue: knows the folders and the distribution; both for the runtime.
        wheelhouse: what was fetched before.
        pyodide_address: where the files of the distribution are, with ``{version}`` for the version of Pyodide; by
            default where its makers publish them, or what the variable ``SIDESTAGE_PYODIDE_MIRROR`` names.
    """

    def __init__(
        self, catalogue: Catalogue, wheelhouse: Wheelhouse | None = None, pyodide_address: str | None = None
    ) -> None:
        self.catalogue = catalogue
        self.distribution = catalogue.distribution
        self.target = catalogue.target
        self.wheelhouse = wheelhouse or Wheelhouse()
        address = pyodide_address or os.environ.get(MIRROR_VARIABLE) or PYODIDE_ADDRESS
        self._address = address.replace("{version}", self.target.pyodide).rstrip("/") + "/"
        self._stubs = self.wheelhouse.folder.with_name("stubs")

    def keep(self, pins: Iterable[Pin]) -> list[Wheel]:
        """The wheels of an earlier lock that are on this machine: what was chosen before stays where it fits."""
        kept = []
        for pin in filter(self.is_chosen, pins):
            path = self.pick_again(pin).path or self.wheelhouse.find(pin.file, pin.sha256)
            if path:
                wheel = Wheel(path)
                wheel.read()
                kept.append(wheel)
        return kept

    def is_chosen(self, pin: Pin) -> bool:
        """Whether this is a package whose version is chosen, rather than something that comes along with others."""
        return pin.file.endswith(".whl") and not self.distribution.is_standard(pin.name)

    def stubs_at_hand(self, kept: Iterable[Wheel]) -> Path:
        """Stubs of these wheels and of those in the folders given."""
        return self._write(self._stub(wheel) for wheel in [*kept, *self.catalogue.candidates])

    def built_stubs(self) -> Path:
        """Stubs of what is on no package index: the wheels with compiled parts that Pyodide's makers built."""
        compiled = (entry for entry in self.distribution.wheels() if not entry["file_name"].endswith("-none-any.whl"))
        return self._write(stub_of_entry(entry, self.distribution) for entry in compiled)

    def fetched_stubs(self) -> Path:
        """Stubs of what was fetched before."""
        return self._write(self._stub(wheel) for wheel in self._fetched())

    def all_built_stubs(self) -> Path:
        """Stubs of all that Pyodide's makers built, whether it is on the package index or not."""
        return self._write(stub_of_entry(entry, self.distribution) for entry in self.distribution.wheels())

    def pick(self, choice: Choice, kept: Iterable[Wheel] = (), *, offline: bool = False) -> PickedFile:
        """The file to take for a version that was chosen.

        Args:
            choice: the version, with what the index has of it.
            kept: wheels that come before all others.
            offline: whether what was fetched before comes before what can be fetched.

        Raises:
            ProvisionError: if none of its files runs in the browser.
        """
        for wheel in [*kept, *self.catalogue.candidates, *(self._fetched() if offline else ())]:
            if (wheel.name, wheel.version) == (choice.name, Version(choice.version)):
                return PickedFile(wheel.name, choice.version, wheel.path.name, wheel.sha256, path=wheel.path)
        offered = [(rank, file) for file in choice.files if (rank := self._rank(file)) is not None]
        if offered:
            file = min(offered, key=lambda item: item[0])[1]
            return PickedFile(choice.name, choice.version, file.name, file.sha256, url=file.url)
        entry = self.distribution.packages.get(choice.name)
        if entry is None or Version(entry["version"]) != Version(choice.version):
            raise ProvisionError(
                f"the package index has {choice.name} {choice.version}, but no wheel of it for Pyodide "
                f"{self.target.pyodide}: ask for another version, or give a wheel with --find-links FOLDER"
            )
        return self.pick_built(choice.name)

    def pick_built(self, name: str, *, optional: bool = False) -> PickedFile:
        """The file that Pyodide's makers built of a package that they know."""
        key = canonicalize_name(name)
        entry = self.distribution.packages[key]
        pick = PickedFile(key, str(entry["version"]), entry["file_name"], entry["sha256"], optional=optional)
        return replace(pick, url=self._address + entry["file_name"])

    def pick_companions(self, picks: Iterable[PickedFile]) -> list[PickedFile]:
        """What packages need that no metadata names: shared libraries, and parts of the standard library."""
        picks = list(picks)
        built = [pick.name for pick in picks if pick.sha256 and self.distribution.find(pick.sha256)]
        libraries = self.distribution.libraries_of(built)
        parts = self.distribution.standard_parts_of(pick.name for pick in picks)
        return [
            *(self.pick_built(name) for name in sorted(libraries)),
            *(self.pick_built(name, optional=True) for name in sorted(self.with_libraries(parts) - libraries)),
        ]

    def with_libraries(self, parts: Iterable[str]) -> set[NormalizedName]:
        """Parts of the standard library, and the shared libraries that they need."""
        names = {canonicalize_name(name) for name in parts}
        return names | self.distribution.libraries_of(names)

    def pick_again(self, pin: Pin, *, optional: bool = False) -> PickedFile:
        """The file that a lock names; its ``url`` is None where the index has to be asked for it."""
        name = canonicalize_name(pin.name)
        for wheel in self.catalogue.candidates:
            if wheel.path.name == pin.file and wheel.sha256 == pin.sha256:
                return PickedFile(name, pin.version, pin.file, pin.sha256, path=wheel.path)
        if self.distribution.find(pin.sha256):
            return self.pick_built(name, optional=optional)
        return PickedFile(name, pin.version, pin.file, pin.sha256, optional=optional)

    def tidy(self) -> None:
        """Remove what nobody has used for months."""
        remove_forgotten(self.wheelhouse.folder)
        remove_forgotten(self._stubs)

    def _stub(self, wheel: Wheel) -> StubWheel:
        """Of what Pyodide's makers built, the stub is made of their lock file, whether it was fetched or not."""
        entry = self.distribution.find(wheel.sha256)
        return stub_of_entry(entry, self.distribution) if entry else stub_of_wheel(wheel)

    def _rank(self, file: IndexFile) -> int | None:
        if file.url.startswith(self._stubs.as_uri()):
            return None  # Not a wheel, but what was said of one.
        try:
            return self.target.rank(parse_wheel_filename(file.name)[3])
        except InvalidWheelFilename:
            return None

    def _fetched(self) -> Iterator[Wheel]:
        for path in self.wheelhouse:
            with contextlib.suppress(ProvisionError):  # A damaged one is as good as none.
                wheel = Wheel(path)
                if self.target.rank(wheel.tags) is not None and not self.distribution.is_standard(wheel.name):
                    wheel.read()
                    yield wheel

    def _write(self, stubs: Iterable[StubWheel]) -> Path:
        try:
            return write_stubs(stubs, self._stubs)
        except OSError as error:
            raise cannot_keep(self._stubs, error) from None
