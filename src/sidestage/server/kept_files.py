"""Whether a SQLite store is still the one in its folder, and whether that folder takes what is written there.

A folder that is moved or deleted takes an open database with it: what is written then is on no disk that anybody looks
at, and SQLite says nothing.
"""

from __future__ import annotations

import errno
import os
import secrets
import tempfile
from pathlib import Path

from sidestage.server.errors import StoreError, StoreFull, StoreMoved

#: The database, and the two files that SQLite keeps beside it. What was committed last may be in the second alone.
_SUFFIXES = ("", "-wal", "-shm")

#: How much a trial writes: a full disk may still have room for less.
_TRIAL_BYTES = 1 << 20

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class KeptFiles:
    """The files of an open SQLite database, known by device and inode."""

    def __init__(self, file: Path) -> None:
        self.folder = file.parent
        self._files = [file.with_name(file.name + suffix) for suffix in _SUFFIXES]
        self._known = self._look()

    def check(self) -> None:
        """Make sure that the folder holds the files that were opened.

        Raises:
            StoreMoved: if it does not.
        """
        if self._look() != self._known:
            raise StoreMoved(
                f"{self._files[0]} is not the database that the server opened: its folder was moved, deleted or"
                " replaced. Put it back, or stop the server and start it again."
            )

    def try_folder(self) -> None:
        """Write a file beside the database, read it back, and remove it.

        Raises:
            StoreFull: if there is no room.
            StoreError: if that fails for another reason.
        """
        content = secrets.token_bytes(_TRIAL_BYTES)
        try:
            with tempfile.TemporaryFile(dir=self.folder, buffering=0) as trial:
                view = memoryview(content)
                while view:
                    view = view[trial.write(view) :]
                os.fsync(trial.fileno())
                trial.seek(0)
                same = trial.read(_TRIAL_BYTES) == content
        except OSError as error:
            raise refused_by_disk(error, self.folder) from error
        if not same:
            raise StoreError(f"{self.folder} does not give back what was written there. Check the disk.")

    def _look(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_identity(file) for file in self._files)


def refused_by_disk(error: OSError, folder: Path) -> StoreError:
    """What the system said when a file could not be written, as a sentence."""
    if error.errno in _FULL:
        return StoreFull(f"{folder} cannot be written: the disk is full. Make room, or name another with --data DIR.")
    return StoreError(
        f"{folder} cannot be written: {error.strerror or error}. Check who may write there, and the disk."
    )


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
