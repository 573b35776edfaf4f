"""What a page fetches first: told to the browser with the page, so that it comes at once.

The standard library and packages are not among it: they are fetched once the interpreter's code is there, which is then
compiled while they come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from sidestage.server.assets import Assets

#: The scripts of a study's page in the web build, in the order in which they run.
_SCRIPTS = (re.compile(r"assets/start-[^/]*\.js"), re.compile(r"assets/page-[^/]*\.js"))
#: Where a module of the web build names another that it cannot do without.
_IMPORT = re.compile(r"""\b(?:from|import)\s*["']\./([^"']+)["']""")


def page_scripts(assets: Assets) -> list[str]:
    """The scripts of a study's page, as paths of the assets, in the order in which they run."""
    return [path for script in _SCRIPTS for path in assets if script.fullmatch(path)]


def page_modules(assets: Assets) -> list[str]:
    """Those scripts, and what they import; what is needed first comes first."""
    found: list[str] = []
    waiting = page_scripts(assets)
    while waiting:
        path = waiting.pop(0)
        asset = assets.get(path)
        if asset is None or path in found:
            continue
        found.append(path)
        waiting = [f"assets/{name}" for name in _IMPORT.findall(asset.read().decode())] + waiting
    return found


def preloads(assets: Assets) -> Iterator[str]:
    """The addresses, from the server's root; none where the assets hold no runtime."""
    found = assets.get("manifest.json")
    if found is None:
        return
    manifest = json.loads(found.read())
    yield "/sidestage/manifest.json"
    for name in ("wasm", "asm", "loader", "lock"):
        if name in manifest:
            yield f"/sidestage/{manifest[name]}"
