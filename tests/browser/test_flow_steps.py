"""Each step of a flow on a real page: what the participant does, and what the ``yield`` then returns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tools.serving import Server, start_server

from .participant import choose, choose_file, console, donations, log_lines, open_study, press, wait_for_heading

#: One study with a part for each step; the first prompt says which part to run.
STUDY = '''
# /// script
# [tool.sidestage.session-data]
# answer = "What a step returned"
# log = "What a step said"
# ///
import hashlib

from sidestage import flow
from sidestage.protocol import (
    CommandUIRender, PropsUIHeader, PropsUIPageDataSubmission, PropsUIPromptConsentForm, PropsUIPromptConsentFormTable,
    PropsUIPromptConfirm, Translatable,
)
from sidestage.tables import Table

COLOURS = {"r": {"en": "Red", "nl": "Rood"}, "g": {"en": "Green", "nl": "Groen"}}

def file():
    file = yield flow.ask_file({"en": "A text", "nl": "Een tekst"}, accept=[".txt"])
    return None if file is None else [file.name, file.size, file.read().decode(), type(file).__name__]

def files():
    files = yield flow.ask_file("Any files", multiple=True)
    return files and [[file.name, file.read(5).decode()] for file in files]

def choice():
    return (yield flow.ask_choice({"en": "Which colour?", "nl": "Welke kleur?"}, COLOURS))

def question():
    return (yield flow.confirm("Really?", yes="Of course", no="Never"))

def text():
    return [(yield flow.show_text("One.\\n\\nTwo.", title="A title of its own", button="Onwards"))]

def progress():
    """Python works without a pause until the test takes the next file away."""
    files = yield flow.ask_file("Signals", multiple=True)
    answers = []
    for percentage, file in zip((0, 25, 50, 75, 100), files):
        answers.append((yield flow.show_progress("Counting", percentage)))
        work_while_there(file)
    answers.append((yield flow.show_progress("Nobody knows how long")))
    work_while_there(files[-1])
    return answers

def work_while_there(file):
    place = 0
    while True:
        # Each time at a place that is not in the buffer.
        place = (place + 3_000_000) % file.size
        try:
            file.seek(place)
            file.read(1)
        except OSError:
            return

def review():
    return (yield flow.review(Table("t", "Rows", {"n": [1, None, 2.5], "when": ["a", "b", "c"]}), title="Look"))

def log():
    answers = []
    for level in ("debug", "info", "warn", "error"):
        answers.append((yield flow.log(f"a line of level {level}", level)))
    return answers

def leave():
    yield flow.exit(7, "had enough")

class Wheel(flow.Prompt):
    question: flow.Text
    answers = str

def own():
    try:
        return (yield Wheel("Which colour?"))
    except flow.PromptError as error:
        return str(error)

def existing():
    """As scripts of the original family say it."""
    cells = '{"at":{"0":"Monday","1":"Friday"},"n":{"0":3,"1":4}}'
    form = PropsUIPromptConsentForm(
        [PropsUIPromptConsentFormTable("posts", 1, "Posts", "", cells)], [],
        Translatable({"en": "These would be sent.", "nl": "Dit zou worden verstuurd."}),
        Translatable({"en": "Shall these be sent?", "nl": "Mag dit worden verstuurd?"}),
        Translatable({"en": "Send them", "nl": "Verstuur"}),
    )
    header = PropsUIHeader(Translatable({"en": "An old friend", "nl": "Een oude vriend"}))
    answer = yield CommandUIRender(PropsUIPageDataSubmission("Posts", header, form))
    question = PropsUIPromptConfirm("Sure?", "Ok", "No")
    sure = yield CommandUIRender(PropsUIPageDataSubmission("Posts", header, [question]))
    return [type(answer).__name__, answer.value, type(sure).__name__]

PARTS = dict(file=file, files=files, choice=choice, question=question, text=text, progress=progress, review=review,
             log=log, leave=leave, existing=existing, own=own)

def process(session):
    part = yield flow.ask_choice("Part?", list(PARTS))
    answer = yield from PARTS[part]()
    yield flow.donate("answer", {"is": answer})
'''


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("steps")
    (folder / "study.py").write_text(STUDY)
    server = start_server("run", folder / "study.py", data=folder / "data")
    yield server
    server.stop()


@pytest.fixture
def page(returning_page: Page) -> Page:
    """Of somebody who may have been here before."""
    return returning_page


@pytest.fixture
def play(page: Page, server: Server) -> Callable[..., object]:
    """Run a part, do something on its page, and return what the ``yield`` returned."""

    def run(part: str, act: Callable[[], object], locale: str = "en") -> object:
        session = open_study(page, server, f"?locale={locale}")
        choose(page, part, then="Continue" if locale == "en" else "Doorgaan")
        act()
        wait_for_heading(page, "Thank you" if locale == "en" else "Dank u wel")
        assert console(page) == []
        [donation] = donations(server.data, session)
        return donation.data["is"]

    return run


Play = Callable[..., object]


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    path = tmp_path / "notes é.txt"
    path.write_text("first line\nsecond", newline="\n")
    return path


def test_ask_file(page: Page, play: Play, a_file: Path) -> None:
    assert play("file", lambda: choose_file(page, a_file)) == [
        "notes é.txt",
        17,
        "first line\nsecond",
        "ParticipantFile",
    ]
    assert play("file", lambda: press(page, "Skip")) is None


def test_ask_file_for_several(page: Page, play: Play, a_file: Path, tmp_path: Path) -> None:
    other, unwanted = tmp_path / "other.csv", tmp_path / "unwanted.csv"
    other.write_text("a,b,c,d")
    unwanted.write_text("no")

    def act() -> None:
        choose_file(page, a_file, unwanted, button="Choose files", then=None)
        choose_file(page, other, button="Choose more files", then=None)
        press(page, "Remove unwanted.csv")
        press(page, "Continue")

    assert play("files", act) == [["notes é.txt", "first"], ["other.csv", "a,b,c"]]
    assert play("files", lambda: press(page, "Skip")) is None


def test_ask_choice_answers_in_one_language_whatever_is_shown(page: Page, play: Play) -> None:
    def nothing_chosen() -> None:
        press(page, "Doorgaan")
        expect(page.get_by_role("alert")).to_have_text("Kies eerst een van de antwoorden.")
        choose(page, "Groen", then="Doorgaan")

    assert play("choice", lambda: choose(page, "Green")) == "g"
    assert play("choice", nothing_chosen, locale="nl") == "g"


@pytest.mark.parametrize(("button", "answer"), [("Of course", True), ("Never", False)])
def test_confirm(page: Page, play: Play, button: str, answer: bool) -> None:
    assert play("question", lambda: press(page, button)) is answer


def test_show_text(page: Page, play: Play) -> None:
    def act() -> None:
        wait_for_heading(page, "A title of its own")
        expect(page).to_have_title("A title of its own – Study")
        expect(page.get_by_role("paragraph").filter(has_text=re.compile(r"^(One|Two)\.$"))).to_have_count(2)
        press(page, "Onwards")

    assert play("text", act) == [None]


def test_show_progress_moves_while_python_works(page: Page, play: Play, tmp_path: Path) -> None:
    signals = [tmp_path / f"{number}.bin" for number in range(6)]
    for signal in signals:
        with signal.open("wb") as sparse:
            sparse.truncate(100_000_000)

    def act() -> None:
        choose_file(page, *signals, button="Choose files")
        for percentage, signal in zip(("0", "25", "50", "75", "100"), signals, strict=False):
            bar = page.get_by_role("progressbar", name="Counting")
            expect(bar).to_be_visible()
            expect(bar).to_have_attribute("value", percentage)
            signal.unlink()
        expect(page.get_by_role("progressbar", name="Nobody knows how long")).to_be_visible()
        signals[-1].unlink()

    assert play("progress", act) == [None] * 6


def test_review(page: Page, play: Play) -> None:
    def delete_one() -> None:
        wait_for_heading(page, "Look")
        page.get_by_role("checkbox", name="Select row 2").check()
        press(page, "Delete selected")
        press(page, "Yes, donate")

    assert play("review", delete_one) == {
        "t": {"data": [{"n": 1, "when": "a"}, {"n": 2.5, "when": "c"}], "metadata": {"deletedRowCount": 1}}
    }
    assert play("review", lambda: press(page, "No, do not donate")) is None


def test_log_lines_reach_the_researcher(page: Page, server: Server) -> None:
    session = open_study(page, server)
    choose(page, "log")
    wait_for_heading(page, "Thank you")
    levels = ("debug", "info", "warn", "error")
    assert log_lines(server.data, session) == [
        *((level, f"a line of level {level}") for level in levels),
        ("info", "exit 0: End of script"),
    ]
    assert donations(server.data, session)[0].data == {"is": [None] * 4}


def test_exit_with_a_code_is_not_completed(page: Page, server: Server) -> None:
    session = open_study(page, server)
    choose(page, "leave")
    wait_for_heading(page, "The study has ended")
    assert log_lines(server.data, session) == [("info", "exit 7: had enough")]
    assert donations(server.data, session) == []


def test_a_prompt_that_the_page_cannot_draw_is_told_to_the_script(page: Page, play: Play) -> None:
    def act() -> None:
        expect(page.get_by_role("alert")).to_have_text(
            "This part of the study does not work in your browser. You can go on without it."
        )
        press(page, "Go on without it")

    answer = play("own", act)
    assert isinstance(answer, str)
    assert "there is no prompts/Wheel.js beside the script" in answer


def test_a_script_in_the_words_of_the_protocol(page: Page, play: Play) -> None:
    def act() -> None:
        wait_for_heading(page, "Een oude vriend")
        expect(page.get_by_text("Dit zou worden verstuurd.")).to_be_visible()
        expect(page.get_by_text("Mag dit worden verstuurd?")).to_be_visible()
        page.get_by_role("checkbox", name="Rij 1 selecteren").check()
        press(page, "Selectie verwijderen")
        press(page, "Verstuur")
        press(page, "Ok")

    rows = '{"posts": {"data": [{"at": "Friday", "n": 4}], "metadata": {"deletedRowCount": 1}}}'
    answer = play("existing", act, locale="nl")
    assert answer == ["PayloadJSON", rows, "PayloadTrue"]
