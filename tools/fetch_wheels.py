"""Put Pyodide's wheels of numpy and pandas, and of what they need, into ``.cache/wheels``, for tests and benchmarks.

They are not on the package index, and a build must not depend on Pyodide's CDN. The package gbdraw, which is on the
index, carries unchanged copies of them; the hashes below say that they are unchanged. Does nothing when they are there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from sidestage.hashing import sha256_of

TARGET = Path(__file__).resolve().parents[1] / ".cache/wheels"
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


def is_current(folder: Path) -> bool:
    """Whether every wheel is in the folder, unchanged."""
    paths = {folder / name: expected for name, expected in WHEELS.items()}
    return all(path.is_file() and sha256_of(path) == expected for path, expected in paths.items())


def download(folder: Path) -> Path:
    """Fetch the package that carries the wheels."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), CARRIER]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


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
    if is_current(TARGET):
        return
    with tempfile.TemporaryDirectory() as folder:
        extract(download(Path(folder)), TARGET)
    print(f"{len(WHEELS)} wheels for Pyodide are in {TARGET}")


if __name__ == "__main__":
    main()
