"""``sidestage new``: the starter runs, and its test passes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sidestage.bundle import read_script

ROOT = Path(__file__).resolve().parents[2]
Sidestage = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_starter_comes_with_a_test_that_passes(sidestage: Sidestage, tmp_path: Path) -> None:
    done = sidestage("new", "listening_2026")
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "listening_2026"
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "study.py", "test_study.py"]
    assert "sidestage run study.py" in done.stdout
    options = ["-q", "-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    test = subprocess.run(
        [sys.executable, "-m", "pytest", *options], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert "3 passed" in test.stdout, test.stdout + test.stderr


def test_the_starter_bears_the_studys_name_and_needs_no_package(sidestage: Sidestage, tmp_path: Path) -> None:
    sidestage("new", "listening_2026")
    script = read_script(tmp_path / "listening_2026/study.py")
    assert (script.title, script.dependencies) == ("Listening 2026", ())
    assert (tmp_path / "listening_2026/README.md").read_text().startswith("# Listening 2026\n")


def test_an_empty_folder_may_be_there(sidestage: Sidestage, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    assert sidestage("new", "study").returncode == 0


def test_what_is_there_is_never_overwritten(sidestage: Sidestage, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study/study.py").write_text("mine")
    (tmp_path / "other").write_text("a file")
    for name in ("study", "other"):
        done = sidestage("new", name)
        assert done.returncode == 1
        assert done.stderr == f"Error: {name} is there already, and it is not an empty folder: choose another name\n"
    assert (tmp_path / "study/study.py").read_text() == "mine"
    assert len(list((tmp_path / "study").iterdir())) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../up", "2026", "my study", "_x", "a" * 65, "a\nb"])
def test_a_bad_name_gets_a_sentence(sidestage: Sidestage, tmp_path: Path, name: str) -> None:
    done = sidestage("new", name)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {name!r} will not do as a name: start with a letter")
    assert list(tmp_path.iterdir()) == []
