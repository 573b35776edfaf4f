"""The lock file as it is written and read, in the form that all of Python shares; and in the one before that."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.pylock import Pylock, is_valid_pylock_path

from sidestage.bundle.packages import LockError
from sidestage.bundle.packages.lockfile import lock_path_of, read_lock, write_lock
from sidestage.bundle.packages.script_lock import Pin, ScriptLock
from sidestage.bundle.packages.target import Target

PINS = (
    Pin("libopenssl", "1.1.1w", "libopenssl-1.1.1w.zip", "b" * 64, ("ssl",)),
    Pin("numpy", "2.2.5", "numpy-2.2.5-cp313-cp313-pyemscripten_2025_0_wasm32.whl", "a" * 64, ("pandas", "study.py")),
    Pin("pandas", "2.3.2", "pandas-2.3.2-cp313-cp313-pyodide_2025_0_wasm32.whl", "d" * 64, ("study.py",)),
    Pin("ssl", "1.0.0", "ssl-1.0.0-cp313-cp313-pyemscripten_2025_0_wasm32.whl", "e" * 64, ("study.py",)),
)
LOCK = ScriptLock("0.29.5", "3.13.2", ("numpy", 'pandas>=2; python_version < "4"', "ssl"), PINS, "c" * 64)
TEXT = f"""\
# The packages of study.py: written by 'sidestage lock study.py', to be kept with the script.
lock-version = "1.0"
environments = ["sys_platform == \\"emscripten\\""]
requires-python = "==3.13.2"
created-by = "sidestage"

[[packages]]
name = "libopenssl"
archive = {{path = "libopenssl-1.1.1w.zip", hashes = {{sha256 = "{"b" * 64}"}}}}

[packages.tool.sidestage]
version = "1.1.1w"

[[packages]]
name = "numpy"
version = "2.2.5"
wheels = [{{path = "{PINS[1].file}", hashes = {{sha256 = "{"a" * 64}"}}}}]

[[packages]]
name = "pandas"
version = "2.3.2"
dependencies = [{{name = "numpy"}}]
wheels = [{{path = "{PINS[2].file}", hashes = {{sha256 = "{"d" * 64}"}}}}]

[[packages]]
name = "ssl"
version = "1.0.0"
dependencies = [{{name = "libopenssl"}}]
wheels = [{{path = "{PINS[3].file}", hashes = {{sha256 = "{"e" * 64}"}}}}]

[tool.sidestage]
pyodide = "0.29.5"
dependencies = ["numpy", "pandas>=2; python_version < \\"4\\"", "ssl"]
runtime = "{"c" * 64}"
"""
OLD_TEXT = """\
# The packages of study.py: written by 'sidestage lock study.py', to be kept with the script.
format = 1
pyodide = "0.29.5"
python = "3.13.2"
runtime = "{3}"
dependencies = ["numpy", "pandas>=2; python_version < \\"4\\"", "ssl"]
""" + "".join(
    f"""
