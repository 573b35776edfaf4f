"""What can be wrong with an author's script."""

from sidestage.errors import SidestageError


class ScriptError(SidestageError):
    """A script cannot be run as it is."""


class MetadataError(ScriptError):
    """What a script says about itself cannot be understood."""


class ArchiveError(ScriptError):
    """The files of a script cannot be sent to a browser."""
