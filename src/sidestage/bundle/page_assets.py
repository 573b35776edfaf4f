"""What every page needs whatever its script: the web build, the Pyodide runtime, and Sidestage's own Python."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import sidestage
from sidestage.bundle.packages.package_archives import PackageArchiveMaker, PackageTree, tree_of_package
from sidestage.bundle.runtime.asm_js import quick_script
from sidestage.bundle.runtime.find_runtime import (
    STDLIB_COMPILED,
    STDLIB_LATER,
    STDLIB_PLAIN,
    Runtime,
    own_runtime,
    present,
)
from sidestage.bundle.runtime.stdlib import compiled_stdlib, split_stdlib
from sidestage.bundle.tell import Tell
from sidestage.cache import Cache, user_cache_folder
from sidestage.hashing import sha256_of
from sidestage.server.assets import Assets, size_of
from sidestage.server.sealed_frame import sealed_document
from sidestage.zipping import zip_of

if TYPE_CHECKING:
    from sidestage.bundle.packages import Catalogue

#: The package as it is installed, or as it lies in a checkout.
PACKAGE = Path(sidestage.__file__).parent
STATIC = PACKAGE / "static"

#: The entries of the web build whose names are part of the public addresses.
WEB_ENTRIES = ("sidestage.js", "app.js")
#: The scripts of the web build that built sites have, and servers do not: the service worker, and what starts a page
#: that is one file.
WORKER_OF_SITE = "service_worker.js"
STARTER_OF_FILE = "single.js"
#: What is installed in the browser of the package: single modules, and the rooms of the floors up to 3.
BROWSER_MODULES = ("__init__.py", "errors.py", "numpy_types.py")
STAND_INS = "worker/stand_ins"
BROWSER_ROOMS = ("protocol", "files", "tables", "flow", "environment", "worker")


def browser_sources(package: Path = PACKAGE) -> dict[str, bytes]:
    """What is installed in the browser: the files by their names in ``site-packages``.

    These are Sidestage's rooms, and modules that stand in for those of the standard library that a browser lacks.
    """
    stand_ins = {file.name: file.read_bytes() for file in sorted((package / STAND_INS).glob("*.py"))}
    files = [package / name for name in BROWSER_MODULES]
    for room in BROWSER_ROOMS:
        files += sorted((package / room).rglob("*.py"))
    kept = [file for file in files if "examples" not in file.relative_to(package).parts and file.name not in stand_ins]
    return stand_ins | {f"sidestage/{file.relative_to(package).as_posix()}": file.read_bytes() for file in kept}


def fill_page_assets(
    assets: Assets,
    catalogue: Catalogue,
    static: Path = STATIC,
    *,
    runtime: Runtime | None = None,
    plain: bool = False,
    development: bool = False,
    only: Collection[str] | None = None,
    cache_folder: Path | None = None,
    tell: Tell = lambda _: None,
) -> None:
    """Put everything that pages need under its address, and ``manifest.json``, which tells the addresses.

    Addresses with a content hash in them never change their content, so that a browser keeps them for ever.

    Args:
        assets: where to put it.
        catalogue: the packages, for just that runtime.
        static: the folder of the web build and of Sidestage's own runtime.
        runtime: the Pyodide that pages start; by default the one in ``static``.
        plain: whether pages start from sources, with the standard library as Pyodide ships it, instead of compiled.
        development: whether pages tell the server what its author should know, such as that Python is not sealed off.
        only: names of the packages to put there, without their wheels; by default all, with them.
        cache_folder: where archives of packages are kept; by default in the user's.
        tell: takes sentences for the author: what takes its time, and what is left out.

    Raises:
        RuntimeMissing: if the web build or the runtime is not there.
    """
    _fill_web(assets, static / "web")
    frame = _fill_frame(assets, static / "web/assets")
    runtime = runtime or own_runtime(static / "runtime")
    cache = Cache(cache_folder or user_cache_folder() / "prepared")
    cache.remove_forgotten()
    maker = PackageArchiveMaker(runtime.folder, runtime.python, cache, plain=plain, tell=tell)
    compiled = None if plain else compiled_stdlib(runtime, cache, tell)
    library = dict(zip((STDLIB_COMPILED, STDLIB_LATER), split_stdlib(compiled), strict=True)) if compiled else {}
    script = {} if plain else {runtime.interpreter: quick_script(runtime.folder / runtime.interpreter, cache)}
    folder = _fill_runtime(assets, runtime, library | script)
    addresses = {
        "frame": frame,
        "loader": f"{folder}pyodide.js",
        "asm": folder + runtime.interpreter,
        "wasm": f"{folder}pyodide.asm.wasm",
        "stdlib": folder + (STDLIB_COMPILED if library else STDLIB_PLAIN),
        **({"later": folder + STDLIB_LATER} if library else {}),
        **_fill_images(assets, catalogue, maker, only),
    }
    fetched = list(addresses.values())
    # The frame's script is in its document.
    fetched += (path for path in assets if path.startswith("assets/") and not path.startswith("assets/inside-"))
    manifest = {
        "version": sidestage.__version__,
        "pyodide": runtime.version,
        "runtime": folder,
        "development": development,
        **addresses,
        "files": {path: _described(assets, path) for path in fetched},
    }
    assets.add_bytes("manifest.json", _json_bytes(manifest))


def _fill_web(assets: Assets, folder: Path) -> None:
    for name in WEB_ENTRIES:
        present(folder / name)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (WORKER_OF_SITE, STARTER_OF_FILE):
            name = path.relative_to(folder).as_posix()
            assets.add_file(name, path, immutable=name.startswith("assets/"))


def _fill_frame(assets: Assets, folder: Path) -> str:
    """Put the document of the sealed frame there; returns its address. By itself it is no page, but a text."""
    document = sealed_document(_script(folder, "inside"), _script(folder, "worker")).encode()
    address = f"frame/{sha256_of(document)[:16]}.txt"
    assets.add_bytes(address, document, immutable=True)
    return address


def _script(folder: Path, name: str) -> str:
    """A script of the web build that no page loads as it is."""
    return present(next(folder.glob(f"{name}-*.js"), folder / f"{name}.js")).read_text(encoding="utf-8")


def _fill_runtime(assets: Assets, runtime: Runtime, made: Mapping[str, Path | bytes]) -> str:
    """Put the files of a runtime there, and what was made of them; returns the address of their folder."""
    files: dict[str, Path | bytes] = {**{file.name: file for file in runtime.files()}, **made}
    address = f"runtime/{_hash_files(files)}/"
    for name, source in files.items():
        assets.add(address + name, source, immutable=True)
    return address


def _fill_images(
    assets: Assets, catalogue: Catalogue, maker: PackageArchiveMaker, only: Collection[str] | None
) -> dict[str, str]:
    """Put the packages and Sidestage's own Python there; the addresses of the latter and of the lock file."""
    chosen = [each for each in catalogue if only is None or each.name in only]
    packages = {tree_of_package(each.name, each.version, each.path, each.sha256): each for each in chosen}
    own_tree = _own_tree()
    archives = maker.make([own_tree, *packages])
    own = archives.pop(own_tree)
    if only is None:
        for address, path in catalogue.files().items():
            assets.add_file(f"packages/{address}", path, immutable=True)
    for archive in archives.values():
        assets.add(f"packages/{archive.file_name}", archive.source, immutable=True)
    python = f"python/{own.sha256[:16]}.zip"
    assets.add(python, own.source, immutable=True)
    named = {packages[tree].name: archive for tree, archive in archives.items()}
    lock = _json_bytes(catalogue.lock(named, archives=named))
    address = f"lock/{sha256_of(lock)[:16]}.json"
    assets.add(address, lock, immutable=True)
    return {"python": python, "lock": address}


def _own_tree() -> PackageTree:
    sources = browser_sources()
    return PackageTree("", sha256_of(zip_of(sources, stored=True)), lambda: dict(sources))


def _described(assets: Assets, path: str) -> dict[str, object]:
    asset = assets.get(path)
    assert asset is not None
    return {"size": size_of(asset.source), "sha256": assets.digest(path)}


def _hash_files(files: Mapping[str, Path | bytes]) -> str:
    """One hash for the names and contents of these files: 12 MB take about 30 ms, so nothing need be remembered."""
    told = "".join(f"{name} {sha256_of(source)}\n" for name, source in files.items())
    return sha256_of(told.encode())[:16]


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
