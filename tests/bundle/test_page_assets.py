"""What every page fetches, and the addresses it is fetched from."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sidestage.bundle import Catalogue, RuntimeMissing
from sidestage.bundle.page_assets import browser_sources, fill_page_assets
from sidestage.bundle.runtime.find_runtime import own_runtime
from sidestage.server.assets import Assets
from sidestage.zipping import zip_of

#: What a browser fetches of a runtime.
RUNTIME_FILES = (
    *("pyodide.mjs", "pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm"),
    *("python_stdlib.zip", "python_stdlib_compiled.zip"),
)


@pytest.fixture
def static(tmp_path: Path, lock_path: Path) -> Path:
    """A web build and a runtime in small."""
    web = ("web/app.js", "web/sidestage.js", "web/assets/worker-abc.js", "web/assets/inside-abc.js")
    for name in (*web, *(f"runtime/{n}" for n in RUNTIME_FILES)):
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    (tmp_path / "static/runtime/pyodide-lock.json").write_bytes(lock_path.read_bytes())
    (tmp_path / "static/runtime/package.json").write_text('{"version": "0.29.9"}')
    (tmp_path / "static/runtime/README.md").write_text("not for browsers")
    return tmp_path / "static"


def filled(static: Path, *find_links: Path) -> Assets:
    """Everything a page needs, with packages as sources: this runtime compiles nothing."""
    assets = Assets()
    catalogue = Catalogue(own_runtime(static / "runtime").lock_path, find_links)
    fill_page_assets(assets, catalogue, static, plain=True, cache_folder=static.parent / "cache")
    return assets


def read(assets: Assets, address: str) -> bytes:
    asset = assets.get(address)
    assert asset is not None, f"{address} is not served"
    return asset.read()


def test_everything_that_the_manifest_names_is_served(static: Path, wheels: Path) -> None:
    assets = filled(static, wheels)
    manifest = json.loads(read(assets, "manifest.json"))
    assert (manifest["version"], manifest["pyodide"]) == ("0.1.0", "0.29.9")
    assert read(assets, manifest["loader"]) == b"content of runtime/pyodide.js"
    assert read(assets, manifest["stdlib"]) == b"content of runtime/python_stdlib.zip"
    for name in RUNTIME_FILES[:-1]:
        assert read(assets, manifest["runtime"] + name) == f"content of runtime/{name}".encode()
    assert read(assets, manifest["python"]).startswith(b"PK")
    lock = json.loads(read(assets, manifest["lock"]))
    assert "pandas" in lock["packages"]
    for package in lock["packages"].values():
        for file in (package, package["archive"]):
            content = read(assets, f"packages/{file['file_name']}")
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            assert len(content) == file.get("size", len(content))
    assert not [address for address in assets if "README" in address]


def test_the_manifest_tells_size_and_hash_of_what_a_page_starts_from(static: Path) -> None:
    assets = filled(static)
    manifest = json.loads(read(assets, "manifest.json"))
    runtime = manifest["runtime"]
    first = {manifest[key] for key in ("loader", "stdlib", "python", "lock")}
    first |= {f"{runtime}pyodide.asm.wasm", f"{runtime}pyodide.asm.js", "assets/worker-abc.js", manifest["frame"]}
    assert manifest["files"].keys() == first
    for address, told in manifest["files"].items():
        content = read(assets, address)
        assert told == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_the_document_of_the_sealed_frame_has_its_scripts_in_it(static: Path) -> None:
    assets = filled(static)
    manifest = json.loads(read(assets, "manifest.json"))
    document = read(assets, manifest["frame"]).decode()
    assert "content of web/assets/inside-abc.js" in document
    assert "content of web/assets/worker-abc.js" in document
    # Opened by itself it is a text, and nothing runs.
    assert getattr(assets.get(manifest["frame"]), "content_type", "").startswith("text/plain")


def test_only_what_has_a_hash_in_its_address_is_kept_for_ever(static: Path, wheels: Path) -> None:
    assets = filled(static, wheels)
    changing = {address for address in assets if not getattr(assets.get(address), "immutable", False)}
    assert changing == {"app.js", "sidestage.js", "manifest.json"}


def test_addresses_change_with_the_content_and_only_with_it(static: Path, wheels: Path) -> None:
    first = json.loads(read(filled(static), "manifest.json"))
    assert json.loads(read(filled(static), "manifest.json")) == first
    (static / "runtime/pyodide.asm.js").write_text("another")
    second = json.loads(read(filled(static, wheels), "manifest.json"))
    assert second["runtime"] != first["runtime"]
    assert second["lock"] != first["lock"]
    assert second["python"] == first["python"]


@pytest.mark.parametrize(
    "name",
    ["web/app.js", "web/sidestage.js", "web/assets/inside-abc.js", "runtime/pyodide.mjs", "runtime/pyodide-lock.json"],
)
def test_a_missing_build_gets_a_sentence(static: Path, name: str) -> None:
    (static / name).unlink()
    with pytest.raises(
        RuntimeMissing, match=rf"{Path(name).stem.partition('-')[0]}\S* is missing, .* run 'make build'"
    ):
        filled(static)


def test_the_browser_gets_the_rooms_up_to_the_worker_and_no_others() -> None:
    names = browser_sources().keys()
    assert {"sidestage/__init__.py", "sidestage/errors.py", "sidestage/flow/__init__.py"} <= names
    rooms = {name.split("/")[1] for name in names if name.count("/") > 1}
    assert rooms == {"protocol", "files", "tables", "flow", "environment", "worker"}
    assert all(name.endswith(".py") for name in names)


def test_the_rooms_in_the_browser_need_nothing_else(static: Path, tmp_path: Path) -> None:
    assets = filled(static)
    manifest = json.loads(read(assets, "manifest.json"))
    (tmp_path / "python.zip").write_bytes(read(assets, manifest["python"]))
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'python.zip')!r}); import sidestage.flow, sidestage.tables; "
    )
    code += "print(sidestage.flow.__file__)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert "python.zip" in done.stdout, done.stderr


def test_pages_start_from_the_compiled_library_unless_asked_otherwise(static: Path) -> None:
    library = {"os.pyc": b"os", "json/__init__.pyc": b"json", "csv.pyc": b"csv", "xml/dom/minidom.pyc": b"xml"}
    (static / "runtime/python_stdlib_compiled.zip").write_bytes(zip_of(library, stored=True))
    assets = Assets()
    fill_page_assets(
        assets, Catalogue(own_runtime(static / "runtime").lock_path), static, cache_folder=static.parent / "cache"
    )
    manifest = json.loads(read(assets, "manifest.json"))
    parts = [zipfile.ZipFile(io.BytesIO(read(assets, manifest[key]))) for key in ("stdlib", "later")]
    found = [{name: part.read(name) for name in part.namelist()} for part in parts]
    assert [set(part) for part in found] == [{"os.pyc", "json/__init__.pyc"}, {"csv.pyc", "xml/dom/minidom.pyc"}]
    assert found[0] | found[1] == library
    assert {manifest["stdlib"], manifest["later"]} < manifest["files"].keys()
    assert "later" not in json.loads(read(filled(static), "manifest.json"))
