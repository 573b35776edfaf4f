"""From requirements to the packages that meet them, in the order in which they can be installed."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from sidestage.bundle.packages.catalogue import Catalogue, ServedPackage
from sidestage.bundle.packages.errors import PackageNotFound

#: Packages that every page has without a wheel. Authors name them so that their script runs outside a page, too.
ALREADY_THERE = frozenset({"sidestage"})


def install_order(
    catalogue: Catalogue, requirements: Iterable[str], asked_by: str = "the script"
) -> list[ServedPackage]:
    """The packages that these requirements need, each after what it depends on.

    Args:
        catalogue: where they are looked for.
        requirements: as in a script's ``dependencies``: names, version ranges, extras, markers.
        asked_by: what the sentences call the one who asks, such as ``study.py``.

    Raises:
        PackageNotFound: if one, or the version of it that is asked for, is in none of the catalogue's folders.
    """
    return list(_Resolution(catalogue).run(requirements, asked_by).order.values())


def askers_among(catalogue: Catalogue, requirements: Iterable[str], asked_by: str) -> dict[NormalizedName, set[str]]:
    """The packages that ``install_order`` gives, each with those that ask for it by name."""
    return _Resolution(catalogue).run(requirements, asked_by).askers


class _Resolution:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.order: dict[NormalizedName, ServedPackage] = {}
        self.askers: dict[NormalizedName, set[str]] = {}
        #: Packages on the way, with the extras they were asked for: packages may depend on each other in a circle.
        self.visited: set[tuple[NormalizedName, frozenset[str]]] = set()

    def run(self, requirements: Iterable[str], asked_by: str) -> _Resolution:
        for requirement in map(Requirement, requirements):
            if self.catalogue.target.applies(requirement.marker):
                self._visit(requirement, asked_by)
        return self

    def _visit(self, requirement: Requirement, asker: str, version: str = "") -> None:
        name = canonicalize_name(requirement.name)
        if name in ALREADY_THERE or self.catalogue.does_without(name):
            return
        package = self._find(requirement, f"{asker} {version}".strip())
        self.askers.setdefault(name, set()).add(asker)
        extras = frozenset(requirement.extras)
        if (name, extras) in self.visited:
            return
        self.visited.add((name, extras))
        for needed in package.requires:
            if self.catalogue.target.applies(needed.marker, extras):
                self._visit(needed, package.name, package.version)
        self.order.setdefault(name, package)

    def _find(self, requirement: Requirement, asked_by: str) -> ServedPackage:
        package = self.catalogue.get(requirement.name)
        if package is None:
            raise PackageNotFound(_missing(self.catalogue, requirement, asked_by))
        if not requirement.specifier.contains(package.version, prereleases=True):
            raise PackageNotFound(
                f"{asked_by} asks for {requirement.name} {requirement.specifier}, but the wheel at hand is "
                f"{package.version} ({package.path}): put a wheel of a version that fits in a folder and start with "
                f"--find-links FOLDER, or ask for another version"
            )
        return package


def _missing(catalogue: Catalogue, requirement: Requirement, asked_by: str) -> str:
    asked = f"{requirement.name} {requirement.specifier}".strip()
    if catalogue.folders:
        looked = "it was looked for in " + ", ".join(str(folder) for folder in catalogue.folders)
    else:
        looked = "no folder of wheels was given to look in"
    reason = catalogue.why_not(requirement.name)
    details = f"{looked}; {reason}" if reason else looked
    return (
        f"{asked_by} asks for the package {asked}, and there is no wheel of it ({details}): put its wheel in a folder "
        f"and start with --find-links FOLDER"
    )
