"""Play the study through without a browser: run ``pytest`` in this folder."""

from pathlib import Path

from generate import write_whatsapp, write_youtube
from study import process

from sidestage import flow
from sidestage.testing import Player, play


def choose_platform(p: Player, platform: str) -> None:
    """Go from the welcome to the question for a file."""
    p.expect(flow.show_text)
    p.answer()
    p.expect(flow.ask_choice)
    p.answer(platform)
    p.expect(flow.ask_file)


def test_what_is_left_of_the_chat_is_donated_without_names(tmp_path: Path) -> None:
    """A participant deletes a row, agrees, and donates the rest."""
    truth = write_whatsapp(tmp_path / "chat.zip", messages=500, senders=4)
    with play(process) as p:
        choose_platform(p, "WhatsApp")
        p.answer(file=tmp_path / "chat.zip")
        p.expect(flow.ask_choice)
        p.answer("Anna")
        p.expect(flow.review)
        p.answer(delete={"per_sender": [0]})
        p.expect(flow.show_text)
        p.answer()
        assert p.exit_code == 0
    senders = p.donations["chats"]["per_sender"]
    assert senders["metadata"]["deletedRowCount"] == 1
    assert len(senders["data"]) == 3
    assert not any(name in str(p.donations) for name in truth.senders)


def test_a_history_is_donated(tmp_path: Path) -> None:
    """The days donated are those of the history."""
    truth = write_youtube(tmp_path / "takeout.zip", views=500, locale="nl")
    with play(process, locale="nl") as p:
        choose_platform(p, "YouTube")
        p.answer(file=tmp_path / "takeout.zip")
        p.expect(flow.review)
        p.answer()
    days = p.donations["watch-history"]["per_day"]["data"]
    assert {row["date"]: (row["views"], row["ads"]) for row in days} == truth.days


def test_who_declines_donates_nothing(tmp_path: Path) -> None:
    """Nothing about the data leaves the browser."""
    write_whatsapp(tmp_path / "chat.zip", messages=50)
    with play(process) as p:
        choose_platform(p, "WhatsApp")
        p.answer(file=tmp_path / "chat.zip")
        p.answer("None of these")
        p.expect(flow.review)
        p.answer(agree=False)
        p.expect(flow.show_text)
        assert "Nothing was sent" in p.text
    assert p.donations == {}


def test_the_wrong_export_can_be_replaced(tmp_path: Path) -> None:
    """The page says whose export it is, and asks again."""
    write_youtube(tmp_path / "takeout.zip", views=50)
    write_whatsapp(tmp_path / "chat.zip", messages=50)
    with play(process) as p:
        choose_platform(p, "WhatsApp")
        p.answer(file=tmp_path / "takeout.zip")
        p.expect(flow.confirm)
        assert "an export of YouTube, not of WhatsApp" in p.text
        p.answer(True)
        p.expect(flow.ask_file)
        p.answer(file=tmp_path / "chat.zip")
        p.expect(flow.ask_choice)
