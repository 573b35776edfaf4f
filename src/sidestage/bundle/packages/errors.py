"""What can go wrong between a script's dependencies and the wheels at hand."""

from sidestage.errors import SidestageError


class ProvisionError(SidestageError):
    """A folder of wheels, or a wheel in it, cannot be used."""


class PackageNotFound(ProvisionError):
    """A script asks for a package, or a version of it, that no wheel at hand provides."""


class VersionConflict(ProvisionError):
    """No set of versions meets all that the script and its packages ask for."""


class WrongHash(ProvisionError):
    """A file is not the one that its SHA-256 stands for."""


class NotAtHand(ProvisionError):
    """What is needed is not on this machine, and cannot be fetched now."""


class LockError(ProvisionError):
    """The lock file beside a script cannot be read, or may not be changed."""
