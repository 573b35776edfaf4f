"""Driving a flow with no browser."""

import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from sidestage import flow
from sidestage.protocol import (
    CommandUIRender,
    PropsUIHeader,
    PropsUIPageDataSubmission,
    PropsUIPageEnd,
    PropsUIPromptConfirm,
)
from sidestage.tables import Table
from sidestage.testing import Log, Progress, play

Script = Generator[Any, Any, Any]


def donation_study(session: str) -> Script:
    yield flow.show_text({"en": "Welcome", "nl": "Welkom"}, title={"en": "A study", "nl": "Een studie"})
    file = yield flow.ask_file("Your export", accept=[".zip"])
    if file is None:
        yield flow.exit(3, "skipped")
    yield flow.log("reading", level="debug")
    yield flow.show_progress("Reading", 50)
    names = zipfile.ZipFile(file).namelist()
    agreed = yield flow.review(Table("names", "Names", {"name": names, "length": [len(name) for name in names]}))
    if agreed is not None:
        arrived = yield flow.donate(f"{session}-names", agreed)
        yield flow.show_text("Thank you" if arrived else f"Not sent: {arrived}")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "1")
        archive.writestr("bb.txt", "2")
    return path


def test_a_whole_study_from_the_first_page_to_the_donation(export: Path) -> None:
    with play(donation_study) as p:
        p.expect(flow.show_text).answer()
        p.expect(flow.ask_file).answer(file=export)
        p.expect(flow.review)
        assert p.tables == {"names": [{"name": "a.txt", "length": 5}, {"name": "bb.txt", "length": 6}]}
        p.answer(delete={"names": [0]})
        assert p.donations == {
            "test-session-names": {
                "names": {"data": [{"name": "bb.txt", "length": 6}], "metadata": {"deletedRowCount": 1}}
            }
        }
        p.expect(flow.show_text)
        assert "Thank you" in p.text
        p.answer()
        p.expect(flow.exit)
        assert (p.exit_code, p.exit_info) == (0, "End of script")
    assert p.logs == [Log("debug", "reading")]
    assert p.progress == [Progress("Reading", 50)]


def test_a_skipped_file_is_none_for_the_script() -> None:
    with play(donation_study) as p:
        p.answer().skip()
        assert (p.exit_code, p.exit_info) == (3, "skipped")


def test_bytes_become_a_real_file_with_a_name(export: Path) -> None:
    def process(session: str) -> Script:
        file = yield flow.ask_file("One")
        yield flow.donate("file", [file.name, file.size, zipfile.ZipFile(file).namelist(), Path(file.path).is_file()])

    with play(process) as p:
        p.answer(file=export.read_bytes(), name="mine.zip")
        size = export.stat().st_size
        assert p.donations["file"] == ["mine.zip", size, ["a.txt", "bb.txt"], True]


def test_several_files(export: Path) -> None:
    def process(session: str) -> Script:
        files = yield flow.ask_file("Some", multiple=True)
        yield flow.donate("names", [[file.name, file.read(1).decode()] for file in files])

    with play(process) as p:
        p.expect(flow.ask_file)
        with pytest.raises(AssertionError, match=r"several files: answer\(file=\[path, ...\]\)"):
            p.answer(file=export)
        p.answer(file=[export, b"x"])
        assert p.donations["names"] == [["export.zip", "P"], ["file", "x"]]


def test_a_review_that_is_declined(export: Path) -> None:
    with play(donation_study) as p:
        p.answer().answer(file=export).answer(agree=False)
        assert p.ended
        assert p.donations == {}


@pytest.mark.parametrize(
    ("steer", "seen"),
    [
        (lambda p: p.refuse_donations(status=413, error="too large"), "Not sent: False"),
        (lambda p: p.ignore_donations(), "Not sent: None"),
        (lambda p: (p.refuse_donations(), p.accept_donations()), "Thank you"),
    ],
)
def test_what_becomes_of_a_donation_can_be_steered(export: Path, steer: Any, seen: str) -> None:
    with play(donation_study) as p:
        steer(p)
        p.answer().answer(file=export).answer()
        assert p.text == seen
        assert list(p.donations if seen == "Thank you" else p.refused) == ["test-session-names"]


def test_texts_are_in_the_players_locale(export: Path) -> None:
    with play(donation_study, locale="nl-BE") as p:
        assert p.text == "Een studie\nWelkom"
    with play(donation_study, locale="fr") as p:
        assert p.text == "A study\nWelcome"


