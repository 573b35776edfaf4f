"""What can go wrong between a script's dependencies and the wheels at hand."""

from sidestage.errors import SidestageError


class PackageError(SidestageError):
    """A folder of wheels, or a wheel in it, cannot be used."""


class PackageNotFound(PackageError):
    """A script asks for a package, or a version of it, that no wheel at hand provides."""


class VersionConflict(PackageError):
    """No set of versions meets all that the script and its packages ask for."""


class WrongHash(PackageError):
    """A file is not the one that its SHA-256 stands for."""


class NotAtHand(PackageError):
    """What is needed is not on this machine, and cannot be fetched now."""


class LockError(PackageError):
    """The lock file beside a script cannot be read, or may not be changed."""
