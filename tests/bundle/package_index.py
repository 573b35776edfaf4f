"""A package index, and a copy of what Pyodide's makers publish: two folders, served on this machine."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name


class PackageIndex:
    """Serves a folder of wheels and sources as a package index at ``url``, and the files of another at ``built_url``.

    Attributes:
        folder: of the index; wheels may be added at any time.
        built: of what Pyodide's makers publish.
        asked: the paths that were asked for.
    """

    def __init__(self, folder: Path, built: Path) -> None:
        self.folder = folder
        self.built = built
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        """What ``UV_DEFAULT_INDEX`` wants."""
        return f"http://127.0.0.1:{self._server.server_port}/simple"

    @property
    def built_url(self) -> str:
        """Below this, what Pyodide's makers publish is found by the names of the files."""
        return f"http://127.0.0.1:{self._server.server_port}/built/"

    def close(self) -> None:
        """From now on nobody answers there."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.append(self.path)
                content = index._content(self.path)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(content or b"")

            do_HEAD = do_GET

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler

    def _content(self, path: str) -> bytes | None:
        kind, name = path.strip("/").split("/")[:2]
        if kind in ("files", "built"):
            file = (self.folder if kind == "files" else self.built) / name
            return file.read_bytes() if file.is_file() else None
        files = [file for file in sorted(self.folder.iterdir()) if file.suffix in (".whl", ".gz")]
        named = [file for file in files if canonicalize_name(file.name.split("-")[0]) == name]
        links = [f'<a href="/files/{file.name}#sha256={_sha256(file)}">{file.name}</a>' for file in named]
        return "\n".join(["<!DOCTYPE html>", *links]).encode() if links else None


def _sha256(file: Path) -> str:
    """The hash that the index promises: a file may name another beside it."""
    promised = file.with_suffix(".sha256")
    return promised.read_text() if promised.exists() else hashlib.sha256(file.read_bytes()).hexdigest()
