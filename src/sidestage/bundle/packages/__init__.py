"""From the packages that a script asks for to the wheels that a browser is sent.

A package is served from a wheel that lies in one of the folders given, never from a third party. What Pyodide's
own lock file knows helps where a wheel does not say it all, and where a wheel is missing.
"""

from sidestage.bundle.packages.catalogue import Catalogue, LockedPackage
from sidestage.bundle.packages.errors import PackageError, PackageNotFound
from sidestage.bundle.packages.wheels import Wheel

__all__ = ["Catalogue", "LockedPackage", "PackageError", "PackageNotFound", "Wheel"]
