"""Reading an author's script, and what is said about one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.bundle import ScriptError, read_script
from sidestage.bundle.script import ScriptSyntaxError
from sidestage.protocol import Translatable

FLOW = "def process(session):\n    yield\n"


def write(folder: Path, source: str, name: str = "chat_study.py") -> Path:
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return path


def block(*lines: str) -> str:
    return "\n".join(["# /// script", *(f"# {line}".rstrip() for line in lines), "# ///", ""])


def test_a_script_says_what_it_needs(tmp_path: Path) -> None:
    source = block(
        'dependencies = ["numpy>=2", "pandas"]',
        'requires-python = ">=3.11"',
        "",
        "[tool.sidestage]",
        'title = {en = "Chats", nl = "Gesprekken"}',
        'platform = "WhatsApp"',
    )
    script = read_script(write(tmp_path, source + '"""Who talks\nto whom.\n\nMore."""\n' + FLOW))
    assert script.path == tmp_path.resolve() / "chat_study.py"
    assert script.name == "chat_study.py"
    assert script.dependencies == ("numpy>=2", "pandas")
    assert script.title == Translatable({"en": "Chats", "nl": "Gesprekken"})
    assert script.platform == "WhatsApp"
    assert script.description == "Who talks to whom."


def test_a_script_without_metadata_is_named_by_its_file(tmp_path: Path) -> None:
    script = read_script(write(tmp_path, FLOW))
    assert script.title == "Chat study"
    assert (script.platform, script.dependencies, script.description) == (None, (), "")


def test_the_metadata_ends_at_its_last_closing_line(tmp_path: Path) -> None:
    source = '# /// script\n# dependencies = ["numpy"]\n# ///\n# An ordinary comment.\n' + FLOW
    assert read_script(write(tmp_path, source)).dependencies == ("numpy",)


def test_other_blocks_are_passed_over(tmp_path: Path) -> None:
    assert read_script(write(tmp_path, "# /// other\n# what = [\n# ///\n\n" + FLOW)).dependencies == ()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_the_mark_of_windows_editors_do_not_matter(tmp_path: Path, line_end: str) -> None:
    source = (block('dependencies = ["numpy"]') + FLOW).replace("\n", line_end)
    path = tmp_path / "study.py"
    path.write_bytes(b"\xef\xbb\xbf" + source.encode())
    assert read_script(path).dependencies == ("numpy",)


@pytest.mark.parametrize(
    "source",
    [
        "from flows import process\n",
        "from flows import run as process\n",
        "from flows import *\n",
        "process = print\n",
        "process: object = print\n",
        "try:\n    import numpy\nexcept ImportError:\n    process = None\n",
        "with open('x'):\n    def process(session):\n        yield\n",
        "if True:\n    pass\nelse:\n    async def process(session):\n        yield\n",
    ],
)
def test_process_may_come_about_in_any_way(tmp_path: Path, source: str) -> None:
    read_script(write(tmp_path, source))


@pytest.mark.parametrize(
    "source",
    ["", "def proces(session):\n    yield\n", "class A:\n    def process(self):\n        yield\n", "print(1)\n"],
)
def test_a_script_without_process_gets_a_sentence(tmp_path: Path, source: str) -> None:
    with pytest.raises(ScriptError, match=r"chat_study\.py defines no function named process: write 'def process"):
        read_script(write(tmp_path, source))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("dependencies = [",), r"line 2: .* not valid TOML"),
        (("", "dependencies = ]"), r"line 3: .* not valid TOML"),
        (("dependencies = 'numpy'",), "dependencies must be a list of texts"),
        (("dependencies = [1]",), "dependencies must be a list of texts"),
        (("dependencies = ['numpy >>= 2']",), "'numpy >>= 2' is not a valid requirement"),
        (("dependencies = ['a @ https://example.org/a.whl']",), "names an address"),
        (("requires-python = '>=3.14'",), r"asks for Python >=3\.14 .* but the browser's Python is 3\.13"),
        (("requires-python = 'three'",), "is no version range"),
        (("requires-python = 3",), "is no version range"),
        (("[tool.sidestage]", "title = 3"), "title under .* must be a text or one text per language"),
        (("[tool.sidestage]", "title = {en = 3}"), "title under .* must be a text or one text per language"),
        (("[tool.sidestage]", "platform = ['x']"), "platform under .* must be a text"),
        (("[tool.sidestage]", "titel = 'x'"), "knows title, platform, files, pyodide and session-data, not titel"),
        (("[tool.sidestage]", "session-data = ['x']"), "must be a table with a line per key, like: declined"),
        (("[tool.sidestage.session-data]", "x = 1"), "must say in words what is sent under x"),
        (("[tool.sidestage.session-data]", "x = ''"), "must say in words what is sent under x"),
        (("[tool.sidestage.session-data]", "'' = 'y'"), "has the key '': give it 1 to 200"),
        (("[tool]", "sidestage = 1"), "must be a table"),
    ],
)
def test_broken_metadata_gets_a_sentence(tmp_path: Path, lines: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ScriptError, match=sentence) as caught:
        read_script(write(tmp_path, block(*lines) + FLOW))
    assert str(caught.value).startswith("chat_study.py")


PROJECT = """
[project]
name = "chats"
dependencies = ["pandas"]
requires-python = ">=3.11"

