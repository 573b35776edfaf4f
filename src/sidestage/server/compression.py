"""Smaller forms of what is served, made once: kept by content hash in the user's cache folder, or else in memory."""

from __future__ import annotations

import gzip
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import brotli

from sidestage.cache import Cache
from sidestage.server.assets import Asset, Assets, size_of

#: The encodings there are, the best first. Browsers take brotli only over HTTPS and from their own machine.
ENCODINGS = ("br", "gzip")

#: Content that is small already.
_PACKED = ("image/png", "image/jpeg", "image/webp", "font/woff2")

#: Up to this size, compressing takes a few milliseconds and is done while the request waits.
_AT_ONCE = 200_000

#: More than a packet's worth must be saved, and a tenth.
_WORTH_BYTES = 1_400
_WORTH_SHARE = 0.9

#: 10 MB take a second. The best quality saves another tenth, and takes twenty seconds.
_BROTLI_QUALITY = 9
_GZIP_LEVEL = 6


@dataclass(frozen=True)
class Packed:
    """A smaller form of an asset: its encoding, and the bytes or the file that holds them."""

    encoding: str
    source: bytes | Path


class Compressor:
    """Gives a smaller form of an asset, if there is one yet and it is worth it.

    Large content is compressed by a background thread; until it is done, the content goes out as it is.
    """

    def __init__(self, assets: Assets, cache_folder: Path | None) -> None:
        self._assets = assets
        self._cache = Cache(cache_folder) if cache_folder else None
        #: By digest and encoding; None where it is not worth it.
        self._done: dict[tuple[str, str], Packed | None] = {}
        self._waiting: set[tuple[str, str]] = set()
        self._jobs: queue.Queue[tuple[str, str] | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin with everything that is there, in the background and in the encoding that most browsers take."""
        self._thread = threading.Thread(target=self._work, name="sidestage-compression", daemon=True)
        self._thread.start()
        for path in self._assets:
            self._jobs.put((path, ENCODINGS[0]))

    def stop(self) -> None:
        """Let the background thread end after what it is doing."""
        self._jobs.put(None)

    def find(self, path: str, digest: str, encodings: Sequence[str]) -> Packed | None:
        """A smaller form of the content with this digest, in one of these encodings, the first that is there."""
        asset = self._assets.get(path)
        if asset is None or not _may_shrink(path, asset):
            return None
        for encoding in encodings:
            key = (digest, encoding)
            if key not in self._done and size_of(asset.source) <= _AT_ONCE:
                self._compress(path, encoding)
            elif key not in self._done and key not in self._waiting:
                self._waiting.add(key)
                self._jobs.put((path, encoding))
            if packed := self._done.get(key):
                if isinstance(packed.source, bytes) or packed.source.is_file():
                    return packed
                del self._done[key]  # Somebody emptied the cache folder.
        return None

    def packed_size(self, path: str, encoding: str) -> int:
        """How many bytes the asset at a path takes in this encoding; of a large one that is not compressed yet, this
        takes its time.
        """
        asset = self._assets.get(path)
        assert asset is not None, path
        if _may_shrink(path, asset):
            self._compress(path, encoding)
        packed = self._done.get((self._assets.digest(path), encoding))
        if packed is None:
            return size_of(asset.source)
        return size_of(packed.source)

    def _work(self) -> None:
        if self._cache:
            self._cache.remove_forgotten()
        while (job := self._jobs.get()) is not None:
            path, encoding = job
            asset = self._assets.get(path)
            if asset is None or not _may_shrink(path, asset):
                continue
            try:
                self._compress(path, encoding)
            except OSError:
                continue  # A file that cannot be read now fails where it is asked for, with a reason.

    def _compress(self, path: str, encoding: str) -> None:
        digest = self._assets.digest(path)
        key = (digest, encoding)
        self._waiting.discard(key)
        if key in self._done:
            return
        kept = self._cache.find(f"{digest}-{encoding}") if self._cache else None
        packed = Packed(encoding, kept.path) if kept else self._make(path, digest, encoding)
        # A file may have changed since its digest was taken; then what was made belongs to no digest.
        if self._assets.digest(path) == digest:
            self._done[key] = packed

    def _make(self, path: str, digest: str, encoding: str) -> Packed | None:
        asset = self._assets.get(path)
        content = asset.read() if asset else b""
        if is_deflated_zip(content):
            return None
        packed = _compressed(content, encoding)
        if not is_worth_it(len(content), len(packed)):
            return None
        return Packed(encoding, self._keep(f"{digest}-{encoding}", packed))

    def _keep(self, key: str, packed: bytes) -> bytes | Path:
        """Small things stay in memory; others go to the cache folder, if it can be written."""
        if self._cache is None or len(packed) < _AT_ONCE:
            return packed
        try:
            return self._cache.keep(key, packed).path
        except OSError:
            return packed


def _compressed(content: bytes, encoding: str) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(content, quality=_BROTLI_QUALITY)
        return packed
    return gzip.compress(content, _GZIP_LEVEL, mtime=0)


def _may_shrink(path: str, asset: Asset) -> bool:
    return asset.content_type not in _PACKED and not path.endswith((".whl", ".gz", ".br"))


def is_worth_it(size: int, packed: int) -> bool:
    """Whether enough is saved for a compressed form to be used."""
    return packed <= size * _WORTH_SHARE and packed <= size - _WORTH_BYTES


def is_deflated_zip(content: bytes) -> bool:
    """Whether this is a zip that is compressed itself, such as the standard library as Pyodide ships it."""
    return content[:4] == b"PK\x03\x04" and content[8:10] == b"\x08\0"
