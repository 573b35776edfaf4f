"""Pyodide's own script, made quicker: nothing else about it may change."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sidestage.bundle.runtime.asm_js import quick_script, quicken
from sidestage.cache import Cache

_RUNTIME = Path(__file__).resolve().parents[2] / "web/node_modules/pyodide"
_SCRIPT = _RUNTIME / "pyodide.asm.js"


def _linked(folder: Path) -> dict[str, Any]:
    """What the script in a folder puts together."""
    program = Path(__file__).with_name("linked.mjs")
    done = subprocess.run(["node", program, folder], check=True, capture_output=True, text=True, timeout=60)
    linked: dict[str, Any] = json.loads(done.stdout)
    return linked


def test_the_quick_script_puts_together_what_the_slow_one_does(tmp_path: Path) -> None:
    quick = shutil.copytree(_RUNTIME, tmp_path / "quick")
    source = quicken(_SCRIPT.read_text())
    assert source is not None
    assert len(source) < 0.8 * len(_SCRIPT.read_text())
    (quick / _SCRIPT.name).write_text(source)
    usual, made = _linked(_RUNTIME), _linked(quick)
    assert len(usual["places"]) > 9_000
    assert sum(told.startswith("function ") and told != "function " for told in usual["members"].values()) > 500
    assert made == usual


def test_a_script_that_is_written_in_another_way_stays_as_it_is(tmp_path: Path) -> None:
    for number, (part, other) in enumerate(
        [
            ("wasmImports={", "imports={"),
            ('Module["', 'Main["'),
            (".sig=", ".signature="),
            ("new WebAssembly.Module(new Uint8Array(bytes))", "moduleOf(bytes)"),
        ]
    ):
        script = tmp_path / f"{number}.js"
        script.write_text(_SCRIPT.read_text().replace(part, other))
        assert quick_script(script, Cache(tmp_path / "cache")) == script


def test_the_quick_script_is_made_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    made = quick_script(_SCRIPT, cache)
    assert isinstance(made, Path)
    assert quick_script(_SCRIPT, cache) == made
    assert made.read_text() == quicken(_SCRIPT.read_text())


def test_it_is_made_without_a_cache_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert isinstance(quick_script(_SCRIPT, Cache(tmp_path / "file")), bytes)
