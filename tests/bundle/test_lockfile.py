"""The lock file as it is written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.bundle.packages import LockError
from sidestage.bundle.packages.lockfile import Pin, ScriptLock, read_lock, write_lock

PINS = (
    Pin("numpy", "2.2.5", "numpy-2.2.5-cp313-cp313-pyemscripten_2025_0_wasm32.whl", "a" * 64, ("pandas", "study.py")),
    Pin("libopenssl", "1.1.1w", "libopenssl-1.1.1w.zip", "b" * 64, ("ssl",)),
)
LOCK = ScriptLock("0.29.5", "3.13.2", ('pandas>=2; python_version < "4"',), PINS)
TEXT = """\
# The packages of study.py: written by 'sidestage lock study.py', to be kept with the script.
format = 1
pyodide = "0.29.5"
python = "3.13.2"
dependencies = ["pandas>=2; python_version < \\"4\\""]

[[package]]
name = "numpy"
version = "2.2.5"
file = "numpy-2.2.5-cp313-cp313-pyemscripten_2025_0_wasm32.whl"
sha256 = "%s"
asked_by = ["pandas", "study.py"]

[[package]]
name = "libopenssl"
version = "1.1.1w"
file = "libopenssl-1.1.1w.zip"
sha256 = "%s"
asked_by = ["ssl"]
""" % ("a" * 64, "b" * 64)  # noqa: UP031  # braces would be in the way of TOML's


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_lock(tmp_path / "study.lock", LOCK)
    assert (tmp_path / "study.lock").read_text() == TEXT
    assert read_lock(tmp_path / "study.lock") == LOCK
    assert read_lock(tmp_path / "other.lock") is None


def test_the_order_and_spelling_of_dependencies_do_not_matter() -> None:
    from sidestage.bundle.packages.target import Target

    target = Target("0.29.5", "3.13.2", (), None)
    lock = ScriptLock("0.29.5", "3.13.2", ("numpy", "python-dateutil>=2"))
    assert lock.why_not(["Python_DateUtil >= 2", "numpy", "numpy"], target) is None
    assert lock.why_not(["numpy"], target) == "the dependencies have changed since (python-dateutil>=2 went out)"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("format = 1", "<<<<<<< ours", r"is damaged \(.*line 2.*\)"),
        ("format = 1", "format = 2", "was written by another version of Sidestage"),
        ('pyodide = "0.29.5"', "", "is damaged \\(it lacks 'pyodide'\\)"),
        ("dependencies = [", "dependencies = 3 # [", "is damaged"),
        ("dependencies = [", 'dependencies = ["!",', "is damaged"),
        ("[[package]]", "[package]", "is damaged"),
        ("a" * 64, "a" * 63, "the sha256 of numpy is none"),
        ("numpy-2.2.5", "../../numpy-2.2.5", "the file of numpy is no wheel"),
        ('version = "2.2.5"', 'version = "2.2.6"', "is no wheel of numpy 2.2.6"),
        ('version = "2.2.5"', "version = 2", "a text should stand where 2 does"),
    ],
)
def test_a_damaged_lock_gets_a_sentence(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    path = tmp_path / "study.lock"
    path.write_text(TEXT.replace(before, after, 1))
    with pytest.raises(LockError, match=sentence) as caught:
        read_lock(path)
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).endswith("or write it anew with 'sidestage lock --upgrade study.py'")


def test_a_lock_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LockError, match=r"nowhere/study\.lock cannot be written \(No such file or directory\)"):
        write_lock(tmp_path / "nowhere/study.lock", LOCK)
