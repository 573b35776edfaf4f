"""A script as the server asks for it, over the saves of its author."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from sidestage.bundle import Catalogue, Script, ScriptError, Study
from sidestage.errors import SidestageError
from sidestage.protocol import Translatable

GOOD = "def process(session):\n    yield\n"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "my_study.py"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def study(script: Path, lock_path: Path, wheels: Path) -> Study:
    return Study(script, Catalogue(lock_path, [wheels]), dev=True)


def test_the_configuration_says_what_the_page_needs(study: Study, script: Path) -> None:
    settings = '# [tool.sidestage]\n# title = {nl = "Studie"}\n# platform = "P"\n'
    settings += '# [tool.sidestage.session-data]\n# "*-log" = "How it went"\n# no = {nl = "Nee"}\n'
    script.write_text(f'# /// script\n# dependencies = ["pandas"]\n{settings}# ///\n{GOOD}')
    config = study.config()
    assert config.pop("packages")[-1] == "pandas"
    assert config == {
        "title": {"translations": {"nl": "Studie"}},
        "platform": "P",
        "sessionData": {"*-log": "How it went", "no": {"translations": {"nl": "Nee"}}},
        "script": "my_study.py",
        "archive": "script.zip",
        "dev": True,
        "bridge": {"kind": "server"},
    }
    assert (study.name, study.title) == ("my_study", Translatable({"nl": "Studie"}))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("print(1)\n", "defines no function named process"),
        ("# /// script\n# dependencies = ['nonesuch']\n# ///\n" + GOOD, "my_study.py asks for the package nonesuch"),
        ("# /// script\n# dependencies = [\n# ///\n" + GOOD, "line 2"),
    ],
)
def test_what_is_wrong_is_told_until_a_save_mends_it(study: Study, script: Path, source: str, sentence: str) -> None:
    script.write_text(source)
    assert sentence in study.config()["error"]
    assert study.title == study.config()["title"] == "My study"
    with pytest.raises(SidestageError, match=sentence):
        study.check()
    script.write_text(GOOD)
    assert "error" not in study.config()
    study.check()


def test_a_syntax_error_is_left_to_the_pages_own_python(study: Study, script: Path) -> None:
    script.write_text("def process(:\n")
    assert "error" not in study.config()
    with zipfile.ZipFile(io.BytesIO(study.archive())) as archive:
        assert archive.read("my_study.py") == b"def process(:\n"
    with pytest.raises(ScriptError, match="SyntaxError"):
        study.check()


def test_a_script_that_is_gone_is_told_and_may_come_back(study: Study, script: Path) -> None:
    script.unlink()
    assert "there is no file" in study.config()["error"]
    script.write_text(GOOD)
    assert "error" not in study.config()


def test_the_archive_is_that_of_the_last_save(study: Study, script: Path) -> None:
    first, stamp = study.archive(), study.stamp()
    assert study.archive() is first
    (script.parent / "words.py").write_text("WORDS = []")
    assert study.stamp() != stamp
    assert study.archive() != first


def test_packages_are_supplied_when_the_script_is_checked(script: Path, lock_path: Path, wheels: Path) -> None:
    catalogue = Catalogue(lock_path)
    out_of_order = True

    def supply(wanting: Script) -> None:
        if out_of_order:
            raise SidestageError(f"nothing for {wanting.name} today")
        catalogue.take(wheels.glob("six-*.whl"))

    study = Study(script, catalogue, provision=supply)
    script.write_text(f"# /// script\n# dependencies = ['six']\n# ///\n{GOOD}")
    with pytest.raises(SidestageError, match="nothing for my_study"):
        study.check()
    assert study.config()["error"] == "nothing for my_study.py today"
    out_of_order = False
    study.check()
    assert study.config()["packages"] == ["six"]


def test_a_project_file_counts_as_a_change(study: Study, script: Path) -> None:
    stamp = study.stamp()
    script.with_name("pyproject.toml").write_text('[project]\ndependencies = ["six"]\n')
    assert study.stamp() != stamp
    assert study.config()["packages"] == ["six"]


def test_what_is_not_sent_does_not_count_as_a_change(study: Study, script: Path) -> None:
    stamp = study.stamp()
    (script.parent / ".my_study.py.swp").write_text("")
    (script.parent / "test_my_study.py").write_text("")
    assert study.stamp() == stamp
    os.utime(script, (1, 1))
    assert study.stamp() != stamp