[[package]]
name = "{pin.name}"
version = "{pin.version}"
file = "{pin.file}"
sha256 = "{pin.sha256}"
asked_by = {list(pin.asked_by)}
"""
    for pin in PINS
)
OLD_TEXT = OLD_TEXT.replace("{3}", "c" * 64)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "study.py"


def test_a_lock_is_read_as_it_was_written(script: Path) -> None:
    write_lock(script, LOCK)
    assert lock_path_of(script).read_text() == TEXT
    assert read_lock(script) == LOCK
    assert read_lock(script.with_name("other.py")) is None


def test_a_lock_of_nothing_is_read_as_it_was_written(script: Path) -> None:
    lock = ScriptLock("0.29.5", "3.13.2")
    write_lock(script, lock)
    assert read_lock(script) == lock


def test_other_programs_can_read_a_lock(script: Path) -> None:
    write_lock(script, LOCK)
    path = lock_path_of(script)
    assert is_valid_pylock_path(path)
    assert is_valid_pylock_path(lock_path_of(script.with_name("study.v2.py")))
    found = Pylock.from_dict(tomllib.loads(path.read_text()))
    assert [str(package.version) for package in found.packages] == ["None", "2.2.5", "2.3.2", "1.0.0"]
    assert found.requires_python is not None
    assert found.requires_python.contains(LOCK.python)
    assert "://" not in path.read_text()


def test_a_lock_in_the_old_form_is_read_and_replaced(script: Path) -> None:
    old = script.with_suffix(".lock")
    old.write_text(OLD_TEXT)
    assert read_lock(script) == LOCK
    write_lock(script, LOCK)
    assert (lock_path_of(script).read_text(), old.exists()) == (TEXT, False)


def test_a_file_of_somebody_else_that_is_called_like_an_old_lock_stays(script: Path) -> None:
    other = script.with_suffix(".lock")
    other.write_text("4711\n")
    write_lock(script, LOCK)
    assert other.read_text() == "4711\n"
    assert read_lock(script) == LOCK


def test_the_order_and_spelling_of_dependencies_do_not_matter() -> None:
    target = Target("0.29.5", "3.13.2", (), None)
    lock = ScriptLock("0.29.5", "3.13.2", ("numpy", "python-dateutil>=2"))
    assert lock.why_not(["Python_DateUtil >= 2", "numpy", "numpy"], target) is None
    assert lock.why_not(["numpy"], target) == "the dependencies have changed since (python-dateutil>=2 went out)"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("lock-version", "<<<<<<< ours", r"is damaged \(.*line 2.*\)"),
        ('lock-version = "1.0"', 'lock-version = "2.0"', "was written by another version of Sidestage"),
        ("lock-version", "version", r"is damaged \(Missing required value in 'lock-version'\)"),
        ("[tool.sidestage]", "[tool.other]", r"is damaged \(it lacks 'sidestage'\)"),
        ('pyodide = "0.29.5"', "", r"is damaged \(it lacks 'pyodide'\)"),
        ("==3.13.2", ">=3.13", "requires-python should name the one Python of the browser"),
        ('dependencies = ["numpy"', 'dependencies = ["!"', "is damaged"),
        ("[[packages]]", "[packages]", "is damaged"),
        ("a" * 64, "a" * 63, "the sha256 of numpy is none"),
        ('path = "numpy-2.2.5', 'path = "../../numpy-2.2.5', "the file of numpy is no wheel"),
        ('path = "numpy-2.2.5', 'url = "https://example.org/numpy-2.2.5', "a text should stand where None does"),
        ('version = "2.2.5"', 'version = "2.2.6"', "is not consistent with package version '2.2.6'"),
        ('version = "2.2.5"', "version = 2", "Unexpected type int"),
        ('version = "1.1.1w"', "version = 2", "a text should stand where 2 does"),
        ('dependencies = [{name = "numpy"}]', 'dependencies = [{name = "nonesuch"}]', "it lacks 'nonesuch'"),
        ('"ssl"\nversion = "1.0.0"', '"numpy"\nversion = "1.0.0"', "is damaged"),
    ],
)
def test_a_damaged_lock_gets_a_sentence(script: Path, before: str, after: str, sentence: str) -> None:
    path = lock_path_of(script)
    assert before in TEXT
    path.write_text(TEXT.replace(before, after, 1))
    with pytest.raises(LockError, match=sentence) as caught:
        read_lock(script)
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).endswith("or write it anew with 'sidestage lock --upgrade study.py'")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("format = 1", "format = 2", "was written by another version of Sidestage"),
        ("a" * 64, "a" * 63, "the sha256 of numpy is none"),
        ("asked_by = ['study.py']", "asked_by = 3", "is damaged"),
    ],
)
def test_a_damaged_lock_in_the_old_form_gets_a_sentence(script: Path, before: str, after: str, sentence: str) -> None:
    assert before in OLD_TEXT
    script.with_suffix(".lock").write_text(OLD_TEXT.replace(before, after, 1))
    with pytest.raises(LockError, match=rf"study\.lock .*{sentence}"):
        read_lock(script)


def test_a_lock_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LockError, match=r"nowhere/pylock\.study\.toml cannot be written \(No such file or directory\)"):
        write_lock(tmp_path / "nowhere/study.py", LOCK)
