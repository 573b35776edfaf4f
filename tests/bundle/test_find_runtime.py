"""Another Pyodide than Sidestage's own: a folder of the author's, or a version that is fetched once."""

from __future__ import annotations

import base64
import functools
import hashlib
import http.server
import io
import json
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidestage.bundle import MetadataError, RuntimeMissing, find_runtime, own_runtime, read_script
from sidestage.bundle.runtime.find_runtime import Runtime
from sidestage.bundle.runtime.published import REGISTRY_VARIABLE, RuntimeUnavailable
from tests.conftest import OTHER_PYODIDE, REPOSITORY

SCRIPT = """
# /// script
# {}
# [tool.sidestage]
# pyodide = "{}"
# ///
def process(session):
    yield
"""


@pytest.fixture(scope="session", autouse=True)
def _other_pyodide() -> None:
    subprocess.run([sys.executable, REPOSITORY / "tools/fetch_pyodide.py"], check=True)


class Registry:
    """Publishes npm packages on this machine, from a folder.

    Attributes:
        asked: the paths that were asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self._folder = folder / "pyodide"
        (self._folder / "-").mkdir(parents=True)
        asked = self.asked

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, format: str, *arguments: object) -> None:
                asked.append(self.path)

        handler = functools.partial(Handler, directory=folder)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def publish(self, version: str, runtime: Path) -> None:
        """Publish what lies in a folder."""
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=1) as tar:
            for file in sorted(runtime.iterdir()):
                tar.add(file, f"package/{file.name}")
        (self._folder / "-" / f"pyodide-{version}.tgz").write_bytes(archive.getvalue())
        self.tell(version, archive.getvalue())

    def tell(self, version: str, content: bytes) -> None:
        """Say that a version has just this content."""
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
        (self._folder / version).write_text(json.dumps({"dist": {"integrity": integrity}}))

    def close(self) -> None:
        """From now on nobody answers there."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry, and an empty cache."""
    registry = Registry(tmp_path / "registry")
    monkeypatch.setenv(REGISTRY_VARIABLE, registry.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield registry
    registry.close()


def find(folder: Path, pyodide: str | Path, more: str = "", said: list[str] | None = None) -> Runtime:
    """The runtime of a script that asks for this."""
    path = folder / "study.py"
    path.write_text(SCRIPT.format(more, pyodide))
    return find_runtime(read_script(path), (said if said is not None else []).append)


def small(folder: Path, version: str) -> Path:
    """A folder with all the names of a runtime, and little in them."""
    folder.mkdir()
    for name in ("pyodide.js", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
        (folder / name).write_text(f"{name} {version}")
    shutil.copy(OTHER_PYODIDE / "pyodide-lock.json", folder)
    (folder / "package.json").write_text(json.dumps({"version": version}))
    return folder


def test_a_folder_is_all_it_takes(tmp_path: Path) -> None:
    (tmp_path / "mine").symlink_to(OTHER_PYODIDE)
    said: list[str] = []
    runtime = find(tmp_path, "./mine", 'requires-python = ">=3.14"', said)
    assert (runtime.version, runtime.python, runtime.interpreter) == ("314.0.7", "3.14.2", "pyodide.asm.mjs")
    assert all(file.is_file() for file in [*runtime.files(), runtime.lock_path])
    assert said == []


def test_sidestages_own_is_used_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    own = own_runtime()
    assert find_runtime(None) == own
    assert find(tmp_path, own.version) == own
    assert own.interpreter == "pyodide.asm.js"


def test_a_folder_that_lacks_something_is_named_with_it(tmp_path: Path) -> None:
    folder = small(tmp_path / "mine", "314.0.7")
    (folder / "pyodide.asm.mjs").unlink()
    (folder / "python_stdlib.zip").unlink()
    with pytest.raises(RuntimeMissing, match=r"mine, which lacks python_stdlib.zip, pyodide.asm.mjs or pyodide.asm.js"):
        find(tmp_path, "./mine")


def test_a_script_for_another_python_is_told(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"asks for Python <3.14 .* Pyodide 314.0.7 is 3.14.2"):
        find(tmp_path, OTHER_PYODIDE, 'requires-python = "<3.14"')


def test_a_version_is_fetched_once(tmp_path: Path, registry: Registry) -> None:
    registry.publish("314.0.7", OTHER_PYODIDE)
    said: list[str] = []
    runtime = find(tmp_path, "314.0.7", said=said)
    assert said == ["Fetching Pyodide 314.0.7 (once)."]
    for file in [*runtime.files(), runtime.lock_path]:
        assert file.read_bytes() == (OTHER_PYODIDE / file.name).read_bytes()
    registry.close()
    assert find(tmp_path, "314.0.7", said=said) == runtime
    assert len(said) == 1


def test_a_file_that_broke_since_is_fetched_again(tmp_path: Path, registry: Registry) -> None:
    registry.publish("314.0.6", small(tmp_path / "mine", "314.0.6"))
    runtime = find(tmp_path, "314.0.6")
    broken = runtime.folder / "pyodide.asm.wasm"
    broken.write_text("broken")
    find(tmp_path, "314.0.6")
    assert broken.read_text() == "pyodide.asm.wasm 314.0.6"


def test_what_is_not_as_its_publisher_says_is_thrown_away(tmp_path: Path, registry: Registry) -> None:
    registry.publish("314.0.6", small(tmp_path / "mine", "314.0.6"))
    registry.tell("314.0.6", b"something else")
    with pytest.raises(RuntimeUnavailable, match=r"Pyodide 314.0.6 that 127.0.0.1 sent is not what it says of it"):
        find(tmp_path, "314.0.6")
    assert not list((tmp_path / "cache").rglob("*.wasm"))


def test_a_version_that_there_is_not_is_told(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(RuntimeUnavailable, match=r"asks for Pyodide 314.9.9, which 127.0.0.1 does not have"):
        find(tmp_path, "314.9.9")


def test_without_a_network_a_folder_is_offered(tmp_path: Path, registry: Registry) -> None:
    registry.close()
    with pytest.raises(RuntimeUnavailable, match=r"cannot be fetched \(127.0.0.1 cannot be reached: .* \"./pyodide\""):
        find(tmp_path, "314.0.7")


def test_a_line_that_the_tests_do_not_run_on_is_warned_of(tmp_path: Path) -> None:
    small(tmp_path / "mine", "315.0.0")
    said: list[str] = []
    find(tmp_path, "./mine", said=said)
    assert said == [
        "Warning: Sidestage is tried with Pyodide 0.29.x and 314.x, and study.py asks for 315.0.0: try everything out "
        "on the page."
    ]
