"""Put another Pyodide than Sidestage's own into ``.cache``: the tests run the core on its line too.

Its hash below says that it is what its makers published. Does nothing when it is there.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "314.0.7"
SHA512 = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
TARGET = Path(__file__).resolve().parents[1] / f".cache/pyodide-{VERSION}"


def main() -> None:
    """Fetch it with npm and unpack it, unless it is there."""
    if TARGET.is_dir():
        return
    TARGET.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TARGET.parent) as name:
        folder = Path(name)
        command = ["npm", "pack", f"pyodide@{VERSION}", "--pack-destination", name, "--silent"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = folder.glob("*.tgz")
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != SHA512:
            raise SystemExit(f"pyodide {VERSION} is not what its makers published: its SHA-512 is {found}")
        with tarfile.open(archive) as files:
            files.extractall(folder, filter="data")
        shutil.move(folder / "package", TARGET)
    print(f"Pyodide {VERSION} is in {TARGET}")


if __name__ == "__main__":
    main()
