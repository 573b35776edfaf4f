"""What can go wrong in serving and in storing."""

from sidestage.errors import SidestageError


class ServerError(SidestageError):
    """The server cannot start, or was given something it cannot serve."""


class StoreError(SidestageError):
    """Donations cannot be written or read: the folder, the disk or the database does not allow it."""
