"""What wheels are chosen for, on each line of Pyodide."""

from __future__ import annotations

import pytest
from packaging.markers import Marker
from packaging.tags import parse_tag

from sidestage.bundle.packages.target import Target


def target(abi: str, python: str) -> Target:
    return Target.of({"abi_version": abi, "arch": "wasm32", "python": python}, "1.2.3")


@pytest.mark.parametrize(
    ("abi", "python", "tag"),
    [
        ("2025_0", "3.13.2", "cp313-cp313-pyodide_2025_0_wasm32"),
        ("2025_0", "3.13.2", "cp39-abi3-pyemscripten_2025_0_wasm32"),
        ("2026_0", "3.14.2", "cp314-cp314-pyemscripten_2026_0_wasm32"),
        ("2026_0", "3.14.2", "py3-none-any"),
    ],
)
def test_each_line_of_pyodide_takes_its_own_wheels(abi: str, python: str, tag: str) -> None:
    assert target(abi, python).rank(frozenset(parse_tag(tag))) is not None
    if "pyodide" in tag or "pyemscripten" in tag:
        other = target("2024_0", "3.12.7")
        assert other.rank(frozenset(parse_tag(tag))) is None


def test_a_wheel_that_was_built_for_it_is_closer_than_one_for_all() -> None:
    here = target("2026_0", "3.14.2")
    built, pure = (
        here.rank(frozenset(parse_tag("cp314-cp314-pyemscripten_2026_0_wasm32"))),
        here.rank(frozenset(parse_tag("py3-none-any"))),
    )
    assert built is not None
    assert pure is not None
    assert built < pure


def test_markers_are_read_for_that_python() -> None:
    marker = Marker('python_version >= "3.14" and sys_platform == "emscripten"')
    assert target("2026_0", "3.14.2").applies(marker)
    assert not target("2025_0", "3.13.2").applies(marker)


def test_uv_is_asked_for_the_platforms_that_it_knows() -> None:
    assert target("2025_0", "3.13.2").uv_platform == "wasm32-pyodide2025"
    assert target("2026_0", "3.14.2").uv_platform is None


@pytest.mark.parametrize("info", [{}, {"abi_version": "x", "arch": "wasm32", "python": "3.13.2"}])
def test_a_description_that_says_too_little_is_refused(info: dict[str, str]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Target.of(info, "0.29.5")
