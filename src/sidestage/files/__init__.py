"""A file of any size as an ordinary binary file object, read where it lies and never copied; and zips of any origin."""

from sidestage.files.participant_file import ParticipantFile, materialize_file
from sidestage.files.zips import open_zip

__all__ = ["ParticipantFile", "materialize_file", "open_zip"]
