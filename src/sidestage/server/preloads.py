"""What a page is going to fetch to start Python: told to the browser with the page, so that all of it comes at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from sidestage.server.assets import Assets

#: What the web build fetches by itself: the worker's script, and that of the sealed frame.
_FETCHED_SCRIPTS = re.compile(r"assets/(worker|inside)-[^/]*\.js")


def preloads(assets: Assets, packages: Iterable[str]) -> Iterator[str]:
    """The addresses, from the server's root; none where the assets hold no runtime.

    Args:
        assets: all that is served.
        packages: names in the lock file.
    """
    found = assets.get("manifest.json")
    if found is None:
        return
    manifest = json.loads(found.read())
    yield "/sidestage/manifest.json"
    for path in assets:
        if _FETCHED_SCRIPTS.fullmatch(path):
            yield f"/sidestage/{path}"
    for name in ("wasm", "asm", "loader", "stdlib", "python", "lock"):
        if name in manifest:
            yield f"/sidestage/{manifest[name]}"
    lock = assets.get(manifest.get("lock", ""))
    known = json.loads(lock.read())["packages"] if lock else {}
    for name in packages:
        if image := known.get(name, {}).get("image"):
            yield f"/sidestage/packages/{image['file_name']}"
