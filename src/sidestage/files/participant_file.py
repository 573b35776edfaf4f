"""The file object that a script gets when a participant chose a file.

In the browser the path leads to a read-only mount over the browser's own ``File``. A read there costs about half a
millisecond and then a few per MiB, so a buffer stands in front, which is filled further the longer one reads on. Under
CPython it is an ordinary path.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

#: Most bytes fetched from the browser ahead of what was asked for.
BUFFER_SIZE = 1024 * 1024
#: Bytes fetched after a jump: often it is only the beginning of something that is looked at.
_AFTER_JUMP = BUFFER_SIZE // 16
#: The furthest that Pyodide's Python can move in a file at once: it counts in 32 bits.
_LONGEST_STEP = 2**31 - 1


@contextmanager
def _told_plainly(name: Any) -> Iterator[None]:
    """Say in words what the browser means by a read that failed."""
    try:
        yield
    except OSError as error:
        reason = (
            "the file cannot be read: it has changed or gone since it was chosen, or it is too large to read at once"
        )
        raise OSError(error.errno, reason, name) from None


class _LargeFile(io.FileIO):
    """A file of any length that is read only.

    Pyodide's Python gives positions beyond 2 GiB wrongly and takes none, but it can move there step by step and read.
    So the position is kept here, and how far to read ahead.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path, "rb")
        self._size = os.stat(path).st_size
        self._position = 0
        self._ahead = _AFTER_JUMP

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position; returns it."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise OSError(errno.EINVAL, "there is nothing before the beginning of a file", self.name)
        if origin + offset != self._position:
            self._ahead = _AFTER_JUMP
        while distance := origin + offset - self._position:
            step = max(-_LONGEST_STEP, min(_LONGEST_STEP, distance))
            super().seek(step, os.SEEK_CUR)
            self._position += step
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer, which need not become full; returns how many bytes."""
        wanted = memoryview(buffer)
        if len(wanted) <= BUFFER_SIZE:
            wanted = wanted[: self._ahead]
        with _told_plainly(self.name):
            count = super().readinto(wanted) or 0
        self._position += count
        self._ahead = min(2 * self._ahead, BUFFER_SIZE)
        return count

    def read(self, size: int | None = -1) -> bytes:
        """Read up to so many bytes, or all that is left."""
        if size is None or size < 0:
            return self.readall()
        with _told_plainly(self.name):
            content = super().read(size) or b""
        self._position += len(content)
        return content

    def readall(self) -> bytes:
        """Read all that is left."""
        with _told_plainly(self.name):
            content = super().readall() or b""
        self._position += len(content)
        return content


class ParticipantFile(io.BufferedReader):
    """A binary, read-only, seekable file that is read lazily.

    It is what ``open(path, "rb")`` gives, and so does for ``zipfile``, ``csv``, ``json`` and pandas. Nothing is read
    before it is asked for.

    Attributes:
        size: its length in bytes.
        path: where code that insists on a path can open it; beyond 2 GiB, use this object instead.

    Raises:
        OSError: on reading, if the file has changed or gone on the participant's computer since it was chosen.
    """

    def __init__(self, path: str | os.PathLike[str], name: str | None = None) -> None:
        self.path = os.fspath(path)
        super().__init__(_LargeFile(self.path), buffer_size=BUFFER_SIZE)
        self._shown_name = name if name is not None else os.path.basename(self.path)
        self.size = os.stat(self.path).st_size

    @property
    def name(self) -> str:
        """The file's name as the participant's computer has it, without folders."""
        return self._shown_name

    def __repr__(self) -> str:
        """Name and size, as a script's author wants to see them."""
        return f"<{type(self).__name__} {self.name!r}, {self.size} bytes>"


def materialize_file(file: Any) -> str:
    """A path for code that insists on one. Nothing is copied for a file that a participant chose.

    Args:
        file: a ``ParticipantFile``, or any open file with a real path.

    Raises:
        TypeError: if the object has no path.
    """
    path: str | Callable[..., Any] | None = getattr(file, "path", None) or getattr(file, "name", None)
    if isinstance(path, str) and os.path.exists(path):
        return path
    raise TypeError(f"{file!r} has no path; give a file that the participant chose")
