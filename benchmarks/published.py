"""Sidestage's files, and Pyodide's as shipped, as the web server of a built site sends them: compressed beforehand, as
small as they get, and kept by the browser.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.stage import WHEELS
from sidestage.bundle.packages import Catalogue
from sidestage.bundle.page_assets import fill_page_assets
from sidestage.bundle.runtime.find_runtime import own_runtime
from sidestage.bundle.site.contents import content_of
from sidestage.bundle.site.packing import pack
from sidestage.server.assets import Assets
from sidestage.server.negotiation import IMMUTABLE, REVALIDATE


@dataclass(frozen=True)
class _File:
    body: bytes
    headers: dict[str, str]


@contextmanager
def published(*, quick: bool = False) -> Iterator[str]:
    """Yield the address of a server with all of it; quickly, without numpy and pandas, and as it is."""
    handler = type("_Handler", (_Handler,), {"files": _files(quick)})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _files(quick: bool) -> dict[str, _File]:
    assets = Assets()
    fill_page_assets(assets, Catalogue(own_runtime().lock_path, [] if quick else [WHEELS]))
    contents = {path: content_of(assets, path) for path in assets}
    packed = pack(contents, encodings=() if quick else ("br",))
    files = {}
    for path, content in contents.items():
        asset = assets.get(path)
        assert asset is not None
        headers = {"Content-Type": asset.content_type, "ETag": f'"{content.sha256[:32]}"'}
        headers["Cache-Control"] = IMMUTABLE if asset.immutable else REVALIDATE
        form = packed.get(f"{path}.br")
        if form:
            headers["Content-Encoding"] = "br"
        files[f"/sidestage/{path}"] = _File((form or content).read(), headers)
    return files


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: dict[str, _File]

    def do_GET(self) -> None:
        """Answer as a file server does."""
        file = self.files.get(self.path)
        known = file is not None and self.headers.get("If-None-Match") == file.headers["ETag"]
        body = b"" if file is None or known else file.body
        self.send_response(404 if file is None else 304 if known else 200)
        for name, value in (file.headers if file else {}).items():
            self.send_header(name, value)
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "credentialless")
        if not known:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
