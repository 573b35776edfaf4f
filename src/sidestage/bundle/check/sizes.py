"""What a participant downloads for a script, by part, as it goes over the line to a browser that takes brotli."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sidestage.bundle.packages import ServedPackage
from sidestage.cache import user_cache_folder

if TYPE_CHECKING:
    from sidestage.server.assets import Assets

#: What the manifest names of Python itself.
_PYTHON = ("loader", "asm", "wasm", "stdlib", "later", "python")


def download_sizes(assets: Assets, packages: Iterable[ServedPackage], archive: bytes) -> dict[str, int]:
    """How many bytes each part of a first visit takes. Compressing anew takes seconds; forms are kept.

    Args:
        assets: what ``fill_page_assets`` gave.
        packages: those that the page loads.
        archive: of the script.
    """
    from sidestage.server.compression import Compressor
    from sidestage.server.preloads import page_modules

    compressor = Compressor(assets, user_cache_folder() / "compressed")

    def sent(path: str) -> int:
        return compressor.packed_size(path, "br")

    manifest = json.loads(_read(assets, "manifest.json"))
    lock = json.loads(_read(assets, manifest["lock"]))["packages"]
    page = ["manifest.json", manifest["lock"], manifest["frame"], *page_modules(assets)]
    python = [manifest[name] for name in _PYTHON if name in manifest]
    sizes = {
        "the page": sum(map(sent, page)),
        f"Python, from Pyodide {manifest['pyodide']}": sum(map(sent, python)),
    }
    for package in packages:
        file = lock[package.name]["archive"]["file_name"]
        sizes[f"{package.name} {package.version}"] = sent(f"packages/{file}")
    return sizes | {"the script and what lies beside it": len(archive)}


def _read(assets: Assets, path: str) -> bytes:
    asset = assets.get(path)
    assert asset is not None, path
    return asset.read()
