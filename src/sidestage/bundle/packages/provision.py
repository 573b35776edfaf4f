"""What a script needs, from its dependencies to files in the catalogue, by the lock file beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sidestage.bundle.packages.catalogue import Catalogue
from sidestage.bundle.packages.distribution import Distribution
from sidestage.bundle.packages.errors import LockError
from sidestage.bundle.packages.fetching import FetchedFiles, fetch_files
from sidestage.bundle.packages.install_order import ALREADY_THERE, askers_among
from sidestage.bundle.packages.lockfile import is_written, lock_path_of, present_lock_of, read_lock, write_lock
from sidestage.bundle.packages.picking import PackageRequest, pick_files
from sidestage.bundle.packages.python_imports import imported_by, imported_parts
from sidestage.bundle.packages.script_lock import Pin, ScriptLock, normalised
from sidestage.bundle.packages.unsupported import describe_unsupported, find_unsupported
from sidestage.bundle.packages.wheel_sources import PickedFile, WheelSources

if TYPE_CHECKING:
    from sidestage.bundle.script import Script


@dataclass(frozen=True)
class Provision:
    """What a script was given.

    Attributes:
        script: which it is for.
        lock: the very files, by hash.
        changed: whether that is not what the lock file says, so that it is to be saved.
        in_old_form: whether the lock file says it in a form that is not written any more.
        files: the files that are in the catalogue now, by package.
        warnings: sentences about what a page will have to do without.
    """

    script: Path
    lock: ScriptLock
    changed: bool
    in_old_form: bool
    files: dict[str, Path]
    warnings: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Of the lock file."""
        return lock_path_of(self.script)

    def save(self) -> None:
        """Write the lock file.

        Raises:
            LockError: if it cannot be written.
        """
        write_lock(self.script, self.lock)


def wanted_packages(script: Script, catalogue: Catalogue) -> tuple[str, ...]:
    """What a script needs: its dependencies, and the parts of the standard library that it imports and Pyodide keeps
    apart.
    """
    named = [text for text in script.dependencies if canonicalize_name(Requirement(text).name) not in ALREADY_THERE]
    return normalised([*named, *imported_parts(script.watched(), catalogue.distribution.standard_modules())])


class Provisioner:
    """Gives scripts their packages: finds out what they need, fetches it, and puts it into the catalogue.

    Args:
        catalogue: where the packages go; knows the folders given and the runtime.
        sources: where they come from.
        locked: whether lock files must be there and fit.
        tell: takes sentences for the author, when something takes its time.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        sources: WheelSources | None = None,
        *,
        locked: bool = False,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.catalogue = catalogue
        self.sources = sources or WheelSources(catalogue)
        self.locked = locked
        self.tell = tell

    def provision(self, script: Script, *, upgrade: bool = False) -> Provision | None:
        """Put what a script needs into the catalogue; None if there is nothing to lock and no lock file.

        With a lock file that fits nothing is chosen anew. Otherwise the locked versions are kept where they fit, unless
        this is an ``upgrade``; the lock file is not written before ``save``.

        Raises:
            ProvisionError: if something cannot be had, or the lock file is damaged, or must not change and would.
        """
        dependencies = wanted_packages(script, self.catalogue)
        lock = None if upgrade else read_lock(script.path)
        runtime = self.catalogue.runtime
        if lock is None and not dependencies and not runtime and not present_lock_of(script.path):
            return None
        reason = lock.why_not(dependencies, self.catalogue.target, runtime) if lock else "there is none"
        if lock and reason is None:
            return self._by_lock(script, lock)
        if self.locked:
            found = present_lock_of(script.path) or lock_path_of(script.path)
            raise LockError(
                f"{found.name} does not fit {script.name}: {reason}. Run 'sidestage lock {script.name}' and look at "
                f"what changes, or start without --locked"
            )
        return self._anew(script, dependencies, lock)

    def unsupported(self, script: Script, provision: Provision) -> list[str]:
        """Sentences about packages that need what a browser lacks. Reading a large package takes seconds.

        Those that were built for Pyodide were adapted to it, and are not looked at.
        """
        parts = self.catalogue.distribution.standard_modules()
        absent = {module: part for module, part in parts.items() if part not in provision.lock.versions()}
        imported = imported_by(script.watched())
        found = {
            f"{pin.name} {pin.version}": find_unsupported(provision.files[pin.name], imported, frozenset(absent))
            for pin in provision.lock.pins
            if pin.name in provision.files and pin.file.endswith("-none-any.whl")
        }
        return describe_unsupported(found, absent)

    def _by_lock(self, script: Script, lock: ScriptLock) -> Provision:
        parts = {pin.name for pin in lock.pins if self.catalogue.distribution.is_standard(pin.name)}
        # A shared library that only parts of the standard library need is as optional as they are.
        optional = parts | {pin.name for pin in lock.pins if pin.asked_by and parts.issuperset(pin.asked_by)}
        picks = [self.sources.pick_again(pin, optional=pin.name in optional) for pin in lock.pins]
        fetched = self._fetch(picks, script)
        in_old_form = not lock_path_of(script.path).exists()
        warnings = _without(fetched, self.catalogue.distribution)
        return Provision(script.path, lock, False, in_old_form, fetched.files, warnings)

    def _anew(self, script: Script, dependencies: tuple[str, ...], old: ScriptLock | None) -> Provision:
        wish = PackageRequest(script.name, script.path.parent, dependencies)
        picks = pick_files(wish, self.sources, old.pins if old else (), self.tell)
        fetched = self._fetch(picks, script)
        for pick in picks:
            if pick.path and pick.sha256:
                self.sources.wheelhouse.put(pick.path, pick.sha256)
        self.sources.tidy()
        pins = self._pins(script, dependencies, [pick for pick in picks if pick.name in fetched.missing])
        target = self.catalogue.target
        lock = ScriptLock(target.pyodide, target.python, dependencies, pins, self.catalogue.runtime)
        files = {pin.name: fetched.files[pin.name] for pin in pins if pin.name in fetched.files}
        changed, warnings = not is_written(script.path, lock), _without(fetched, self.catalogue.distribution)
        return Provision(script.path, lock, changed, False, files, warnings)

    def _fetch(self, picks: Sequence[PickedFile], script: Script) -> FetchedFiles:
        fetched = fetch_files(picks, self.sources, script.name, script.path.parent, self.tell)
        self.catalogue.take(fetched.files.values())
        return fetched

    def _pins(self, script: Script, dependencies: Sequence[str], missing: Sequence[PickedFile]) -> tuple[Pin, ...]:
        """What the script needs of the catalogue, and what is missing there but will be fetched another time."""
        pins = []
        askers = askers_among(self.catalogue, dependencies, script.name)
        for name, by in askers.items():
            package = self.catalogue.get(name)
            assert package is not None
            pins.append(Pin(name, package.version, package.path.name, package.sha256, tuple(sorted(by))))
        for pick in missing:
            known = [*askers, *(other.name for other in missing)]
            wanting = [str(name) for name in known if pick.name in self.catalogue.distribution.needs(name)]
            wanting += [script.name] if pick.name in dependencies else []
            pins.append(Pin(pick.name, pick.version, pick.file, pick.sha256 or "", tuple(sorted(wanting))))
        return tuple(sorted(pins, key=lambda pin: pin.name))


def _without(fetched: FetchedFiles, distribution: Distribution) -> tuple[str, ...]:
    return tuple(
        f"Python's own {name} is a download apart in Pyodide, and cannot be fetched now ({reason}): what imports it "
        f"fails on the page"
        for name, reason in sorted(fetched.missing.items())
        if distribution.is_standard(name)
    )
