"""``sidestage add`` and ``sidestage lock``, and what ``sidestage run`` makes of the lock file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sidestage.bundle import own_runtime
from sidestage.hashing import sha256_of
from tests.conftest import OTHER_PYODIDE

Sidestage = Callable[..., Any]
Start = Callable[..., Any]

CODE = "def process(session):\n    yield\n"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script, with wheels in a folder beside it and a cache of its own."""
    for name, needs, code in (("outer", "inner", "import tty"), ("inner", "", "")):
        make_wheel(tmp_path / "wheels", name, needs, code)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "study.py"
    path.write_text(CODE)
    return path


def make_wheel(folder: Path, name: str, needs: str = "", code: str = "", version: str = "1.0") -> None:
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", code)
        requires = f"Requires-Dist: {needs}\n" if needs else ""
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")


def test_a_package_is_added_and_locked(sidestage: Sidestage, script: Path) -> None:
    done = sidestage("add", "study.py", "outer>=1", "--find-links", "wheels")
    assert done.stdout == (
        "pylock.study.toml was written.\n  inner 1.0\n  outer 1.0\nstudy.py asks for outer>=1 now.\n"
    ), done.stderr
    assert done.stderr == (
        "Warning: outer 1.0 cannot be imported on a page: outer/__init__.py, line 1, imports tty, which a browser does "
        "not have.\n"
    )
    assert script.read_text() == f'# /// script\n# dependencies = [\n#     "outer>=1",\n# ]\n# ///\n\n{CODE}'
    assert 'dependencies = [{name = "inner"}]' in script.with_name("pylock.study.toml").read_text()
    again = sidestage("add", "study.py", "outer", "--find-links", "wheels")
    assert again.stdout == "study.py names them already.\npylock.study.toml is current.\n"


def test_a_package_that_cannot_be_had_leaves_the_script_as_it_was(sidestage: Sidestage, script: Path) -> None:
    done = sidestage("add", "study.py", "outer", "nonesuch", "--find-links", "wheels")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: study.py asks for the package nonesuch, and there is no wheel of it in")
    assert script.read_text() == CODE
    assert not script.with_name("pylock.study.toml").exists()


def test_an_upgrade_is_told_by_what_changes(sidestage: Sidestage, script: Path) -> None:
    sidestage("add", "study.py", "outer", "--find-links", "wheels")
    make_wheel(script.parent / "wheels", "outer", version="2.0")
    assert sidestage("lock", "study.py", "--find-links", "wheels").stdout == "pylock.study.toml is current.\n"
    done = sidestage("lock", "study.py", "--upgrade", "--find-links", "wheels")
    assert done.stdout == "pylock.study.toml was written.\n  inner 1.0 is gone\n  outer 2.0, was 1.0\n", done.stderr


def test_a_lock_in_the_old_form_is_used_and_then_locked_again_in_the_new_one(
    sidestage: Sidestage, start: Start, script: Path
) -> None:
    script.write_text(f"# /// script\n# dependencies = ['inner']\n# ///\n{CODE}")
    wheel = script.parent / "wheels/inner-1.0-py3-none-any.whl"
    old = script.with_suffix(".lock")
    pyodide = own_runtime()
    old.write_text(
        f'format = 1\npyodide = "{pyodide.version}"\npython = "{pyodide.python}"\ndependencies = ["inner"]\n\n'
        f'[[package]]\nname = "inner"\nversion = "1.0"\nfile = "{wheel.name}"\nsha256 = "{sha256_of(wheel)}"\n'
    )
    make_wheel(script.parent / "wheels", "inner", version="2.0")
    server = start("run", "study.py", "--port", 0, "--no-open", "--locked", "--find-links", "wheels")
    lock = server.client.get("sidestage/" + server.client.get("sidestage/manifest.json").json()["lock"]).json()
    assert lock["packages"]["inner"]["version"] == "1.0"
    assert server.stop() == 0
    done = sidestage("lock", "study.py", "--find-links", "wheels")
    assert done.stdout == "pylock.study.toml was written in the place of study.lock.\n", done.stderr
    assert not old.exists()
    assert sidestage("lock", "study.py", "--find-links", "wheels").stdout == "pylock.study.toml is current.\n"


def test_a_script_that_needs_nothing_is_told_so(sidestage: Sidestage, script: Path) -> None:
    assert sidestage("lock", "study.py").stdout == "study.py needs no packages.\n"
    assert not script.with_name("pylock.study.toml").exists()


@pytest.mark.parametrize("command", [("lock",), ("add",)])
def test_a_script_that_is_not_there_gets_a_sentence(sidestage: Sidestage, script: Path, command: tuple[str]) -> None:
    done = sidestage(*command, "stduy.py", *(["inner"] if command == ("add",) else []))
    assert (done.returncode, done.stderr) == (1, "Error: there is no file stduy.py: did you mean study.py?\n")


def test_run_writes_the_lock_file_once_and_follows_a_save(start: Start, script: Path) -> None:
    script.write_text(f"# /// script\n# dependencies = ['inner']\n# ///\n{CODE}")
    server = start("run", "study.py", "--port", 0, "--no-open", "--find-links", "wheels")
    assert server.output.count("pylock.study.toml was written") == 1
    assert server.client.get("config.json").json()["packages"] == ["inner"]
    script.write_text(f"# /// script\n# dependencies = ['outer']\n# ///\n{CODE}")
    server.wait_for("imports tty")
    server.wait_for("the page reloads")
    assert server.client.get("config.json").json()["packages"] == ["inner", "outer"]
    assert server.stop() == 0
    # Without the folder: from the cache, by the lock file.
    server = start("run", "study.py", "--port", 0, "--no-open", "--locked")
    assert server.client.get("config.json").json()["packages"] == ["inner", "outer"]
    lock = server.client.get("sidestage/" + server.client.get("sidestage/manifest.json").json()["lock"]).json()
    assert sorted(lock["packages"]) == ["inner", "outer"]
    assert "was written" not in server.output
    assert server.stop() == 0


def test_run_does_not_start_when_the_lock_file_must_not_change(sidestage: Sidestage, script: Path) -> None:
    script.write_text(f"# /// script\n# dependencies = ['inner']\n# ///\n{CODE}")
    done = sidestage("run", "study.py", "--port", 0, "--no-open", "--locked", "--find-links", "wheels")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: pylock.study.toml does not fit study.py: there is none. Run 'sidestage lock study.py' and look at what "
        "changes, or start without --locked\n"
    )


def test_the_files_of_another_pyodide_are_locked(sidestage: Sidestage, script: Path) -> None:
    folder = script.parent / "pyodide"
    folder.mkdir()
    for file in OTHER_PYODIDE.iterdir():
        (folder / file.name).symlink_to(file)
    script.write_text(f'# /// script\n# [tool.sidestage]\n# pyodide = "./pyodide"\n# ///\n{CODE}')
    assert sidestage("lock", "study.py").stdout == "pylock.study.toml was written.\n"
    assert sidestage("lock", "study.py").stdout == "pylock.study.toml is current.\n"
    assert 'runtime = "' in script.with_name("pylock.study.toml").read_text()
    (folder / "pyodide.js").unlink()
    (folder / "pyodide.js").write_text("another")
    done = sidestage("run", "study.py", "--port", 0, "--no-open", "--runtime", "plain", "--locked")
    assert done.returncode == 1
    assert "does not fit study.py: the files of Pyodide 314.0.7 are not those of then" in done.stderr
