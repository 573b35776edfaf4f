"""Images: what of a wheel lies in the browser's site-packages, compiled by the browser's own Python."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from sidestage.bundle.packages import ProvisionError
from sidestage.bundle.packages.package_archives import PackageArchive, PackageArchiveMaker, PackageTree, tree_of_package
from sidestage.bundle.packages.unpack import unpack_wheel
from sidestage.bundle.page_assets import STATIC
from sidestage.cache import Cache

PYTHON = "3.13.2"
BEFORE = {
    "thing/__init__.py": "def fail():\n    raise ValueError('from the package')\n",
    "thing/typed.pyi": "def fail() -> None: ...",
    "thing/data.csv": "a,b\n",
    "thing/broken.py": "def (:\n",
    "thing/new-project/main.py": "print('a template')\n",
    "thing/__pycache__/__init__.cpython-311.pyc": "of another Python",
    "thing-1.0.data/purelib/thing/merged.py": "",
    "thing-1.0.data/scripts/thing": "#!python\n",
    "thing-1.0.data/data/share/man/thing.1": "",
    "thing-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n\n",
    "thing-1.0.dist-info/RECORD": "thing/__init__.py,sha256=abc,1\n",
}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in BEFORE.items():
            archive.writestr(name, content)
    return path


def tree(path: Path) -> PackageTree:
    return tree_of_package("thing", "1.0", path, hashlib.sha256(path.read_bytes()).hexdigest())


class Maker:
    """Makes archives with a cache and a runtime of the test's choice, and remembers what it was told."""

    def __init__(self, cache: Path, runtime: Path = STATIC / "runtime", *, plain: bool = False) -> None:
        self.said: list[str] = []
        self._maker = PackageArchiveMaker(runtime, PYTHON, Cache(cache), plain=plain, tell=self.said.append)

    def make(self, trees: Sequence[PackageTree]) -> list[PackageArchive]:
        return list(self._maker.make(trees).values())


def opened(archive: PackageArchive) -> dict[str, bytes]:
    content = archive.source if isinstance(archive.source, bytes) else archive.source.read_bytes()
    assert archive.size == len(content)
    assert archive.sha256 == hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(io.BytesIO(content)) as opened_zip:
        assert opened_zip.testzip() is None
        assert {entry.compress_type for entry in opened_zip.infolist()} == {zipfile.ZIP_STORED}
        assert opened_zip.namelist() == sorted(opened_zip.namelist())
        return {name: opened_zip.read(name) for name in opened_zip.namelist()}


def test_an_image_holds_what_lies_in_site_packages_compiled(wheel: Path, tmp_path: Path) -> None:
    (archive,) = Maker(tmp_path / "cache").make([tree(wheel)])
    content = opened(archive)
    assert archive.file_name == f"{archive.sha256}/thing-1.0.zip"
    assert content.keys() == {
        "thing/__init__.pyc",
        "thing/broken.py",
        "thing/data.csv",
        "thing/merged.pyc",
        "thing/new-project/main.py",
        "thing-1.0.dist-info/INSTALLER",
        "thing-1.0.dist-info/METADATA",
        "thing-1.0.dist-info/RECORD",
    }
    assert content["thing-1.0.dist-info/INSTALLER"] == b"sidestage\n"
    record = content["thing-1.0.dist-info/RECORD"].decode().splitlines()
    assert [line.split(",")[0] for line in record] == sorted(content)


def test_a_package_that_reads_its_sources_has_them_beside_their_code(tmp_path: Path) -> None:
    path = tmp_path / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing/__init__.py", 'source = Path(__file__).with_suffix(".py").read_text()\n')
        archive.writestr("thing/other.py", "one = 1\n")
    (made,) = Maker(tmp_path / "cache").make([tree(path)])
    content = opened(made)
    assert content["thing/other.py"] == b"one = 1\n"
    code = content["thing/__pycache__/other.cpython-313.pyc"]
    # Python compares it with no source: that would take a look at each file.
    assert code[4:16] == (1).to_bytes(4, "little") + bytes(8)
    assert {name for name in content if name.endswith(".py")} == {"thing/__init__.py", "thing/other.py"}


