"""From the packages that a script asks for to the wheels that a browser is sent.

A ``Provisioner`` finds out which wheels a script needs, by the lock file beside it or by asking uv, fetches them, and
puts them into a ``Catalogue``, from which pages are served. Wheels come from the folders given, the package index, or
what Pyodide's makers built; never from anywhere while a page runs.
"""

from sidestage.bundle.packages.catalogue import Catalogue, ServedPackage
from sidestage.bundle.packages.errors import (
    LockError,
    NotAtHand,
    PackageNotFound,
    ProvisionError,
    VersionConflict,
    WrongHash,
)
from sidestage.bundle.packages.lockfile import locked_versions
from sidestage.bundle.packages.provision import Provision, Provisioner, wanted_packages
from sidestage.bundle.packages.wheels import Wheel

__all__ = [
    "Catalogue",
    "LockError",
    "NotAtHand",
    "PackageNotFound",
    "Provision",
    "ProvisionError",
    "Provisioner",
    "ServedPackage",
    "VersionConflict",
    "Wheel",
    "WrongHash",
    "locked_versions",
    "wanted_packages",
]
