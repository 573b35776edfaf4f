"""What of the author's folder goes to the browser."""

from __future__ import annotations

import inspect
import io
import os
import zipfile
from pathlib import Path

import pytest

from sidestage.bundle import ScriptError, read_script
from sidestage.bundle.script_archive import ARCHIVE_LIMIT
from sidestage.engine import PythonWorker


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "study.py"
    path.write_text("def process(session):\n    yield\n", encoding="utf-8")
    return path


def names_in(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()


def test_what_a_script_can_import_or_open_goes_with_it(script: Path) -> None:
    wanted = ["tables.py", "words.json", "codes.csv", "logo.SVG", "pack/__init__.py", "pack/sub/deep.py", "pack/w.bin"]
    make(script.parent, *wanted)
    assert names_in(read_script(script).archive()) == sorted(["study.py", *wanted])


async def test_data_files_of_a_package_are_found_as_resources(script: Path) -> None:
    make(script.parent, "pack/__init__.py", "pack/words.bin", "pack/data/deep/codes.csv")
    (script.parent / "pack/reading.py").write_text(
        "from importlib.resources import files\n\n"
        "def read(*names):\n"
        "    return files(__package__).joinpath(*names).read_text()\n"
    )
    read = """
        from importlib.resources import as_file, files
        from pack.reading import read
        with as_file(files("pack.data") / "deep/codes.csv") as path:
            as_path = path.read_text()
        [read("words.bin"), read("data", "deep", "codes.csv"), as_path]
    """
    async with PythonWorker() as worker:
        await worker.init(archives=[read_script(script).archive()])
        found = await worker.run_python(inspect.cleandoc(read))
    assert found == ["# pack/words.bin\n", "# pack/data/deep/codes.csv\n", "# pack/data/deep/codes.csv\n"]


def test_what_is_nobody_elses_business_stays(script: Path) -> None:
    make(
        script.parent,
        *(".env", ".hidden.py", ".git/config.py", "secrets.toml", "notes.docx", "export.zip", "results.sqlite"),
        *(
            "pylock.study.toml",
            "pylock.toml",
            "test_study.py",
            "conftest.py",
            "tests/__init__.py",
            "tests/data.json",
            "__pycache__/study.pyc",
        ),
        *(".venv/__init__.py", "venv/__init__.py", "env3/__init__.py", "env3/pyvenv.cfg", "node_modules/__init__.py"),
        *("data/participants.csv", "sidestage-data/__init__.py", "elsewhere/__init__.py", "elsewhere/sidestage.db"),
        *("pack/__init__.py", "pack/test_pack.py", "pack/.env", "pack/__pycache__/x.pyc", "pack/answers.db"),
    )
    assert names_in(read_script(script).archive()) == ["pack/__init__.py", "study.py"]


def test_a_script_that_is_named_like_a_test_is_still_the_script(tmp_path: Path) -> None:
    path = tmp_path / "test_run.py"
    path.write_text("def process(session):\n    yield\n", encoding="utf-8")
    assert names_in(read_script(path).archive()) == ["test_run.py"]


def test_links_that_lead_round_or_nowhere_are_passed_over(script: Path) -> None:
    make(script.parent, "pack/__init__.py")
    (script.parent / "pack/round").symlink_to(script.parent / "pack")
    (script.parent / "gone.py").symlink_to(script.parent / "nowhere.py")
    assert names_in(read_script(script).archive()) == ["pack/__init__.py", "study.py"]


def test_equal_files_make_equal_bytes(script: Path) -> None:
    make(script.parent, "b.py", "a.py")
    first = read_script(script).archive()
    for path in script.parent.iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o600)
    assert read_script(script).archive() == first
    make(script.parent, "c.py")
    assert read_script(script).archive() != first


def test_too_much_names_the_largest(script: Path) -> None:
    (script.parent / "small.txt").write_bytes(b"x" * 1_000_000)
    (script.parent / "large.json").write_bytes(b"x" * ARCHIVE_LIMIT)
    with pytest.raises(ScriptError, match=r"weigh 21\.0 MB, more than the 20\.0 MB .* the largest is large\.json \(20"):
        read_script(script).archive()


def test_what_is_watched_is_what_is_sent(script: Path) -> None:
    make(script.parent, "tables.py", "test_study.py", "pack/__init__.py")
    watched = read_script(script).watched()
    assert watched == [script, script.parent / "pack/__init__.py", script.parent / "tables.py"]
