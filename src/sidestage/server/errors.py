"""What can go wrong in serving and in storing."""

from sidestage.errors import SidestageError


class ServerError(SidestageError):
    """The server cannot start, or was given something it cannot serve."""


class StoreError(SidestageError):
    """Donations cannot be written or read: the folder, the disk or the database does not allow it.

    ``reason`` says why in a word that the server has sentences for; the message is for the researcher.
    """

    reason = "failed"


class StoreFull(StoreError):
    """There is no room on the disk."""

    reason = "full"


class StoreMoved(StoreError):
    """The folder does not hold the database that was opened."""

    reason = "moved"


class SessionFull(SidestageError):
    """A session has sent as much as is kept of one. The message is for the participant."""


class StoreBusy(StoreError):
    """Another program, or another write, has kept the database for too long."""

    reason = "busy"
