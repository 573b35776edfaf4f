"""What a participant does with each flow in the documentation, by page and by the heading that it stands under."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

from sidestage import flow
from sidestage.testing import Player

Companion = Callable[[Player, Path], None]


def _zip(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return content.getvalue()


def _readme(p: Player, _: Path) -> None:
    p.expect(flow.ask_file)
    p.answer(file=_zip(plays="artist\n", days="day\n"), name="export.zip")
    p.expect(flow.review)
    p.answer(delete={"files": [0]})
    assert p.donations["files"]["files"]["data"] == [{"name": "days.csv", "bytes": 4}]


def _colours(p: Player, _: Path) -> None:
    p.expect(flow.ask_choice)
    p.answer("Green")
    p.expect(flow.confirm)
    assert "Green" in p.text
    p.answer(True)
    p.expect(flow.show_text)
    p.answer()
    assert p.donations == {"colour": {"colour": "Green"}}


def _languages(p: Player, _: Path) -> None:
    p.expect(flow.show_text)
    assert "Welcome" in p.text
    p.answer()


def _ask_file(p: Player, _: Path) -> None:
    p.expect(flow.ask_file)
    p.answer(file=b"1234", name="a.zip")
    assert "a.zip has 4 bytes." in p.text
    p.answer()


def _ask(p: Player, _: Path) -> None:
    p.expect(flow.ask)
    assert p.prompt["name"] == "ColourWheel"
    p.answer("#123456")
    assert p.text == "Once more\nAnd your second?"
    assert p.prompt["fields"]["start"] == "#123456"
    p.answer("#000000")
    assert p.donations == {"colours": ["#123456", "#000000"]}


def _own_prompt(p: Player, _: Path) -> None:
    p.expect(flow.ask)
    assert p.text == "Which colour is today?"
    p.answer("hsl(0 100% 50%)")
    assert p.donations == {"colour": "hsl(0 100% 50%)"}


def _ask_choice(p: Player, _: Path) -> None:
    p.answer("3 or more")
    p.expect(flow.ask_choice)
    p.answer("Every day")
    assert p.donations["answers"] == {"size": "3 or more", "often": "daily"}


def _confirm(p: Player, _: Path) -> None:
    p.expect(flow.confirm)
    assert "Choose another file" in p.text
    p.answer(True)
    p.expect(flow.show_text)
    p.answer()


def _show_text(p: Player, _: Path) -> None:
    p.expect(flow.show_text)
    assert {"Welcome", "Start"} <= set(p.text.splitlines())
    p.answer()


def _show_progress(p: Player, _: Path) -> None:
    p.expect(flow.show_text)
    assert [step.percentage for step in p.progress] == [0, 25, 50, 75]
    p.answer()


def _review(p: Player, _: Path) -> None:
    p.expect(flow.review)
    p.answer(delete={"searches": [1]})
    assert p.donations["searches"] == {
        "searches": {"data": [{"when": "2026-03-01", "words": "tea"}], "metadata": {"deletedRowCount": 1}}
    }


def _donate(p: Player, _: Path) -> None:
    assert p.ended
    assert p.donations["visit"] == {"session": "test-session", "seen": True}


def _log(p: Player, _: Path) -> None:
    assert [(line.level, line.message) for line in p.logs] == [("warn", "the file had no messages")]


def _exit(p: Player, _: Path) -> None:
    p.expect(flow.confirm)
    p.answer(False)
    assert (p.exit_code, p.exit_info) == (2, "too young")


def _parts(p: Player, _: Path) -> None:
    p.answer("40 or older")
    assert p.donations["age"] == {"age": "40 or older"}


def _drive(p: Player, _: Path) -> None:
    p.expect(flow.show_text)
    p.answer()


def _lazily(p: Player, _: Path) -> None:
    p.answer(file=_zip(plays="artist,title\nNina,Sinnerman\nMiles,So What\nNina,Feeling Good\n"), name="a.zip")
    p.expect(flow.review)
    assert p.tables["artists"] == [{"artist": "Miles"}, {"artist": "Nina"}]
    p.skip()


def _by_path(p: Player, folder: Path) -> None:
    connection = sqlite3.connect(folder / "a.db")
    connection.execute("CREATE TABLE plays (artist)")
    connection.commit()
    connection.close()
    p.answer(file=folder / "a.db")
    assert "It has 1 tables." in p.text
    p.answer()


def _wrong_file(p: Player, _: Path) -> None:
    p.answer(file=b"no zip", name="a.zip")
    p.expect(flow.confirm)
    p.answer(True)
    p.expect(flow.ask_file)
    p.answer(file=_zip(plays=""), name="a.zip")
    assert "There are 1 files in it." in p.text
    p.answer()


def _plays(p: Player, _: Path) -> None:
    p.expect(flow.review)
    p.answer(delete={"plays": [0]})
    assert p.donations["plays"] == {
        "plays": {"data": [{"day": "2026-03-02", "plays": 7}], "metadata": {"deletedRowCount": 1}},
        "none": {"data": [], "metadata": {"deletedRowCount": 0}},
    }


def _export(p: Player, _: Path) -> None:
    p.answer(file=_zip(plays="artist\nNina\n"), name="a.zip")
    p.expect(flow.review)
    p.answer()
    assert p.donations["plays"]["plays"]["data"] == [{"artist": "Nina"}]


def _commands(p: Player, _: Path) -> None:
    p.expect(flow.review)
    p.answer(delete={"words": [1]})
    assert p.donations["test-session-words"]["words"]["data"] == [{"word": "tea"}]


COMPANIONS: dict[tuple[str, str], Companion] = {
    ("README.md", "A study in 15 lines"): _readme,
    ("first-study.md", "How a script works"): _colours,
    ("prompts.md", "Texts in several languages"): _languages,
    ("prompts.md", "ask_file"): _ask_file,
    ("prompts.md", "ask_choice"): _ask_choice,
    ("prompts.md", "ask"): _ask,
    ("own-prompts.md", "Prompts of your own"): _own_prompt,
    ("prompts.md", "confirm"): _confirm,
    ("prompts.md", "show_text"): _show_text,
    ("prompts.md", "show_progress"): _show_progress,
    ("prompts.md", "review"): _review,
    ("prompts.md", "donate"): _donate,
    ("prompts.md", "log"): _log,
    ("prompts.md", "exit"): _exit,
    ("prompts.md", "Parts of a flow"): _parts,
    ("prompts.md", "For those who drive flows themselves"): _drive,
    ("files.md", "Nothing is read before you ask"): _lazily,
    ("files.md", "When code wants a path"): _by_path,
    ("files.md", "What can be wrong with a file"): _wrong_file,
    ("tables.md", "What you get"): _plays,
    ("testing-a-script.md", "Testing a script"): _export,
    ("protocol.md", "Scripts that yield commands themselves"): _commands,
}