def choosing(session: str) -> Script:
    language = yield flow.ask_choice("Which?", {"dutch": {"en": "Dutch", "nl": "Nederlands"}, "other": "Another"})
    sure = yield flow.confirm("Sure?", yes="Oh yes", no="Oh no")
    yield flow.donate("chosen", [language, sure])


@pytest.mark.parametrize("choice", ["Nederlands", "Dutch", "dutch"])
def test_a_choice_is_answered_by_its_text_or_by_what_it_means(choice: str) -> None:
    with play(choosing, locale="nl") as p:
        p.expect(flow.ask_choice)
        assert p.text == "Which?\nNederlands\nAnother"
        p.answer(choice).expect(flow.confirm)
        assert p.text == "Sure?\nOh yes\nOh no"
        p.answer(False)
        assert p.donations["chosen"] == ["dutch", False]


def test_another_step_than_expected_is_named_with_its_text() -> None:
    with play(donation_study) as p, pytest.raises(AssertionError) as failure:
        p.expect(flow.ask_file)
    assert str(failure.value) == "expected ask_file, but the script asks show_text: 'Welcome'"


def test_a_step_expected_after_the_end() -> None:
    with play(donation_study) as p:
        p.answer().skip()
        with pytest.raises(AssertionError, match="expected review, but the script has ended with code 3: skipped"):
            p.expect(flow.review)
        with pytest.raises(AssertionError, match="nothing to answer: the script has ended with code 3"):
            p.answer()


def test_a_step_that_waits_for_nobody_cannot_be_expected() -> None:
    with play(donation_study) as p, pytest.raises(AssertionError, match=r"donate waits for nobody.*look at donations"):
        p.expect(flow.donate)


@pytest.mark.parametrize(
    ("before", "given", "sentence"),
    [
        (0, {"file": "x.zip"}, r"answer\(file='x.zip'\) does not fit here; use answer\(\) .*show_text: 'Welcome'"),
        (0, {"text": "Ada"}, r"answer\(text='Ada'\) does not fit here; use answer\(\)"),
        (1, {"agree": True}, r"use answer\(file=path\).*the script asks ask_file: 'Your export'"),
        (1, {"file": "nowhere.zip"}, "there is no file nowhere.zip"),
        (1, {"file": ["a", "b"]}, r"ask_file\(multiple=True\)"),
        (2, {"file": "x.zip"}, r"use answer\(\), answer\(delete="),
        (2, {"delete": {"other": [0]}}, "there is no table 'other' to delete from; shown are names"),
        (2, {"delete": {"names": [2]}}, "table 'names' has no row 2; it has 2 rows, from 0"),
        (2, {"delete": {"names": [-1]}}, "table 'names' has no row -1"),
    ],
)
def test_an_answer_that_does_not_fit_says_what_would(
    export: Path, before: int, given: dict[str, Any], sentence: str
) -> None:
    with play(donation_study) as p:
        answers: list[dict[str, Any]] = [{}, {"file": export}]
        for answer in answers[:before]:
            p.answer(**answer)
        with pytest.raises(AssertionError, match=sentence):
            p.answer(**given)


def test_a_choice_that_is_not_offered_lists_those_that_are() -> None:
    with play(choosing) as p:
        with pytest.raises(AssertionError, match="'Frisian' is none of the choices: 'Dutch', 'Another'"):
            p.answer("Frisian")
        with pytest.raises(AssertionError, match="use answer"):
            p.answer(True)
        p.answer("Another")
        with pytest.raises(AssertionError, match=r"use answer\(True\) or answer\(False\)"):
            p.answer("Oh yes")


def failing(session: str) -> Script:
    yield flow.show_text("Hello")
    raise LookupError("the author's mistake")


def test_a_script_that_fails_fails_the_test_at_the_next_expect() -> None:
    with play(failing) as p:
        p.answer()
        with pytest.raises(AssertionError, match=r"(?s)the script failed:.*in failing.*LookupError: the author's"):
            p.expect(flow.show_text)


def test_a_script_that_fails_fails_the_test_at_the_end_of_the_block() -> None:
    with pytest.raises(AssertionError, match="LookupError: the author's mistake"), play(failing) as p:
        p.answer()


def test_another_failure_of_the_test_tells_of_the_scripts() -> None:
    with pytest.raises(KeyError) as failure, play(failing) as p:
        p.answer().donations["missing"]
    assert "LookupError: the author's mistake" in failure.value.__notes__[0]


