"""The example studies, played through."""

from pathlib import Path

import pytest
from exports import zipped
from generate import write_whatsapp, write_youtube
from study import process

from sidestage import flow
from sidestage.testing import play

HELLO = Path(__file__).parents[2] / "examples" / "hello" / "study.py"


@pytest.mark.parametrize("style", ["ios", "android"])
def test_the_tables_of_a_chat(tmp_path: Path, style: str) -> None:
    path = tmp_path / "chat.zip"
    truth = write_whatsapp(path, messages=5_000, senders=8, style=style, media_mb=1)
    with play(process) as p:
        p.expect(flow.show_text).answer()
        p.expect(flow.ask_choice).answer("WhatsApp")
        p.expect(flow.ask_file).answer(file=path)
        p.expect(flow.ask_choice)
        assert all(name in p.text for name in truth.senders)
        p.answer("Team: Karim")
        p.expect(flow.review)
        assert not any(name in p.text + str(p.tables) for name in truth.senders)
        assert p.tables["per_day"] == [{"date": day, "messages": number} for day, number in truth.days.items()]
        others = iter(range(1, 8))
        assert p.tables["per_sender"] == [
            {
                "sender": "You" if name == "Team: Karim" else f"Person {next(others)}",
                "messages": sender.messages,
                "words": sender.words,
                "characters": sender.characters,
                "media": sender.media,
                "first": sender.first,
                "last": sender.last,
            }
            for name, sender in truth.senders.items()
        ]
        shown = p.tables
        p.answer(delete={"per_day": [0, 2]})
        p.expect(flow.show_text).answer()
        assert p.exit_code == 0
    assert p.donations["chats"]["per_sender"]["data"] == shown["per_sender"]
    assert p.donations["chats"]["per_day"]["data"] == [shown["per_day"][1], *shown["per_day"][3:]]
    assert p.donations["chats"]["per_day"]["metadata"] == {"deletedRowCount": 2}


def test_none_of_the_senders_is_the_participant(tmp_path: Path) -> None:
    write_whatsapp(tmp_path / "chat.zip", messages=100, senders=3)
    with play(process, locale="nl") as p:
        p.answer()
        p.answer("WhatsApp")
        p.answer(file=tmp_path / "chat.zip")
        p.answer("Geen van deze")
        p.expect(flow.review)
        assert [row["sender"] for row in p.tables["per_sender"]] == ["Person 1", "Person 2", "Person 3"]


def test_a_day_of_which_the_date_is_uncertain_is_told(tmp_path: Path) -> None:
    with play(process) as p:
        p.answer()
        p.answer("WhatsApp")
        p.answer(file=zipped({"_chat.txt": "[03/04/2023, 10:00:00] Jan: x\n"}), name="chat.zip")
        p.answer("Jan")
        p.expect(flow.review)
        assert "can be read in two ways; they were read as day/month/year" in p.text


@pytest.mark.parametrize("format", ["json", "html"])
def test_the_tables_of_a_history(tmp_path: Path, format: str) -> None:
    path = tmp_path / "takeout.zip"
    truth = write_youtube(path, views=20_000, format=format, locale="nl")
    with play(process) as p:
        p.answer()
        p.answer("YouTube")
        p.expect(flow.ask_file).answer(file=path)
        p.expect(flow.review)
        rows = p.tables["per_channel"]
        assert {row["channel"]: row["views"] for row in rows[1:] if row["channel"] in truth.channels} == {
            name: channel.views for name, channel in truth.channels.items() if name != rows[0]["channel"]
        }
        assert {row["date"]: (row["views"], row["ads"]) for row in p.tables["per_day"]} == truth.days
        percentages = [step.percentage or 0 for step in p.progress]
        assert percentages == sorted(set(percentages))
        assert len(percentages) > 20
        p.answer()
    assert p.donations["watch-history"]["per_channel"]["data"] == rows


def test_hello() -> None:
    with play(HELLO, locale="nl") as p:
        p.expect(flow.ask_choice).answer("Sam")
        p.expect(flow.confirm).answer(True)
        p.expect(flow.show_text).answer()
        assert p.exit_code == 0
    assert p.donations == {"name": {"name": "Sam"}}


def test_hello_declined() -> None:
    with play(HELLO) as p:
        p.answer("Alex").answer(False)
        p.expect(flow.show_text)
    assert p.donations == {}
