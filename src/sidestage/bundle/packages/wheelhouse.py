"""The wheels that were fetched before: in the user's cache folder, each under the SHA-256 of its content."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import ssl
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import IO

from sidestage.bundle.packages.download import download, host_of
from sidestage.bundle.packages.errors import ProvisionError, WrongHash
from sidestage.cache import FORGOTTEN, user_cache_folder
from sidestage.hashing import sha256_of

_CHUNK = 1 << 18
#: Begins the names of folders in which a download is under way.
_UNFINISHED = "new-"


class Wheelhouse:
    """A folder of wheels: ``<sha256>/<file>``. Several processes may use one.

    Args:
        folder: made when the first wheel is put there; ``wheels`` in the user's cache folder by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or user_cache_folder() / "wheels"

    def __iter__(self) -> Iterator[Path]:
        """Every wheel in it, unchecked."""
        return (path for path in sorted(self.folder.glob("*/*.whl")) if not path.parent.name.startswith(_UNFINISHED))

    def find(self, file: str, sha256: str) -> Path | None:
        """The file with this name and content, or None. One that was damaged is removed."""
        path = self.folder / sha256 / file
        try:
            if sha256_of(path) == sha256:
                os.utime(path.parent)
                return path
            path.unlink()
        except OSError:
            pass
        return None

    def put(self, path: Path, sha256: str) -> Path:
        """Keep a copy of a file that lies elsewhere, for the day when that is gone."""
        kept = self.find(path.name, sha256)
        if kept:
            return kept
        with path.open("rb") as source:
            return self._keep(source, path.name, sha256, str(path))

    def fetch(self, url: str, file: str, sha256: str | None) -> Path:
        """Download a file, unless it is here; ``sha256`` may be None where nobody knows it before.

        Raises:
            Unfetched: if it cannot be had from there.
            WrongHash: if it is another file than was asked for.
            ProvisionError: if the folder cannot be written.
        """
        if sha256 and (kept := self.find(file, sha256)):
            return kept
        with download(url) as answer:
            return self._keep(answer, file, sha256, host_of(url))

    def _keep(self, source: IO[bytes], file: str, sha256: str | None, origin: str) -> Path:
        if Path(file).name != file:
            raise ProvisionError(
                f"{origin} offers a file named {file!r}, which is no name of a file: do not use that source"
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
        except OSError as error:
            raise cannot_keep(self.folder, error) from None
        try:
            got = _copy(source, beside / file)
            if sha256 and got != sha256:
                raise WrongHash(
                    f"{file} from {origin} is not the file that was asked for: its SHA-256 should be {sha256} and is "
                    f"{got}. It was thrown away; do not use that source, or ask those who run it"
                )
            (self.folder / got).mkdir(exist_ok=True)
            os.replace(beside / file, self.folder / got / file)
            return self.folder / got / file
        except (HTTPException, TimeoutError, ConnectionError, ssl.SSLError):
            raise  # It is not the disk that failed.
        except OSError as error:
            raise cannot_keep(self.folder, error) from None
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def remove_forgotten(folder: Path) -> None:
    """Remove the folders in a folder that nobody has used for months: there would be one for every version ever."""
    for each in folder.glob("*"):
        with contextlib.suppress(OSError):
            if time.time() - each.stat().st_mtime > FORGOTTEN:
                shutil.rmtree(each)


def cannot_keep(folder: Path, error: OSError) -> ProvisionError:
    """What to say where the cache folder cannot be written."""
    return ProvisionError(
        f"{folder}, where packages are kept, cannot be written ({error.strerror}): check its permissions, or name "
        f"another cache folder in XDG_CACHE_HOME"
    )


def _copy(source: IO[bytes], path: Path) -> str:
    """Write what can be read to a file; return its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()