@pytest.mark.parametrize("expected", [LookupError, "LookupError", "mistake"])
def test_an_expected_error_goes_on_to_the_question_whether_to_report_it(expected: Any) -> None:
    with play(failing, platform="Chats") as p:
        p.answer()
        assert "raise LookupError" in p.expect_error(expected)
        p.answer(True)
        assert p.donations["error-report"]["platform"] == "Chats"
        assert p.exit_code == 1


def test_an_expected_error_may_go_unreported() -> None:
    with play(failing) as p:
        p.answer()
        p.expect_error()
        p.skip()
        assert (p.exit_code, p.donations) == (1, {})


def test_an_error_that_does_not_come_or_is_another() -> None:
    with play(failing) as p:
        with pytest.raises(AssertionError, match=r"expected the script to fail with LookupError, but .*'Hello'"):
            p.expect_error(LookupError)
        p.answer()
        with pytest.raises(AssertionError, match=r"(?s)expected KeyError, but the script failed with:.*LookupError"):
            p.expect_error(KeyError)
        p.expect_error(LookupError)


def test_nothing_runs_before_it_is_asked_for_nor_after_the_block() -> None:
    ran = []

    def process(session: str) -> Script:
        ran.append("start")
        yield flow.show_text("Hello")
        ran.append("more")

    with play(process):
        pass
    with play(process) as p:
        assert ran == []
        p.expect(flow.show_text)
        assert not p.ended
        assert p.exit_code is None
    assert ran == ["start"]


def test_a_donation_that_is_no_json_fails_the_test() -> None:
    from sidestage.protocol import CommandSystemDonate

    def process(session: str) -> Script:
        yield CommandSystemDonate("broken", "{")

    with play(process) as p, pytest.raises(AssertionError, match="the donation 'broken' is no JSON"):
        p.expect(flow.exit)


def test_a_script_that_yields_commands_is_expected_by_its_prompts() -> None:
    def process(session: str) -> Script:
        confirm = PropsUIPromptConfirm("Really?", "Yes", "No")
        answer = yield CommandUIRender(PropsUIPageDataSubmission("Chats", PropsUIHeader("A page"), [confirm]))
        yield flow.donate("answer", answer.value)
        yield CommandUIRender(PropsUIPageEnd())

    with play(process) as p:
        p.expect(PropsUIPromptConfirm).expect(flow.confirm).answer(True)
        assert p.donations["answer"] is True
        p.expect(PropsUIPageEnd)


def test_a_script_is_found_by_its_path_and_forgotten_afterwards(tmp_path: Path) -> None:
    for name, greeting in [("one", "Hello"), ("two", "Goodbye")]:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "beside_the_script.py").write_text(f"GREETING = {greeting!r}")
        (folder / "study_by_path.py").write_text(
            "from sidestage import flow\n"
            "def process(session, platform):\n"
            "    import beside_the_script\n"
            "    yield flow.show_text(f'{beside_the_script.GREETING} {session} {platform}')\n"
        )
    with play(tmp_path / "one" / "study_by_path.py", session="s1", platform="Chats") as p:
        assert p.text == "Hello s1 Chats"
    with play(str(tmp_path / "two" / "study_by_path.py")) as p:
        assert p.text == "Goodbye test-session None"


def test_a_script_that_cannot_be_loaded_fails_the_test(tmp_path: Path) -> None:
    script = tmp_path / "broken_script.py"
    script.write_text("def process(session:\n")
    with play(script) as p, pytest.raises(AssertionError, match=r"(?s)broken_script.py.*SyntaxError"):
        p.expect(flow.show_text)
    with play(tmp_path / "missing.py") as p:
        p.expect_error("there is no script 'missing.py'")


def test_a_forgotten_yield_fails_the_test() -> None:
    sentence = r"test_player.py, line \d+: flow.donate\(...\) was made and never yielded"
    with pytest.raises(AssertionError, match=sentence), play(_forgetful) as p:
        p.answer()


def test_a_sub_flow_without_yield_from_fails_the_test() -> None:
    with pytest.raises(AssertionError, match=r"write 'yield from _part\(...\)'"), play(_without_its_part) as p:
        p.answer()


def _forgetful(_session: str) -> Script:
    yield flow.show_text("Hello")
    flow.donate("key", 1)


def _part() -> Script:
    yield flow.show_text("Never shown")


def _without_its_part(_session: str) -> Script:
    yield flow.show_text("Hello")
    _part()
