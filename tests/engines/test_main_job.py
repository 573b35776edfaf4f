"""The main job in every engine: a file of one's own is read, looked at, and donated without what was deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.chat_study import EXAMPLE, days_of, senders_of, write_whatsapp
from tests.browser.participant import count_text, donations
from tools.serving import Server

from .visitor import Visitor


def test_a_chat_is_donated_as_it_was_shown_without_the_row_that_was_deleted(
    visitor: Visitor, serve: Callable[..., Server], tmp_path: Path
) -> None:
    server = serve(EXAMPLE / "study.py")
    truth = write_whatsapp(tmp_path / "chat.zip", messages=600, senders=4, media_mb=1)
    days = days_of(truth)
    visitor.open(server.url)
    visitor.click("Continue")
    visitor.click("WhatsApp")
    visitor.click("Continue")
    visitor.upload(tmp_path / "chat.zip")
    visitor.wait_for("chat.zip")
    visitor.click("Continue")
    visitor.click("Anna")
    visitor.click("Continue")
    visitor.wait_for(count_text(len(days), 0))
    visitor.click("Select row 2")
    visitor.click("Delete selected")
    visitor.wait_for(count_text(len(days) - 1, 1))
    visitor.click("Yes, donate")
    visitor.wait_for("Your data have been donated.")
    visitor.click("Continue")
    visitor.wait_for("Thank you")

    [donation] = donations(server.data)
    assert donation.data == {
        "per_day": {"data": [days[0], *days[2:]], "metadata": {"deletedRowCount": 1}},
        "per_sender": {"data": senders_of(truth, "Anna"), "metadata": {"deletedRowCount": 0}},
    }
