"""Real wheels for the tests of bundle, and a way to make small ones."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheels() -> Path:
    """The folder with Pyodide's own wheels of numpy and pandas."""
    subprocess.run([sys.executable, ROOT / "tools/fetch_wheels.py"], check=True)
    return ROOT / ".cache/wheels"


@pytest.fixture(scope="session")
def lock_path() -> Path:
    """The lock file of the Pyodide that Sidestage ships."""
    return ROOT / "web/node_modules/pyodide/pyodide-lock.json"


MakeWheel = Callable[..., Path]


@pytest.fixture
def make_wheel(tmp_path: Path) -> MakeWheel:
    """Write a small wheel into ``tmp_path/wheels`` and return its path."""
    folder = tmp_path / "wheels"
    folder.mkdir()

    def make(
        name: str,
        version: str = "1.0",
        tag: str = "py3-none-any",
        requires: Iterable[str] = (),
        python: str = "",
        files: Mapping[str, str] = MappingProxyType({}),
        within: Path | None = None,
    ) -> Path:
        path = (within or folder) / f"{name}-{version}-{tag}.whl"
        path.parent.mkdir(exist_ok=True)
        metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
        metadata += [f"Requires-Dist: {item}" for item in requires]
        metadata += [f"Requires-Python: {python}"] if python else []
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(path, "w") as archive:
            for file, text in {f"{name}/__init__.py": "", **files}.items():
                archive.writestr(file, text)
            archive.writestr(f"{info}/METADATA", "\n".join(metadata) + "\n\n")
            archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
            archive.writestr(f"{info}/RECORD", "")
        return path

    return make
