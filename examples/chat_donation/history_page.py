"""Reads the HTML variant of a YouTube history, piece by piece."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import TextIO

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mrt maa", "apr", "may mei", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec"), start=1
    )
    for name in names.split()
}
# "Dec 31, 2023, 11:59:01 PM CET", "31 Dec 2023, 23:59:01 CET", "31 dec. 2023 23:59:01 CET"
_MONTH_FIRST = re.compile(r"\s*([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})\b")
_DAY_FIRST = re.compile(r"\s*(\d{1,2})\.?\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})\b")


@dataclasses.dataclass(slots=True)
class Part:
    """What stands in one box of the page. ``address`` is the video's, ``day`` is None where no date could be read."""

    address: str | None = None
    channel: str | None = None
    day: date | None = None
    is_ad: bool = False


def read_page(text: TextIO, piece: int = 1 << 16) -> Iterator[Part]:
    """The boxes of the page, in its order."""
    parser = _Parser()
    while characters := text.read(piece):
        parser.feed(characters)
        yield from parser.finished
        parser.finished.clear()
    parser.close()
    parser.end_box()
    yield from parser.finished


def read_date(text: str) -> date | None:
    """The day in a date with a month's name, English or Dutch; None where there is none."""
    if match := _MONTH_FIRST.match(text):
        name, day, year = match.groups()
    elif match := _DAY_FIRST.match(text):
        day, name, year = match.groups()
    else:
        return None
    try:
        return date(int(year), _MONTHS[name.lower()], int(day))
    except (KeyError, ValueError):
        return None


class _Parser(HTMLParser):
    """A box is an ``outer-cell``: first a link to the video, then one to the channel, then the date."""

    def __init__(self) -> None:
        super().__init__()
        self.finished: list[Part] = []
        self._part: Part | None = None
        self._links = 0
        self._in_link = False
        # A text may come in several pieces; it is complete at the next tag.
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_text()
        if tag == "div" and "outer-cell" in (dict(attrs).get("class") or ""):
            self.end_box()
            self._part = Part()
        elif tag == "a" and self._part is not None and self._part.day is None:
            self._in_link = True
            self._links += 1
            if self._links == 1:
                self._part.address = dict(attrs).get("href")

    def handle_endtag(self, tag: str) -> None:
        self._end_text()
        if tag == "a":
            self._in_link = False

    def handle_data(self, data: str) -> None:
        if self._part is not None:
            self._text.append(data)

    def _end_text(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if self._part is None or not text:
            return
        if self._in_link:
            if self._links == 2:
                self._part.channel = text
        elif self._part.day is None:
            self._part.day = read_date(text)
        elif "Google Ads" in text:
            self._part.is_ad = True

    def end_box(self) -> None:
        """Hand over the box that was being read."""
        self._end_text()
        if self._part is not None:
            self.finished.append(self._part)
        self._part = None
        self._links = 0
        self._in_link = False