[tool.sidestage]
title = "Of the project"
platform = "P"
"""


def test_a_project_file_stands_in_for_what_the_script_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    script = read_script(write(tmp_path, FLOW))
    assert (script.dependencies, script.title, script.platform) == (("pandas",), "Of the project", "P")
    script = read_script(write(tmp_path, block("[tool.sidestage]", 'title = "My own"') + FLOW))
    assert (script.dependencies, script.title, script.platform) == (("pandas",), "My own", "P")
    script = read_script(write(tmp_path, block("dependencies = []", 'requires-python = ">=3.12"') + FLOW))
    assert (script.dependencies, script.title) == ((), "Of the project")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("[project]", "[project", r"^pyproject\.toml, line 2: the file is not valid TOML"),
        ('["pandas"]', '"pandas"', r"^pyproject\.toml: dependencies must be a list"),
        ("title =", "titel =", r"^pyproject\.toml: \[tool\.sidestage\] knows"),
        (">=3.11", ">=3.14", r"^pyproject\.toml asks for Python >=3\.14"),
        ("[project]", "project = 1\n[x]", r"^pyproject\.toml: \[project\] must be a table"),
    ],
)
def test_a_broken_project_file_gets_a_sentence(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT.replace(before, after, 1))
    with pytest.raises(ScriptError, match=sentence):
        read_script(write(tmp_path, FLOW))


def test_another_pyodide_is_a_version_or_a_folder(tmp_path: Path) -> None:
    def with_pyodide(value: str, *more: str) -> Path:
        return write(tmp_path, block(*more, "[tool.sidestage]", f"pyodide = {value}") + FLOW)

    assert read_script(write(tmp_path, FLOW)).pyodide is None
    assert read_script(with_pyodide('"314.0.7"', 'requires-python = ">=3.14"')).pyodide == "314.0.7"
    with pytest.raises(
        ScriptError, match=r"'./mine' under .* names no folder with a Pyodide in it: there should be a file"
    ):
        read_script(with_pyodide('"./mine"'))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/pyodide-lock.json").write_text("{}")
    assert read_script(with_pyodide('"./mine"')).pyodide == "./mine"
    for value in ('"newest"', "314", '"314"'):
        with pytest.raises(ScriptError, match=r"is neither a version, like .* nor a folder"):
            read_script(with_pyodide(value))


def test_an_open_block_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"line 2: the '# /// script' block is not closed"):
        read_script(write(tmp_path, "\n# /// script\n# dependencies = []\n" + FLOW))


def test_two_blocks_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="two '# /// script' blocks, at lines 1 and 5"):
        read_script(write(tmp_path, block("dependencies = []") + "\n" + block("dependencies = []") + FLOW))


def test_a_syntax_error_shows_as_python_shows_it(tmp_path: Path) -> None:
    source = block("dependencies = ['numpy']") + "def process(session:\n    yield\n"
    with pytest.raises(ScriptSyntaxError) as caught:
        read_script(write(tmp_path, source))
    message = str(caught.value)
    assert 'File "chat_study.py", line 4' in message
    assert "    def process(session:\n" in message
    assert "^" in message
    assert message.splitlines()[-1].startswith("SyntaxError: ")
    assert caught.value.script.dependencies == ("numpy",)


def test_a_null_byte_is_a_syntax_error(tmp_path: Path) -> None:
    with pytest.raises(ScriptSyntaxError, match="null bytes"):
        read_script(write(tmp_path, FLOW + "\0"))


def test_a_doubtful_escape_is_no_error(tmp_path: Path) -> None:
    read_script(write(tmp_path, FLOW + "pattern = '\\d'\n"))


def test_what_is_no_readable_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"there is no file .*nowhere\.py"):
        read_script(tmp_path / "nowhere.py")
    with pytest.raises(ScriptError, match="is a folder: name the script in it"):
        read_script(tmp_path)
    latin = tmp_path / "latin.py"
    latin.write_bytes(b"# first\n# caf\xe9\n")
    with pytest.raises(ScriptError, match=r"latin\.py, line 2: a byte there is not UTF-8"):
        read_script(latin)
