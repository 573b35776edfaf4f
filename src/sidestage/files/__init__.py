"""A file of any size as an ordinary binary file object, read where it lies and never copied."""

from sidestage.files.participant_file import ParticipantFile, materialize_file

__all__ = ["ParticipantFile", "materialize_file"]
