"""The chat donation as a participant lives through it, and as the researcher then finds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tools.serving import Server, start_server

from .chat_study import (
    CHANNELS,
    DAYS,
    EXAMPLE,
    SENDERS,
    agree,
    channels_of,
    days_of,
    open_review,
    senders_of,
    viewed_days_of,
    write_whatsapp,
    write_youtube,
)
from .participant import console, count_text, donations, log_lines, press, shown_rows, table, wait_for_heading


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server("run", EXAMPLE / "study.py", data=tmp_path_factory.mktemp("chat") / "data")
    yield server
    server.stop()


@pytest.mark.parametrize("style", ["ios", "android"])
def test_a_chat_is_donated_as_it_was_shown_without_what_was_deleted(
    page: Page, server: Server, tmp_path: Path, style: str
) -> None:
    truth = write_whatsapp(tmp_path / "chat.zip", messages=5_000, senders=8, style=style, media_mb=1)
    participant = "Team: Karim"
    days, senders = days_of(truth), senders_of(truth, participant)
    session = open_review(page, server, "WhatsApp", tmp_path / "chat.zip", participant)

    per_day = table(page, DAYS)
    expect(per_day.get_by_text(count_text(len(days), 0))).to_be_visible()
    as_read = [[str(value) for value in row.values()] for row in senders]
    assert [[text.replace(",", "") for text in row] for row in shown_rows(page, SENDERS)] == as_read
    assert not any(name in page.locator("main").aria_snapshot() for name in truth.senders)

    # Three found by their month and one by hand go; two of them come back.
    month = days[40]["date"][:7]
    of_month = [row for row in days if row["date"].startswith(month)]
    per_day.get_by_label(f"Search in {DAYS}").fill(month)
    expect(per_day.get_by_text(f"{len(of_month)} rows found")).to_be_visible()
    per_day.get_by_label("Select all rows found").check()
    expect(per_day.get_by_text(f"{len(of_month)} selected")).to_be_visible()
    per_day.get_by_role("button", name="Delete selected").click()
    expect(per_day.get_by_text("No row contains this text.")).to_be_visible()
    expect(per_day.get_by_text(count_text(len(days) - len(of_month), len(of_month)))).to_be_visible()
    per_day.get_by_label(f"Search in {DAYS}").fill("")
    for row in ("1", "3"):
        per_day.get_by_role("checkbox", name=f"Select row {row}", exact=True).check()
        per_day.get_by_role("button", name="Delete selected").click()
    per_day.get_by_role("button", name="Undo").click()
    expect(per_day.get_by_text(count_text(len(days) - len(of_month) - 1, len(of_month) + 1))).to_be_visible()
    kept = [row for row in days[1:] if row not in of_month]
    first_rows = [[text.replace(",", "") for text in row] for row in shown_rows(page, DAYS)[:5]]
    assert first_rows == [[row["date"], str(row["messages"])] for row in kept[:5]]
    agree(page)

    [donation] = donations(server.data, session)
    assert donation.key == "chats"
    assert donation.data == {
        "per_day": {"data": kept, "metadata": {"deletedRowCount": len(of_month) + 1}},
        "per_sender": {"data": senders, "metadata": {"deletedRowCount": 0}},
    }
    assert console(page) == []


@pytest.mark.parametrize(("format", "views"), [("json", 20_000), ("html", 2_000)])
def test_a_history_is_donated_as_it_was_shown(
    page: Page, server: Server, tmp_path: Path, format: str, views: int
) -> None:
    truth = write_youtube(tmp_path / "takeout.zip", views=views, format=format)
    channels, days = channels_of(truth), viewed_days_of(truth)
    session = open_review(page, server, "YouTube", tmp_path / "takeout.zip")
    per_channel = table(page, CHANNELS)
    expect(per_channel.get_by_text(count_text(len(channels), 0))).to_be_visible()
    per_channel.get_by_label(f"Search in {CHANNELS}").fill('"real" deal')
    expect(per_channel.get_by_text("1 row found")).to_be_visible()
    assert [row[0] for row in shown_rows(page, CHANNELS)] == ['The "Real" Deal']
    per_channel.get_by_label("Select all rows found").check()
    per_channel.get_by_role("button", name="Delete selected").click()
    expect(per_channel.get_by_text(count_text(len(channels) - 1, 1))).to_be_visible()
    agree(page)
    [donation] = donations(server.data, session)
    assert donation.key == "watch-history"
    kept = [row for row in channels if row["channel"] != 'The "Real" Deal']
    assert donation.data["per_channel"] == {"data": kept, "metadata": {"deletedRowCount": 1}}
    assert donation.data["per_day"] == {"data": days, "metadata": {"deletedRowCount": 0}}
    assert console(page) == []


def test_who_declines_donates_nothing(page: Page, server: Server, tmp_path: Path) -> None:
    write_whatsapp(tmp_path / "chat.zip", messages=300, senders=4)
    session = open_review(page, server, "WhatsApp", tmp_path / "chat.zip", "Anna")
    press(page, "No, do not donate")
    expect(page.get_by_text("Nothing was sent.")).to_be_visible()
    press(page, "Continue")
    wait_for_heading(page, "Thank you")
    assert donations(server.data, session) == []
    assert ("info", "the participant declined at the review") in log_lines(server.data, session)
    assert console(page) == []
