"""What can go wrong between a script's dependencies and the wheels at hand."""

from sidestage.errors import SidestageError


class PackageError(SidestageError):
    """A folder of wheels, or a wheel in it, cannot be used."""


class PackageNotFound(PackageError):
    """A script asks for a package, or a version of it, that no wheel at hand provides."""
