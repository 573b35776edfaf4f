"""CONTRIBUTING.md says how the house is built; the imports say so, too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from markdown_pages import ROOT

PACKAGE = ROOT / "src/sidestage"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FLOORS = {room: int(floor) for floor, room in re.findall(r"^\| (\d) \| `(\w+)` \|", TEXT, flags=re.MULTILINE)}
#: What stands on one floor and may import from there all the same.
NEIGHBOURS = {("bundle", "server"), ("cli", "bundle"), ("cli", "server")}


def imports(file: Path) -> set[str]:
    """The modules that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def sources(room: str) -> list[Path]:
    """The modules of a room, without what it only copies."""
    return [file for file in (PACKAGE / room).rglob("*.py") if "templates" not in file.parts]


def test_every_room_has_its_floor() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == FLOORS.keys()


@pytest.mark.parametrize("room", FLOORS)
def test_imports_point_down(room: str) -> None:
    for file in sources(room):
        for name in imports(file):
            other = name.split(".")[1] if name.startswith("sidestage.") else room
            if other in FLOORS and other != room:
                allowed = FLOORS[other] < FLOORS[room] or (room, other) in NEIGHBOURS
                assert allowed, f"{file.relative_to(ROOT)} imports {name}"


def test_one_module_knows_the_browser() -> None:
    knowing = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if any(name.split(".")[0] in ("js", "pyodide", "pyodide_js") for name in imports(file))
    }
    assert knowing == {"worker/browser.py"}


def test_every_target_of_make_is_told() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^(\w+):.*##", makefile, flags=re.MULTILINE):
        assert f"`make {target}`" in TEXT


def test_every_stage_of_the_set_up_is_told() -> None:
    stages = re.findall(r'^    "(\w+)": set_up_', (ROOT / "tools/set_up.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert stages
    for stage in stages:
        assert f"| `{stage}` |" in TEXT
