"""The script of Pyodide's interpreter: a known one is changed to start sooner, and puts together the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sidestage.bundle.runtime.asm_js import KNOWN_SCRIPTS, change_script, is_changed, quick_script
from sidestage.bundle.runtime.find_runtime import own_runtime
from sidestage.cache import Cache
from sidestage.hashing import sha256_of

_RUNTIME = Path(__file__).resolve().parents[2] / "web/node_modules/pyodide"
_SCRIPT = _RUNTIME / "pyodide.asm.js"


def _linked(folder: Path) -> dict[str, Any]:
    """What the script in a folder puts together."""
    program = Path(__file__).with_name("linked.mjs")
    done = subprocess.run(["node", program, folder], check=True, capture_output=True, text=True, timeout=60)
    linked: dict[str, Any] = json.loads(done.stdout)
    return linked


def _known(version: str) -> dict[str, str]:
    return {each.original: each.changed for each in KNOWN_SCRIPTS if each.pyodide == version}


def test_the_changed_script_puts_together_what_the_original_does(tmp_path: Path) -> None:
    folder = shutil.copytree(_RUNTIME, tmp_path / "changed")
    source = change_script(_SCRIPT.read_text(), "0.29.5")
    assert len(source) < 0.8 * len(_SCRIPT.read_text())
    (folder / _SCRIPT.name).write_text(source)
    usual, made = _linked(_RUNTIME), _linked(folder)
    assert len(usual["places"]) > 9_000
    assert sum(told.startswith("function ") and told != "function " for told in usual["members"].values()) > 500
    assert made == usual


def test_the_script_of_the_pinned_version_is_known(tmp_path: Path) -> None:
    runtime = own_runtime()
    known = _known(runtime.version)
    assert known.keys() == {sha256_of(runtime.folder / runtime.interpreter)}
    made = quick_script(runtime.folder / runtime.interpreter, Cache(tmp_path))
    assert [sha256_of(made)] == list(known.values())
    assert is_changed(sha256_of(made))
    assert not is_changed(sha256_of(runtime.folder / runtime.interpreter))


def test_a_changed_script_says_so_and_where_the_original_is() -> None:
    first = change_script(_SCRIPT.read_text(), "0.29.5").partition("\n")[0]
    assert first.startswith("// Changed by Sidestage (sidestage.bundle.runtime.asm_js). ")
    assert "pyodide.asm.js in the npm package pyodide 0.29.5;" in first


def test_an_unknown_script_is_served_as_it_is(tmp_path: Path) -> None:
    script = tmp_path / "pyodide.asm.js"
    script.write_text(_SCRIPT.read_text() + "\n")
    assert quick_script(script, Cache(tmp_path / "cache")) == script
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "part", ["wasmImports={", 'Module["', ".sig=", "new WebAssembly.Module(new Uint8Array(bytes))"]
)
def test_a_script_that_is_written_in_another_way_is_not_changed(part: str) -> None:
    with pytest.raises(ValueError, match="the script does not have"):
        change_script(_SCRIPT.read_text().replace(part, "other" + part[5:]), "0.29.5")


def test_a_changed_script_is_made_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    made = quick_script(_SCRIPT, cache)
    assert isinstance(made, Path)
    assert quick_script(_SCRIPT, cache) == made
    assert made.read_text() == change_script(_SCRIPT.read_text(), "0.29.5")


def test_it_is_made_without_a_cache_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert isinstance(quick_script(_SCRIPT, Cache(tmp_path / "file")), bytes)
