"""The study of ``examples/chat_donation`` on a page, and what is truly in the exports that its generator makes."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.conftest import REPOSITORY
from tools.serving import Server

from .participant import choose, choose_file, open_study, press, wait_for_heading

EXAMPLE = REPOSITORY / "examples/chat_donation"
if str(EXAMPLE) not in sys.path:
    sys.path.insert(0, str(EXAMPLE))

from generate import write_whatsapp, write_youtube  # noqa: E402
from made_chat import ChatTruth  # noqa: E402
from made_history import HistoryTruth  # noqa: E402
from youtube import NO_CHANNEL  # noqa: E402

__all__ = ["EXAMPLE", "ChatTruth", "HistoryTruth", "write_whatsapp", "write_youtube"]

DAYS, SENDERS, CHANNELS = "Messages per day", "Messages per sender", "Videos per channel"


def open_review(page: Page, server: Server, platform: str, export: Path, participant: str | None = None) -> str:
    """Go from the first page to the tables."""
    session = open_study(page, server)
    press(page, "Continue")
    choose(page, platform)
    choose_file(page, export)
    if participant:
        choose(page, participant)
    return session


def agree(page: Page) -> None:
    donated = page.get_by_text("Your data have been donated.")
    press(page, "Yes, donate")
    with contextlib.suppress(PlaywrightTimeout):
        donated.wait_for(timeout=10_000)
    if not donated.is_visible():
        # The page takes no notice of a click that comes when it has just moved.
        press(page, "Yes, donate")
    expect(donated).to_be_visible()
    press(page, "Continue")
    wait_for_heading(page, "Thank you")


def days_of(truth: ChatTruth) -> list[dict[str, Any]]:
    return [{"date": day, "messages": count} for day, count in truth.days.items()]


def senders_of(truth: ChatTruth, participant: str) -> list[dict[str, Any]]:
    others = iter(range(1, len(truth.senders) + 1))
    return [
        {
            "sender": "You" if name == participant else f"Person {next(others)}",
            "messages": sender.messages,
            "words": sender.words,
            "characters": sender.characters,
            "media": sender.media,
            "first": sender.first,
            "last": sender.last,
        }
        for name, sender in truth.senders.items()
    ]


def channels_of(truth: HistoryTruth) -> list[dict[str, Any]]:
    counted = dict(truth.channels)
    if truth.removed:
        counted[NO_CHANNEL] = truth.removed
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1].views, pair[0]))
    return [
        {"channel": name, "views": channel.views, "first": channel.first, "last": channel.last}
        for name, channel in ordered
    ]


def viewed_days_of(truth: HistoryTruth) -> list[dict[str, Any]]:
    return [{"date": day, "views": views, "ads": ads} for day, (views, ads) in sorted(truth.days.items())]
