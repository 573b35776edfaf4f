"""Fetch wheels for tests and benchmarks: Pyodide's of numpy and pandas, and environments from the index.

Pyodide's are not on the package index, and a build must not depend on Pyodide's CDN. The package gbdraw, which is on
the index, carries unchanged copies of them; the hashes below say that they are unchanged. Does nothing when
they are there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sidestage.hashing import sha256_of

TARGET = Path(__file__).resolve().parents[1] / ".cache/wheels"
ENVIRONMENTS = TARGET.with_name("environments")
CARRIER = "gbdraw==0.14.2"

PURE = "py2.py3-none-any"
PYODIDE = "cp313-cp313-pyodide_2025_0_wasm32"

#: The SHA-256 of each wheel, from ``pyodide-lock.json`` in the npm package pyodide@0.29.0.
WHEELS = {
    f"numpy-2.2.5-{PYODIDE}.whl": "2ca46b70661caea8f9f8089d22495c7a24c120fc5881e68934ac3a04d3fc8a02",
    f"pandas-2.3.2-{PYODIDE}.whl": "1cc4ec1d52a630a5eeb36de472c99baad4dbb78b85b4d36dd70c554edfb58952",
    f"python_dateutil-2.9.0.post0-{PURE}.whl": "ee64661a7ea55297f01114e2ee8babce5d57efb2fa7f7009bc3c7cd14c4c62c7",
    f"pytz-2025.2-{PURE}.whl": "ee717af3bd5cb77fd4b8e45968a46e679290c206920844fbc8da9b6f4e70c917",
    f"six-1.17.0-{PURE}.whl": "32a97ce76f718db29b29511588192894a1bcec5811b2a8d3a49c37c497505740",
    f"tzdata-2025.2-{PURE}.whl": "efe840e3b9cc04707b6fbca5c145910e50916f801a61a8db6730ba4c92abba86",
}

#: The same for wheels of pure Python, which the index has.
FROM_INDEX = {
    "cloudpickle-3.1.3-py3-none-any.whl": "1654f4f18e416447210a63c5c25a135d65a292156aa5fa519dfa4baf7726dddb",
    "farama_notifications-0.0.6-py3-none-any.whl": "f84839188efa1ce5bb361c2a84881b2dc2c0d0d7fb661ff00421820170930935",
    "gymnasium-1.4.0-py3-none-any.whl": "1cb947c59e7c72d8eabb2c2274c00cd20948e69f8452a9ef4092223be24fdf0e",
    "pettingzoo-1.27.0-py3-none-any.whl": "075a6ab7c32d32d9a674f1af395010198bf09c172341aa38fa5415461601ac61",
    "typing_extensions-4.16.0-py3-none-any.whl": "481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8",
}


def is_current(folder: Path, wheels: Mapping[str, str]) -> bool:
    """Whether every wheel is in the folder, unchanged."""
    paths = {folder / name: expected for name, expected in wheels.items()}
    return all(path.is_file() and sha256_of(path) == expected for path, expected in paths.items())


def download(folder: Path) -> Path:
    """Fetch the package that carries the wheels."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), CARRIER]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def download_from_index(folder: Path) -> None:
    """Fetch the wheels that the index has, and stop at one that is another than it was."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, expected in FROM_INDEX.items():
        package, version = name.split("-")[:2]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(folder), f"{package}=={version}"], check=True)
        if sha256_of(folder / name) != expected:
            raise SystemExit(f"{name} is not the wheel that it was: look why before you use it")


def extract(carrier: Path, folder: Path) -> None:
    """Take the wheels out of it, and stop at one that is not what Pyodide published."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(carrier) as archive:
        inside = {Path(name).name: name for name in archive.namelist() if name.endswith(".whl")}
        for name, expected in WHEELS.items():
            content = archive.read(inside[name])
            if sha256_of(content) != expected:
                raise SystemExit(f"{name} in {CARRIER} is not the wheel that Pyodide published: do not use it")
            (folder / name).write_bytes(content)


def main() -> None:
    """Fetch the wheels unless they are there."""
    if not is_current(TARGET, WHEELS):
        with tempfile.TemporaryDirectory() as folder:
            extract(download(Path(folder)), TARGET)
        print(f"{len(WHEELS)} wheels for Pyodide are in {TARGET}")
    if not is_current(ENVIRONMENTS, FROM_INDEX):
        download_from_index(ENVIRONMENTS)
        print(f"{len(FROM_INDEX)} wheels from the index are in {ENVIRONMENTS}")


if __name__ == "__main__":
    main()
