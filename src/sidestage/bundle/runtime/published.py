"""A Pyodide that its makers published: the npm package, fetched once, verified, and kept in the user's cache folder."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from sidestage.bundle.packages.download import Unfetched, download, host_of
from sidestage.bundle.packages.wheelhouse import remove_forgotten
from sidestage.bundle.script import Script
from sidestage.bundle.tell import Tell
from sidestage.cache import user_cache_folder
from sidestage.errors import SidestageError
from sidestage.hashing import sha256_of

#: Where npm packages are published, and the variable that names another place.
REGISTRY = "https://registry.npmjs.org"
REGISTRY_VARIABLE = "SIDESTAGE_NPM_REGISTRY"

#: Tells the SHA-256 of each file that was unpacked, so that one that broke since is noticed.
_SUMS = "sha256.json"
#: Files that only editors and debuggers read.
_LEFT_OUT = (".d.ts", ".map", ".html")


class RuntimeUnavailable(SidestageError):
    """A version of Pyodide cannot be had."""


def published_runtime(script: Script, tell: Tell) -> Path:
    """The folder of the version of Pyodide that a script asks for; fetched unless it is here.

    Raises:
        RuntimeUnavailable: if it cannot be fetched, is not what its publisher says, or cannot be kept.
    """
    version = str(script.pyodide)
    store = user_cache_folder() / "runtimes"
    folder = store / version
    if _is_intact(folder):
        with contextlib.suppress(OSError):
            os.utime(folder)
        return folder
    tell(f"Fetching Pyodide {version} (once).")
    content = _fetch(script, version)
    try:
        store.mkdir(parents=True, exist_ok=True)
        remove_forgotten(store)
        return _unpack(content, folder)
    except OSError as error:
        raise RuntimeUnavailable(
            f"{store}, where runtimes are kept, cannot be written ({error.strerror}): check its permissions, or name "
            f"another cache folder in XDG_CACHE_HOME"
        ) from None


def _fetch(script: Script, version: str) -> bytes:
    """The package, verified by what the registry says of it."""
    registry = (os.environ.get(REGISTRY_VARIABLE) or REGISTRY).rstrip("/")
    try:
        integrity = _integrity(_read(f"{registry}/pyodide/{version}"))
        content = _read(f"{registry}/pyodide/-/pyodide-{version}.tgz")
    except Unfetched as error:
        if error.absent:
            raise RuntimeUnavailable(
                f"{script.name} asks for Pyodide {version}, which {host_of(registry)} does not have: check the version "
                f"under [tool.sidestage]"
            ) from None
        raise RuntimeUnavailable(
            f"{script.name} asks for Pyodide {version}, which is not on this machine and cannot be fetched ({error}): "
            f"start again when it can, or get its files by other means and name their folder under [tool.sidestage], "
            f'like pyodide = "./pyodide"'
        ) from None
    found = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if integrity != f"sha512-{found}":
        raise RuntimeUnavailable(
            f"the Pyodide {version} that {host_of(registry)} sent is not what it says of it: its SHA-512 should be "
            f"{integrity or 'told'} and is sha512-{found}. It was thrown away; do not use that source, or try again"
        )
    return content


def _read(url: str) -> bytes:
    with download(url) as answer:
        return answer.read()


def _integrity(description: bytes) -> str:
    try:
        told: Any = json.loads(description)
        return str(told["dist"]["integrity"])
    except (ValueError, KeyError, TypeError):
        return ""


def _unpack(content: bytes, folder: Path) -> Path:
    """Unpack the package beside, and put it in its place at once."""
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix="new-"))
    try:
        sums = {}
        with tarfile.open(fileobj=BytesIO(content)) as archive:
            for member in archive:
                name = member.name.removeprefix("package/")
                file = archive.extractfile(member)
                # The runtime lies flat in its package: what does not is none of it.
                if file is None or "/" in name or "\\" in name or name.endswith(_LEFT_OUT):
                    continue
                data = file.read()
                (beside / name).write_bytes(data)
                sums[name] = sha256_of(data)
        (beside / _SUMS).write_text(json.dumps(sums))
        shutil.rmtree(folder, ignore_errors=True)
        # Another process may have been faster.
        with contextlib.suppress(OSError):
            os.rename(beside, folder)
        return folder
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _is_intact(folder: Path) -> bool:
    try:
        sums = json.loads((folder / _SUMS).read_bytes())
        return bool(sums) and all(sha256_of(folder / name) == expected for name, expected in sums.items())
    except (OSError, ValueError, AttributeError):
        return False
