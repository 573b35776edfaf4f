"""Writing a file so that others see all of it or nothing, whenever the program is stopped."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file beside, then put it in its place at once.

    Args:
        path: the file; its folder has to be there.
        content: what it shall hold.
        mode: its permissions; by default for its owner alone.

    Raises:
        OSError: if it cannot be written; then nothing is left of it.
    """
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}-")
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
