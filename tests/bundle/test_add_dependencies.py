"""Packages are added where a script's dependencies are, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.bundle import ScriptError, read_script
from sidestage.bundle.add_dependencies import add_dependencies

CODE = '"""Study."""\n\n\ndef process(session):\n    yield\n'
NEW_BLOCK = '# /// script\n# dependencies = [\n#     "pandas",\n# ]\n# ///\n\n'


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "study.py"


def add(script: Path, source: str, *packages: str) -> str:
    script.write_bytes(source.encode())
    edit = add_dependencies(script, packages)
    assert script.read_bytes() == source.encode(), "nothing is written before apply()"
    edit.apply()
    after = edit.path.read_bytes().decode()
    read_script(script)
    edit.undo()
    assert script.read_bytes() == source.encode()
    edit.apply()
    return after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CODE, NEW_BLOCK + CODE),
        ("\n" + CODE, NEW_BLOCK + CODE),
        ("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n" + CODE, None),
        ("#!/usr/bin/env python\n# A comment.\n" + CODE, None),
        (CODE.replace("\n", "\r\n"), (NEW_BLOCK + CODE).replace("\n", "\r\n")),
        ("\ufeff" + CODE, "\ufeff" + NEW_BLOCK + CODE),
    ],
    ids=["plain", "blank line", "coding", "comment", "windows", "mark"],
)
def test_a_script_without_a_block_gets_one_at_the_top(script: Path, before: str, after: str | None) -> None:
    if after is None:
        lines = before.splitlines(keepends=True)
        first = 2 if "coding" in before else 1
        after = "".join(lines[:first]) + NEW_BLOCK + "".join(lines[first:])
    assert add(script, before, "pandas") == after


def in_block(text: str) -> str:
    lines = [f"# {line}".rstrip() for line in text.splitlines()]
    return "\n".join(["# Above.", "# /// script", *lines, "# ///", "", CODE])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('dependencies = ["numpy"]  # arrays', 'dependencies = ["numpy", "pandas>=2", "six"]  # arrays'),
        ("dependencies = []", 'dependencies = ["pandas>=2", "six"]'),
        (
            'dependencies = [\n    "numpy",  # arrays\n    # and:\n    "rich",\n]\n\n'
            '[tool.sidestage]\ntitle = "T"  # shown',
            'dependencies = [\n    "numpy",  # arrays\n    # and:\n    "rich",\n    "pandas>=2",\n    "six",\n]\n\n'
            '[tool.sidestage]\ntitle = "T"  # shown',
        ),
        ('dependencies = ["Pandas", "six<2"]', 'dependencies = ["pandas>=2", "six<2"]'),
        (
            '[tool.sidestage]\ntitle = "T"',
            'dependencies = [\n    "pandas>=2",\n    "six",\n]\n\n[tool.sidestage]\ntitle = "T"',
        ),
        (
            'requires-python = ">=3.11"',
            'dependencies = [\n    "pandas>=2",\n    "six",\n]\nrequires-python = ">=3.11"',
        ),
    ],
    ids=["inline", "empty", "lines", "named already", "only a table", "only a key"],
)
def test_a_block_keeps_its_comments_and_its_order(script: Path, before: str, after: str) -> None:
    assert add(script, in_block(before), "pandas>=2", "six") == in_block(after)


def test_what_is_named_already_changes_nothing(script: Path) -> None:
    source = in_block('dependencies = ["Python_DateUtil>=2"]')
    script.write_text(source)
    edit = add_dependencies(script, ["python-dateutil"])
    assert edit.before == edit.after == source.encode()


def test_a_project_that_has_the_dependencies_gets_the_new_ones(script: Path) -> None:
    project = '[project]\nname = "p"  # ours\ndependencies = [\n  "numpy",  # arrays\n]\n\n[tool.other]\nx = 1\n'
    script.with_name("pyproject.toml").write_text(project)
    assert add(script, CODE, "six") == project.replace("# arrays\n", '# arrays\n  "six",\n')
    # A block that names its own counts more, so it is the place.
    assert '"six"' in add(script, in_block('dependencies = ["rich"]'), "six")
    # A project without dependencies is not.
    script.with_name("pyproject.toml").write_text('[tool.sidestage]\ntitle = "T"\n')
    assert add(script, CODE, "pandas") == NEW_BLOCK + CODE


@pytest.mark.parametrize(
    ("source", "package", "sentence"),
    [
        (CODE, "six>>2", "'six>>2' is not a valid requirement"),
        (CODE, "six @ https://example.org/six.whl", "names an address"),
        ("# /// script\n# dependencies = [\n# ///\n" + CODE, "six", "line 2: .* not valid TOML"),
    ],
)
def test_what_cannot_be_added_gets_a_sentence(script: Path, source: str, package: str, sentence: str) -> None:
    script.write_text(source)
    with pytest.raises(ScriptError, match=sentence):
        add_dependencies(script, [package])
