"""The house: imports point down, one module knows Pyodide, and what goes into the browser is light."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src/sidestage"
FLOORS = {
    "protocol": 0,
    "errors": 0,
    "cache": 0,
    "hashing": 0,
    "numpy_types": 0,
    "whole_files": 0,
    "zipping": 0,
    "files": 1,
    "tables": 1,
    "flow": 2,
    "environment": 2,
    "worker": 3,
    "engine": 4,
    "server": 5,
    "bundle": 5,
    "testing": 5,
    "cli": 5,
}
#: On the top floor, who may use whom: commands everything, the bundle what the server defines.
NEIGHBOURS = {("cli", "server"), ("cli", "bundle"), ("bundle", "server")}
IN_THE_BROWSER = ("protocol", "errors", "numpy_types", "files", "tables", "flow", "environment", "worker")
#: Standard modules that are slow to import or that a browser lacks; the browser's half does without.
HEAVY = {
    "asyncio",
    "multiprocessing",
    "subprocess",
    "socket",
    "ssl",
    "unittest",
    "urllib",
    "http",
    "email",
    "importlib.metadata",
}
#: Names that stand for the same role in several modules, each with what it is.
SAME_IN_EACH = {
    "main": "what a module does that is run as a program",
    "Requests": "the handlers of a room's requests",
    "Text": "a text as authors write it, and as it goes over the wire",
    "Prompt": "a prompt as authors define it, and as it goes over the wire",
}
#: Each runs at one place only, and imports what that place has.
TRANSPORTS = {"worker/browser.py", "worker/subprocess.py", "worker/packets.py"}
#: What only Pyodide's Python has.
OF_PYODIDE = ("js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "pyodide_core")


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Each module of the package: its room, its path, its tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] in ("static", "examples", "__init__.py", "__main__.py") or "templates" in name.parts:
            continue
        yield name.parts[0].removesuffix(".py"), name.as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """The full names of the modules that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _module_name(path: str) -> str:
    return ".".join(("sidestage", *Path(path).with_suffix("").parts)).removesuffix(".__init__")


def _imported_modules(tree: ast.Module, known: Collection[str]) -> set[str]:
    """The modules that a module imports, late and for type checkers, too; not the packages above them."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else node.module for name in inside}
    return found & set(known)


def _defined(tree: ast.Module) -> set[str]:
    """The names that a module defines for others, at its top level; type variables are for itself."""
    found = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign) and not ast.unparse(node.value).startswith("TypeVar("):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in found if not name.startswith("_")}


def test_imports_point_down() -> None:
    wrong = []
    for room, path, tree in modules():
        used = {name.split(".")[1] for name in imports(tree) if name.startswith("sidestage.") and name.count(".") >= 1}
        for other in used & FLOORS.keys() - {room}:
            up = FLOORS[other] > FLOORS[room]
            stranger = FLOORS[other] == FLOORS[room] == 5 and (room, other) not in NEIGHBOURS
            if up or stranger:
                wrong.append(f"{path} imports {other}")
    assert not wrong


def test_modules_import_each_other_in_no_circle() -> None:
    trees = {_module_name(path): tree for _, path, tree in modules()}
    edges = {name: _imported_modules(tree, trees.keys()) - {name} for name, tree in trees.items()}
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_no_two_things_share_an_exported_name() -> None:
    places: dict[str, list[str]] = {}
    for _, path, tree in modules():
        for name in _defined(tree) - SAME_IN_EACH.keys():
            places.setdefault(name, []).append(path)
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_one_module_knows_pyodide_and_only_what_it_promises() -> None:
    found = [(path, name) for _, path, tree in modules() for name in imports(tree) if name.split(".")[0] in OF_PYODIDE]
    assert {path for path, _ in found} == {"worker/browser.py"}
    assert {name for _, name in found if name.count(".") <= 1} == {"pyodide.ffi"}, "the rest is not promised to stay"


def test_the_browser_gets_the_standard_library_only_and_nothing_heavy() -> None:
    foreign, heavy = [], []
    for room, path, tree in modules():
        if room not in IN_THE_BROWSER or path in TRANSPORTS:
            continue
        top_level = ast.Module([node for node in tree.body if not isinstance(node, ast.If)], [])
        for name in imports(top_level):
            root = name.split(".")[0]
            if root not in sys.stdlib_module_names and root not in ("sidestage", "numpy"):
                foreign.append(f"{path} imports {name}")
            if root in HEAVY:
                heavy.append(f"{path} imports {name}")
    assert not foreign
    assert not heavy