def test_the_plain_form_holds_the_sources(wheel: Path, tmp_path: Path) -> None:
    (archive,) = Maker(tmp_path / "cache", plain=True).make([tree(wheel)])
    content = opened(archive)
    assert content["thing/__init__.py"] == BEFORE["thing/__init__.py"].encode()
    assert not [name for name in content if name.endswith(".pyc")]


def test_images_are_made_once_and_again_when_the_cache_is_broken(wheel: Path, tmp_path: Path) -> None:
    first = Maker(tmp_path / "cache")
    (made,) = first.make([tree(wheel)])
    assert first.said == ["Preparing thing-1.0 for the browser (once)."]
    second = Maker(tmp_path / "cache")
    assert second.make([tree(wheel)]) == [made]
    assert second.said == []
    assert isinstance(made.source, Path)
    made.source.write_bytes(made.source.read_bytes()[:-1])
    assert Maker(tmp_path / "cache").make([tree(wheel)]) == [made]
    opened(made)


def test_without_a_cache_folder_images_are_kept_in_memory(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    (archive,) = Maker(tmp_path / "a file" / "cache", plain=True).make([tree(wheel)])
    assert isinstance(archive.source, bytes)
    opened(archive)


def test_where_nothing_can_compile_sources_are_served_and_it_is_said(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.version_info[:2] == (3, 13):
        pytest.skip("this Python is the browser's, and compiles")
    monkeypatch.setenv("PATH", str(tmp_path))
    maker = Maker(tmp_path / "cache")
    (archive,) = maker.make([tree(wheel)])
    assert "thing/__init__.py" in opened(archive)
    assert "install Node 20 or later" in maker.said[1]


def test_a_runtime_that_cannot_compile_costs_speed_only(wheel: Path, tmp_path: Path) -> None:
    maker = Maker(tmp_path / "cache", tmp_path / "no runtime")
    (archive,) = maker.make([tree(wheel)])
    assert "thing/__init__.py" in opened(archive)
    assert "could not compile for the browser" in maker.said[1]


@pytest.mark.parametrize("name", ["../outside.py", "/etc/thing", "thing//x", "a\\b"])
def test_a_wheel_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    path = tmp_path / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "")
    with pytest.raises(ProvisionError, match="which is no place in a package"):
        unpack_wheel(path)


def test_a_wheel_with_a_broken_file_in_it_is_passed_over(wheel: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.whl"
    content = bytearray(wheel.read_bytes())
    content[40:60] = bytes(20)
    broken.write_bytes(content)
    maker = Maker(tmp_path / "cache", plain=True)
    assert [archive.file_name.split("/")[1] for archive in maker.make([tree(broken), tree(wheel)])] == ["thing-1.0.zip"]
    assert f"Warning: {broken} is damaged or no wheel" in maker.said[1]


@pytest.mark.slow
def test_python_imports_from_images_and_tells_lines(wheel: Path, wheels: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node on the path; the tests in the browser load the same packages")
    archives = Maker(tmp_path / "cache").make([tree(wheel), tree(next(wheels.glob("six-*")))])
    python = """
import importlib.metadata, traceback
import six, thing
try:
    thing.fail()
except ValueError:
    told = traceback.format_exc()
f"{thing.__file__} {sorted(importlib.metadata.packages_distributions())} {told}"
"""
    program = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ loadPyodide }} from {json.dumps((STATIC / "runtime/pyodide.mjs").as_uri())};
        const python = await loadPyodide();
        for (const archive of {json.dumps([str(archive.source) for archive in archives])}) {{
            const content = new Uint8Array(readFileSync(archive));
            python.unpackArchive(content, "zip", {{ extractDir: "/lib/python3.13/site-packages" }});
        }}
        console.log(python.runPython({json.dumps(python)}));
    """
    done = subprocess.run([node, "--input-type=module", "-e", program], capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith("/lib/python3.13/site-packages/thing/__init__.pyc ['six', 'thing']"), done.stderr[
        -2000:
    ]
    assert 'File "/lib/python3.13/site-packages/thing/__init__.py", line 2, in fail' in done.stdout
