"""``sidestage check``: the findings of one script, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WHEELS

Sidestage = Callable[..., Any]

SCRIPT = """
# /// script
# dependencies = ["numpy"]
# ///
import numpy

from sidestage import flow
from sidestage.tables import Table


def process(session):
    yield flow.show_text({"en": "Hello", "nl": "Hallo"})
    which = yield flow.ask_choice("Which?", {"first": {"en": "One"}, "second": "Two"})
    if which == "second":
        yield flow.show_text(undefined)
    file = yield flow.ask_file("A file")
    if file is None:
        return
    agreed = yield flow.review(Table("sum", "Sum", {"sum": [int(numpy.arange(len(file.read())).sum())]}))
    yield flow.donate("sums", agreed)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "study.py"
    path.write_text(SCRIPT)
    return path


def test_what_would_fail_is_told_with_its_line_and_the_way_to_it(sidestage: Sidestage, script: Path) -> None:
    done = sidestage("check", "study.py", "--find-links", WHEELS)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Warning: study.py, line 13: the text 'One' is not there in nl, as others are: add it.",
        "Warning: pylock.study.toml is not there or not current: run 'sidestage lock study.py'.",
        "Error: study.py, line 15: NameError: name 'undefined' is not defined (after: went on, chose 'Two')",
    ]
    sizes = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert sizes == ["the", "Python,", "numpy", "the", "in", "study.py"]
    assert "It asks for a file: with --file FILE you see what comes then." in done.stdout
    assert not script.with_name("pylock.study.toml").exists(), "a check changes nothing"


def test_a_script_in_order_is_played_to_its_donation_in_the_browsers_python(sidestage: Sidestage, script: Path) -> None:
    script.write_text(SCRIPT.replace("undefined", "'Thanks'").replace('{"en": "One"}', '"One"'))
    sidestage("lock", "study.py", "--find-links", WHEELS)
    export = script.with_name("export.txt")
    export.write_text("four")
    done = sidestage("check", "study.py", "--file", "export.txt", "--find-links", WHEELS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "It donated sums." in done.stdout
    assert done.stdout.endswith("Nothing was found that would fail in study.py.\n")


OWN_PROMPT = """
from sidestage import flow


class Wheel(flow.Prompt):
    question: flow.Text
    answers = str


def process(session):
    colour = yield Wheel("Which colour?")
    yield flow.donate("colour", colour)
"""


def test_a_prompt_of_the_studys_own_that_nothing_draws_is_told(sidestage: Sidestage, script: Path) -> None:
    script.write_text(OWN_PROMPT)
    done = sidestage("check", "study.py", "--find-links", WHEELS)
    assert done.stderr == "Error: nothing draws the prompt Wheel: write prompts/Wheel.js beside the script\n"
    assert "It donated colour." in done.stdout
    script.with_name("prompts").mkdir()
    script.with_name("prompts").joinpath("Wheel.js").touch()
    assert sidestage("check", "study.py", "--find-links", WHEELS).returncode == 0


def test_packages_that_cannot_be_had_are_an_error(sidestage: Sidestage, script: Path) -> None:
    script.write_text(SCRIPT.replace("numpy", "nonesuch"))
    done = sidestage("check", "study.py", "--find-links", WHEELS)
    assert done.returncode == 1
    assert "Error: study.py asks for the package nonesuch" in done.stderr


def test_a_file_that_is_not_there_is_told(sidestage: Sidestage, script: Path) -> None:
    done = sidestage("check", "study.py", "--file", "nowhere.zip")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: there is no file nowhere.zip to answer with: check the name after --file\n"


FORGETFUL = """
from sidestage import flow


def ask_age():
    return (yield flow.ask_choice("How old?", ["young", "old"]))


def process(session):
    ask_age()
    yield flow.show_text("Hello")
    flow.donate("hello", 1)
"""


def test_a_forgotten_yield_is_found_once_by_source_and_play(sidestage: Sidestage, script: Path) -> None:
    script.write_text(FORGETFUL)
    done = sidestage("check", "study.py")
    assert done.returncode == 1
    assert [line.partition("(")[0] for line in done.stderr.splitlines()] == [
        "Error: study.py, line 10: ask_age",
        "Error: study.py, line 12: flow.donate",
        "Error: study.py, line 12: this donates, and however the pages were answered, nothing was donated: see what "
        "keeps it from that",
    ]
    script.write_text(
        FORGETFUL.replace("    ask_age()", "    yield from ask_age()").replace("    flow.d", "    yield flow.d")
    )
    done = sidestage("check", "study.py")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_donation_that_comes_after_a_file_is_a_warning_without_one(sidestage: Sidestage, script: Path) -> None:
    script.write_text(SCRIPT.replace("undefined", "'Thanks'").replace('{"en": "One"}', '"One"'))
    done = sidestage("check", "study.py", "--find-links", WHEELS)
    assert done.returncode == 0
    assert "Warning: study.py, line 20: this donates nothing without a file: give one with --file FILE" in done.stderr


def test_what_everybody_can_read_is_listed_and_a_data_file_without_a_name_told(
    sidestage: Sidestage, script: Path
) -> None:
    script.write_text("from sidestage import flow\n\ndef process(session):\n    yield flow.show_text('Hello')\n")
    (script.parent / "index.csv").write_text("id")
    (script.parent / "helper.py").write_text("x = 1")
    done = sidestage("check", "study.py")
    assert done.returncode == 0
    assert done.stderr.startswith(
        "Warning: index.csv lies beside study.py, and nothing says that participants may read"
    )
    listed = done.stdout.partition("Everybody who opens the page can read these files of yours:\n")[2].splitlines()
    assert [line.split()[0] for line in listed[:2]] == ["study.py", "helper.py"]


def test_a_file_beside_the_script_is_found_by_its_name(sidestage: Sidestage, script: Path) -> None:
    head = '# /// script\n# [tool.sidestage]\n# files = ["words.json"]\n# ///\nfrom sidestage import flow\n'
    script.write_text(f"{head}def process(session):\n    yield flow.show_text(open('words.json').read())\n")
    (script.parent / "words.json").write_text('["tea"]')
    done = sidestage("check", "study.py")
    assert (done.returncode, done.stderr) == (0, "")
