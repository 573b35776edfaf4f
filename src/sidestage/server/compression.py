"""Smaller forms of what is served, made once: kept by content hash in the user's cache folder, or else in memory."""

from __future__ import annotations

import contextlib
import gzip
import os
import queue
import tempfile
import threading
import time
import zlib
from pathlib import Path

from sidestage.server.assets import Asset, Assets

#: Content that is small already.
_PACKED = ("image/png", "image/jpeg", "image/webp", "font/woff2")

#: Up to this size, compressing takes a few milliseconds and is done while the request waits.
_AT_ONCE = 200_000

#: More than a packet's worth must be saved, and a tenth.
_WORTH_BYTES = 1_400
_WORTH_SHARE = 0.9

_LEVEL = 6

#: What no server has used for so long (in seconds) is removed from the cache folder.
_FORGOTTEN = 90 * 24 * 3600


class Compressor:
    """Gives the gzip form of an asset, if there is one yet and it is worth it.

    Large content is compressed by a background thread; until it is done, the content goes out as it is.
    """

    def __init__(self, assets: Assets, cache_folder: Path | None) -> None:
        self._assets = assets
        self._folder = cache_folder
        self._done: dict[str, bytes | Path | None] = {}
        self._waiting: set[str] = set()
        self._jobs: queue.Queue[str | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin with everything that is there, in the background."""
        self._thread = threading.Thread(target=self._work, name="sidestage-compression", daemon=True)
        self._thread.start()
        for path in self._assets:
            self._jobs.put(path)

    def stop(self) -> None:
        """Let the background thread end after what it is doing."""
        self._jobs.put(None)

    def find(self, path: str, digest: str) -> bytes | Path | None:
        """The gzip form of the content with this digest, as bytes or as a file that holds them; None without one."""
        if digest in self._done:
            return self._done[digest]
        asset = self._assets.get(path)
        if asset is None or not _may_shrink(path, asset):
            return None
        if _size(asset) <= _AT_ONCE:
            return self._compress(path)
        if digest not in self._waiting:
            self._waiting.add(digest)
            self._jobs.put(path)
        return None

    def _work(self) -> None:
        self._remove_forgotten()
        while (path := self._jobs.get()) is not None:
            asset = self._assets.get(path)
            if asset is None or not _may_shrink(path, asset):
                continue
            try:
                self._compress(path)
            except OSError:
                continue  # A file that cannot be read now fails where it is asked for, with a reason.

    def _remove_forgotten(self) -> None:
        """Keep the cache folder from growing with every version there ever was."""
        if self._folder is None or not self._folder.is_dir():
            return
        for file in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - file.stat().st_mtime > _FORGOTTEN:
                    file.unlink()

    def _compress(self, path: str) -> bytes | Path | None:
        asset, digest = self._assets.get(path), self._assets.digest(path)
        if asset is None or digest in self._done:
            return self._done.get(digest)
        content = asset.read()
        smaller: bytes | Path | None = self._cached(digest, content)
        if smaller is None:
            packed = gzip.compress(content, _LEVEL, mtime=0)
            worth = len(packed) < len(content) * _WORTH_SHARE and len(packed) < len(content) - _WORTH_BYTES
            smaller = self._keep(digest, packed) if worth else None
        # A file may have changed since its digest was taken; then what was made belongs to no digest.
        if self._assets.digest(path) == digest:
            self._done[digest] = smaller
        self._waiting.discard(digest)
        return self._done.get(digest)

    def _cached(self, digest: str, content: bytes) -> Path | None:
        """The file of an earlier start, if it is whole."""
        if self._folder is None:
            return None
        file = self._folder / f"{digest}.gz"
        try:
            if gzip.decompress(file.read_bytes()) != content:
                return None
            os.utime(file)
            return file
        except (OSError, EOFError, zlib.error):
            return None

    def _keep(self, digest: str, packed: bytes) -> bytes | Path:
        """Small things stay in memory; others go to the cache folder, if it can be written."""
        if self._folder is None or len(packed) < _AT_ONCE:
            return packed
        file = self._folder / f"{digest}.gz"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            with open(descriptor, "wb") as temporary:
                temporary.write(packed)
            os.replace(name, file)
        except OSError:
            return packed
        return file


def _may_shrink(path: str, asset: Asset) -> bool:
    # A wheel is deflated already; other zips may be stored, and are tried.
    return asset.content_type not in _PACKED and not path.endswith((".whl", ".gz", ".br"))


def _size(asset: Asset) -> int:
    return len(asset.source) if isinstance(asset.source, bytes) else asset.source.stat().st_size
