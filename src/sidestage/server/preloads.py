"""What a page fetches first: told to the browser with the page, so that it comes at once.

The standard library and packages are not among it: they are fetched once the interpreter's code is there, which is then
compiled while they come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from sidestage.server.assets import Assets

#: How a module of the web build names those that it imports at once.
_IMPORT = re.compile(r"""\b(?:from|import)\s*["']\./(assets/[^"']+)["']""")
#: What the web build fetches by itself: the worker's script, and that of the sealed frame.
_FETCHED_SCRIPTS = re.compile(r"assets/(worker|inside)-[^/]*\.js")


def page_modules(assets: Assets) -> list[str]:
    """The page's own script and those that it imports at once: their paths in the assets, the page's own first."""
    found = assets.get("app.js")
    text = found.read().decode() if found else ""
    return ["app.js", *(path for path in _IMPORT.findall(text) if path in assets)]


def preloads(assets: Assets) -> Iterator[str]:
    """The addresses, from the server's root; none where the assets hold no runtime."""
    found = assets.get("manifest.json")
    if found is None:
        return
    manifest = json.loads(found.read())
    yield "/sidestage/manifest.json"
    for path in assets:
        if _FETCHED_SCRIPTS.fullmatch(path):
            yield f"/sidestage/{path}"
    for name in ("wasm", "asm", "loader", "lock"):
        if name in manifest:
            yield f"/sidestage/{manifest[name]}"
