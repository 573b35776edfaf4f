"""What of the author's folder goes to the browser."""

from __future__ import annotations

import inspect
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from sidestage.bundle import ScriptError, read_script
from sidestage.bundle.data_files import UnnamedFiles
from sidestage.bundle.script_archive import ARCHIVE_LIMIT, check_files
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


def naming(*files: str) -> str:
    """A script that names data files."""
    return f"# /// script\n# [tool.sidestage]\n# files = {list(files)}\n# ///\ndef process(session):\n    yield\n"


def test_the_code_beside_a_script_goes_with_it(script: Path) -> None:
    wanted = ["tables.py", "pack/__init__.py", "pack/sub/deep.py", "pack/words.json", "pack/w.bin"]
    make(script.parent, *wanted, "words.json", "codes.csv", "logo.SVG", "data/more.json")
    assert names_in(read_script(script).archive()) == sorted(["study.py", *wanted])


def test_data_files_go_where_they_are_named(script: Path) -> None:
    make(
        script.parent,
        "words.json",
        "other.json",
        "sprites/a.png",
        "sprites/deep/b.png",
        "sprites/notes.txt",
        "codes.csv",
    )
    for files, expected in (
        (["words.json"], ["words.json"]),
        (["*.json"], ["other.json", "words.json"]),
        (["sprites/**"], ["sprites/a.png", "sprites/deep/b.png", "sprites/notes.txt"]),
        (["sprites"], ["sprites/a.png", "sprites/deep/b.png", "sprites/notes.txt"]),
        (["sprites/*.png"], ["sprites/a.png"]),
        (["sprites/**/*.png"], ["sprites/a.png", "sprites/deep/b.png"]),
        (["sprites/**", "!sprites/*.txt"], ["sprites/a.png", "sprites/deep/b.png"]),
        (["codes.csv"], ["codes.csv"]),
    ):
        script.write_text(naming(*files))
        assert names_in(read_script(script).archive()) == sorted([*expected, "study.py"]), files


def test_no_pattern_takes_donations_or_what_is_private(script: Path) -> None:
    make(
        script.parent,
        *(".env", "secrets.toml", "index.csv", "logs.jsonl", "results.sqlite", "pack/__init__.py", "pack/index.csv"),
        *("sidestage-data/x.json", "elsewhere/sidestage.db", "elsewhere/deep/x.json", "venv/x.json", ".git/x.json"),
        *("exported/index.jsonl", "exported/logs.jsonl", "exported/0001-chats-1.json", "exported/__init__.py"),
    )
    script.write_text(naming("**", "*", "**/*.json", "elsewhere/deep/*"))
    assert names_in(read_script(script).archive()) == ["pack/__init__.py", "study.py"]
    script.write_text(naming("sidestage-data/x.json", "exported/0001-chats-1.json", "elsewhere/sidestage.db"))
    assert names_in(read_script(script).archive()) == ["pack/__init__.py", "study.py"]
    script.write_text(naming("**/*.csv", "logs.jsonl"))
    assert names_in(read_script(script).archive()) == [
        *("index.csv", "logs.jsonl", "pack/__init__.py", "pack/index.csv", "study.py"),
    ]


def test_a_link_out_of_the_folder_is_taken_by_no_pattern(
    script: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    make(outside, "private.json")
    (script.parent / "sprites").symlink_to(outside)
    script.write_text(naming("sprites/**", "**/*.json"))
    assert names_in(read_script(script).archive()) == ["study.py"]


def test_a_data_file_that_is_not_named_is_told_with_the_line_to_add(script: Path) -> None:
    check_files(script)
    make(script.parent, "donation.json", "sprites/a.png", "tables.py", "README.md", "page.html")
    with pytest.raises(
        UnnamedFiles, match=r'^donation\.json lies beside study\.py, .* add the line files = \["donation\.json"\] under'
    ):
        check_files(script)
    script.write_text(naming("sprites/**"))
    with pytest.raises(UnnamedFiles, match=r'files = \["sprites/\*\*", "donation\.json"\]'):
        check_files(script)
    script.write_text(naming("sprites/**", "donation.json"))
    check_files(script)
    script.write_text(naming("sprites/**", "!donation.json"))
    check_files(script)
    assert names_in(read_script(script).archive()) == ["sprites/a.png", "study.py", "tables.py"]
    make(script.parent, "pack/__init__.py", "pack/words.json", "pack/codes.csv")
    with pytest.raises(UnnamedFiles, match=r"^pack/codes\.csv lies beside"):
        check_files(script)


def test_a_name_that_fits_no_file_is_told(script: Path) -> None:
    script.write_text(naming("wrods.json"))
    with pytest.raises(UnnamedFiles, match=r"names 'wrods\.json', and there is no such file beside study\.py"):
        check_files(script)


@pytest.mark.parametrize("files", ["words.json", [1], [""], ["../up.json"], ["/etc/passwd"], ["a\\b"], ["C:/x"], ["!"]])
def test_names_that_lead_out_of_the_folder_are_refused(script: Path, files: object) -> None:
    script.write_text(naming().replace("[]", json.dumps(files)))
    with pytest.raises(ScriptError, match=r"files under \[tool\.sidestage\]"):
        read_script(script)


async def test_data_files_of_a_package_are_found_as_resources(script: Path) -> None:
    make(script.parent, "pack/__init__.py", "pack/words.bin", "pack/data/deep/codes.csv")
    script.write_text(naming("pack/**/*.csv"))
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
    script.write_text(naming("*.json", "small.txt"))
    with pytest.raises(ScriptError, match=r"weigh 21\.0 MB, more than the 20\.0 MB .* the largest is large\.json \(20"):
        read_script(script).archive()


def test_what_is_watched_is_what_is_sent(script: Path) -> None:
    make(script.parent, "tables.py", "test_study.py", "pack/__init__.py")
    watched = read_script(script).watched()
    assert watched == [script, script.parent / "pack/__init__.py", script.parent / "tables.py"]
