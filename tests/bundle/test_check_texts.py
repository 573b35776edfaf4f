"""What a check says about texts that are not there in every language."""

from __future__ import annotations

from pathlib import Path

from sidestage.bundle import read_script
from sidestage.bundle.check import check_texts


def check(folder: Path, code: str, title: str = '"Title"') -> list[str]:
    script = folder / "study.py"
    script.write_text(
        f"# /// script\n# [tool.sidestage]\n# title = {title}\n# ///\n{code}\n\ndef process(session):\n    yield\n"
    )
    findings = check_texts(read_script(script))
    assert not any(finding.fails for finding in findings)
    return [str(finding) for finding in findings]


def test_a_text_that_lacks_a_language_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "words.py").write_text('\nAGREE = {"nl": "Akkoord", "de": f"{1} Zusage"}\n')
    assert check(
        tmp_path, 'A = {"en": "Yes", "nl": "Ja", "de": "Ja"}\nB = [{"en": "No " * 2,\n      "nl": "Nee"}]'
    ) == [
        "study.py, line 6: the text \"'No ' * 2\" is not there in de, as others are: add it",
    ]


def test_the_title_speaks_a_language_too(tmp_path: Path) -> None:
    assert check(tmp_path, 'A = {"fy": "Ja"}\nB = {"fy": "Nee", "nl": "Nee"}', '{fy = "Titel", nl = "Titel"}') == [
        "study.py, line 5: the text 'Ja' is not there in nl, as others are: add it",
    ]
    assert check(tmp_path, 'A = {"en": "Yes", "nl": "Ja"}', '{en = "Title"}') == [
        "study.py: the text 'Title' is not there in nl, as others are: add it",
    ]


def test_other_dicts_are_no_texts(tmp_path: Path) -> None:
    code = (
        'A = {"en": "Yes", "nl": "Ja"}\nB = {"id": "1", "to": "x"}\nC = {"en": 1}\nD = {"en": {"nl": "x"}}\nE = {**A}'
    )
    assert check(tmp_path, code) == []
