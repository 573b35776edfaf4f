"""CONTRIBUTING.md tells of every room, target and stage that there is."""

from __future__ import annotations

import re

from markdown_pages import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_room_stands_on_its_floor() -> None:
    told = {room: int(floor) for floor, room in re.findall(r"^\| (\d) \| `(\w+)` \|", TEXT, flags=re.MULTILINE)}
    tested = (ROOT / "tests/test_floors.py").read_text(encoding="utf-8")
    real = {room: int(floor) for room, floor in re.findall(r'^    "(\w+)": (\d),$', tested, flags=re.MULTILINE)}
    rooms = {path.parent.name for path in (ROOT / "src/sidestage").glob("*/__init__.py")}
    assert told == {room: floor for room, floor in real.items() if room in rooms}
    assert told.keys() == rooms


def test_every_target_of_make_is_told() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^([\w-]+):", makefile, flags=re.MULTILINE):
        assert f"`make {target}`" in TEXT


def test_every_stage_of_the_set_up_is_told() -> None:
    stages = re.findall(r'^    "(\w+)": set_up_', (ROOT / "tools/set_up.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert stages
    for stage in stages:
        assert f"| `{stage}` |" in TEXT
