"""What is served under ``/sidestage/``: a mapping from URL path to a file on disk or to bytes.

Only what was added can be reached, so a request can never walk out into the file system.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sidestage.hashing import sha256_of
from sidestage.server.errors import ServerError

#: Content types that must be right whatever the operating system's own table says: a browser refuses a module script
#: that is not JavaScript, and compiles WebAssembly while it downloads only when it is called by its name.
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}


def content_type_of(name: str) -> str:
    """The content type for a file name."""
    suffix = Path(name).suffix.lower()
    return CONTENT_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


@dataclass(frozen=True)
class Asset:
    """One thing to serve: a file on disk or bytes, and how a browser should take it."""

    source: Path | bytes
    content_type: str
    #: The URL contains a hash of the content: a browser may keep it for ever and never ask again.
    immutable: bool

    def read(self) -> bytes:
        """The content as it is now."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()

    def version(self) -> tuple[int, int] | None:
        """Changes whenever the file does; None for bytes, which never do."""
        if isinstance(self.source, bytes):
            return None
        status = self.source.stat()
        return status.st_mtime_ns, status.st_size


def size_of(source: Path | bytes) -> int:
    """How many bytes the content of a file, or these bytes, are."""
    return len(source) if isinstance(source, bytes) else source.stat().st_size


class Assets:
    """Everything that is served under ``/sidestage/``, by its path there: ``app.js``, ``runtime/<hash>/pyodide.mjs``.

    May be added to while it is being served, from any thread.
    """

    def __init__(self) -> None:
        self._by_path: dict[str, Asset] = {}
        self._digests: dict[str, tuple[object, str]] = {}
        self._lock = threading.Lock()

    def add_file(self, path: str, file: Path, *, immutable: bool = False) -> None:
        """Serve a file at ``/sidestage/<path>``. Unless it is ``immutable``, its newest content is served."""
        if not file.is_file():
            raise ServerError(
                f"There is no file {file} to serve as /sidestage/{path}. Build it first, or leave it out."
            )
        self._add(path, Asset(file, content_type_of(path), immutable))

    def add_bytes(self, path: str, data: bytes, *, immutable: bool = False) -> None:
        """Serve these bytes at ``/sidestage/<path>``. Adding them again under the same path replaces them."""
        self._add(path, Asset(data, content_type_of(path), immutable))

    def add(self, path: str, source: Path | bytes, *, immutable: bool = False) -> None:
        """Serve a file or bytes at ``/sidestage/<path>``."""
        if isinstance(source, bytes):
            self.add_bytes(path, source, immutable=immutable)
        else:
            self.add_file(path, source, immutable=immutable)

    def get(self, path: str) -> Asset | None:
        """The asset at a path, or None."""
        return self._by_path.get(path)

    def digest(self, path: str) -> str:
        """The SHA-256 of the asset's present content, in hexadecimal; computed once per version of it."""
        asset = self._by_path[path]
        stamp = (asset, asset.version())
        known = self._digests.get(path)
        if known and known[0] == stamp:
            return known[1]
        digest = sha256_of(asset.source)
        self._digests[path] = (stamp, digest)
        return digest

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._by_path))

    def __len__(self) -> int:
        return len(self._by_path)

    def _add(self, path: str, asset: Asset) -> None:
        if not path or path.startswith("/") or "\\" in path or {"", ".", ".."} & set(path.split("/")):
            raise ServerError(
                f"{path!r} is no path under /sidestage/: write it like app.js or runtime/abc/python.wasm."
            )
        with self._lock:
            self._by_path[path] = asset
