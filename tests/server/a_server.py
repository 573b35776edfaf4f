"""Starts a server with hand-made studies and assets; the tests run this file as a process of its own.

What it serves as files is in the folder ``served`` of the working folder, which it fills when it is not there.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidestage.errors import SidestageError
from sidestage.protocol import Text, Translatable
from sidestage.server.app import create_app
from sidestage.server.assets import Assets
from sidestage.server.development import Changes
from sidestage.server.gallery import Gallery
from sidestage.server.listening import allowed_hosts, listen, serve_on
from sidestage.server.store import Store

#: Large enough to be compressed in the background, and compressible.
WASM = b"\0asm" + b"instructions and data " * 50_000

#: Remains large when compressed, so that it goes to the cache folder.
HARD_WASM = b"\0asm" + bytes(random.Random(1).choices(range(16), k=2_000_000))


@dataclass
class Study:
    """A study made by hand."""

    name: str
    title: Text
    description: Text = "What it is <about>"
    failing: bool = False
    broken: bool = False
    asked: int = 0

    def config(self) -> Mapping[str, Any]:
        if self.broken:
            raise RuntimeError("the secret of the failure")
        self.asked += 1
        return {"title": "A study", "script": "study.py", "archive": "script.zip", "packages": [], "asked": self.asked}

    def archive(self) -> bytes:
        if self.failing:
            raise SidestageError("study.py, line 3: a bracket was never closed.")
        return b"PK a zip of the script"

    def prompt_module(self, name: str) -> bytes | None:
        return None


def assets_in(folder: Path, wasm: bytes) -> Assets:
    """A few files of each kind."""
    if not folder.is_dir():
        folder.mkdir()
        (folder / "app.js").write_text("export const answer = 42;\n" * 200)
        (folder / "start.js").write_text("export {};\n")
        (folder / "pyodide.mjs").write_text("export {};\n")
        (folder / "pyodide.wasm").write_bytes(wasm)
    assets = Assets()
    assets.add_file("app.js", folder / "app.js")
    assets.add_file("assets/start-abc.js", folder / "start.js", immutable=True)
    assets.add_file("runtime/abc/pyodide.mjs", folder / "pyodide.mjs", immutable=True)
    assets.add_file("runtime/abc/pyodide.wasm", folder / "pyodide.wasm", immutable=True)
    assets.add_bytes("manifest.json", b'{"runtime": "runtime/abc/"}')
    assets.add_bytes("packages/def/numpy.whl", b"PK a wheel " * 1000, immutable=True)
    return assets


def notify_by_stdin(changes: Changes) -> None:
    for _ in sys.stdin:
        changes.notify()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--dev", action="store_true")
    parser.add_argument("--gallery", action="store_true")
    parser.add_argument("--failing-script", action="store_true")
    parser.add_argument("--broken-config", action="store_true")
    parser.add_argument("--random-wasm", action="store_true")
    parser.add_argument("--limit", type=int, default=1_000_000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()

    title = Translatable({"en": "Chats & more", "nl": "Gesprekken & meer"})
    apps = [Study("chats", title, failing=options.failing_script, broken=options.broken_config)]
    gallery = None
    if options.gallery:
        apps.append(Study("videos", "Videos"))
        gallery = Gallery("Examples", "Try one.")
    app = create_app(
        apps,
        assets_in(Path("served"), HARD_WASM if options.random_wasm else WASM),
        Store.at(options.data),
        dev=options.dev,
        max_donation_bytes=options.limit,
        gallery=gallery,
        allowed_hosts=allowed_hosts(options.host, ["study.example.org"]),
        on_script_error=lambda name, traceback: print(f"{name}: {traceback}", file=sys.stderr, flush=True),
        cache_folder=Path("cache"),
    )
    if options.dev:  # A line on stdin stands for a change of the script.
        threading.Thread(target=notify_by_stdin, args=[app.state.changes], daemon=True).start()
    with listen(options.host, options.port) as listener:
        serve_on(listener, app, on_started=lambda url: print(url, flush=True))
    print("stopped cleanly", flush=True)


if __name__ == "__main__":
    main()
