"""What Sidestage can make again but keeps between runs, in the user's cache folder.

Each file bears the SHA-256 of its content in its name: one that is broken is noticed and made again.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from sidestage.hashing import sha256_of
from sidestage.whole_files import write_whole

#: What nobody has used for so long (in seconds) is removed.
FORGOTTEN = 90 * 24 * 3600


def user_cache_folder() -> Path:
    """Where this operating system wants Sidestage to keep what it can make again."""
    return user_cache_path("sidestage", appauthor=False, opinion=False)


@dataclass(frozen=True)
class CachedFile:
    """A file in a cache.

    Attributes:
        path: where it lies.
        sha256: of its content, in hexadecimal.
        size: in bytes.
    """

    path: Path
    sha256: str
    size: int


class Cache:
    """A folder of files that can be made again, each under a key.

    Several processes may use one folder: a file is written beside and then renamed.

    Args:
        folder: made when the first file is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str) -> CachedFile | None:
        """The file that was kept under a key, or None. A broken one is removed."""
        for path in self.folder.glob(f"{key}.*"):
            sha256 = path.suffix.removeprefix(".")
            with contextlib.suppress(OSError):
                if sha256_of(path) == sha256:
                    os.utime(path)
                    return CachedFile(path, sha256, path.stat().st_size)
                path.unlink()
        return None

    def keep(self, key: str, content: bytes) -> CachedFile:
        """Keep a file under a key: letters, digits, hyphens.

        Raises:
            OSError: if the folder cannot be written.
        """
        sha256 = sha256_of(content)
        path = self.folder / f"{key}.{sha256}"
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        return CachedFile(path, sha256, len(content))

    def remove_forgotten(self) -> None:
        """Remove what nobody has used for months: the folder would grow with every version there ever was."""
        if not self.folder.is_dir():
            return
        for file in self.folder.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - file.stat().st_mtime > FORGOTTEN:
                    file.unlink()
