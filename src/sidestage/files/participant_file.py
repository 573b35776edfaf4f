"""The file object that a script gets when a participant chose a file.

In the browser the path leads to a read-only mount over the browser's own ``File``: each read there costs about half a
millisecond whatever its size, so a buffer of 1 MiB stands in front. Under CPython it is an ordinary path.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

#: Bytes fetched from the browser at a time.
BUFFER_SIZE = 1024 * 1024


class ParticipantFile(io.BufferedReader):
    """A binary, read-only, seekable file that is read lazily.

    It is what ``open(path, "rb")`` gives, and so does for ``zipfile``, ``csv``, ``json`` and pandas. Nothing is read
    before it is asked for.

    Attributes:
        size: its length in bytes.
        path: where code that insists on a path can open it.

    Raises:
        OSError: on reading, if the file has changed or gone on the participant's computer since it was chosen.
    """

    def __init__(self, path: str | os.PathLike[str], name: str | None = None) -> None:
        self.path = os.fspath(path)
        super().__init__(io.FileIO(self.path, "rb"), buffer_size=BUFFER_SIZE)
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
