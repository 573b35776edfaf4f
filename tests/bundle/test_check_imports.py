"""What a check says about imports, without running anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.bundle import Catalogue, own_runtime, read_script
from sidestage.bundle.check import check_imports
from sidestage.bundle.packages.install_order import install_order
from tests.bundle.conftest import MakeWheel

FLOW = "\n\ndef process(session):\n    yield\n"


def check(folder: Path, code: str, *find_links: Path, dependencies: str = "", **beside: str) -> list[str]:
    """The findings for a script with this code, and modules beside it."""
    for name, text in beside.items():
        (folder / f"{name}.py").write_text(text)
    script = folder / "study.py"
    script.write_text(f"# /// script\n# dependencies = [{dependencies}]\n# ///\n{code}{FLOW}")
    found, runtime = read_script(script), own_runtime()
    catalogue = Catalogue(runtime.lock_path, find_links)
    packages = install_order(catalogue, found.dependencies)
    return [str(finding) for finding in check_imports(found, runtime, catalogue, packages)]


@pytest.mark.parametrize(
    "code",
    [
        "import json, math, zlib, array, _bisect, unittest.mock",
        "from xml.etree import ElementTree",
        "import sqlite3  # a download apart, which comes along",
        "import js, pyodide.ffi",
        "from sidestage import flow, __version__\nfrom sidestage.tables import Table",
        "try:\n    import orjson\nexcept ImportError:\n    orjson = None",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas",
        "import beside\nfrom beside import anything",
    ],
)
def test_what_will_be_there_is_not_mentioned(tmp_path: Path, code: str) -> None:
    assert check(tmp_path, code, beside="") == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "import pandas",
            "study.py, line 4: imports pandas, which is not in the standard library, not beside the script, and in "
            "none of its packages: run 'sidestage add study.py pandas'",
        ),
        ("x = 1\nfrom yaml import load", "study.py, line 5: imports yaml, which is not in"),
        ("def later():\n    import nonesuch.part", "study.py, line 5: imports nonesuch, which is not in"),
        ("import fcntl", "study.py, line 4: imports fcntl, which Python 3.13.2 in a browser does not have: do without"),
        ("from zoneinfo import ZoneInfo", "knows no time zones here: run 'sidestage add study.py tzdata'"),
        ("import cgi", "imports cgi, which Python 3.13.2 in a browser does not have"),
        ("import tkinter.ttk", "imports tkinter.ttk, which Python 3.13.2"),
        ("from sidestage import testing", "imports sidestage.testing, which is for your own machine"),
        ("from . import beside", "a relative import leads to nothing outside of a package: write 'import name'"),
        ("import beside.inner", "imports beside.inner, which is not beside beside.py: check the name"),
        ("import folder", "imports folder, which lies beside the script but is not sent to browsers"),
    ],
)
def test_what_will_be_missing_is_named_with_its_line(tmp_path: Path, code: str, sentence: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/inside.py").write_text("")
    (found,) = check(tmp_path, code, beside="")
    assert sentence in found


def test_a_package_is_asked_for_by_its_own_name(tmp_path: Path) -> None:
    (found,) = check(tmp_path, "import yaml")
    assert found.endswith("run 'sidestage add study.py pyyaml'")


def test_modules_of_packages_beside_the_script_are_followed(tmp_path: Path) -> None:
    package = tmp_path / "parts"
    package.mkdir()
    (package / "__init__.py").write_text("from . import first\n")
    (package / "first.py").write_text("from .second import x\n")
    (package / "second.py").write_text("import nonesuch\n")
    (package / "unused.py").write_text("import another\n")
    (found,) = check(tmp_path, "import parts")
    assert found.startswith("parts/second.py, line 1: imports nonesuch")


def test_a_module_beside_the_script_that_is_not_python_is_named(tmp_path: Path) -> None:
    (found,) = check(tmp_path, "import beside", beside="x = 1\ndef f(:\n")
    assert found.startswith("beside.py, line 2: this is not valid Python (")


def test_what_a_package_brings_may_be_imported(tmp_path: Path, make_wheel: MakeWheel) -> None:
    make_wheel("outer", requires=["inner"])
    folder = make_wheel("inner", files={"other_name.py": ""}).parent
    assert check(tmp_path, "import outer, inner, other_name", folder, dependencies="'outer'") == []
