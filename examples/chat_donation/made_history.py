"""Makes up a YouTube watch history as Google Takeout writes it, and counts what is in it while it writes."""

from __future__ import annotations

import dataclasses
import html
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, TextIO

_PATHS = {
    "en": "Takeout/YouTube and YouTube Music/history/watch-history",
    "nl": "Takeout/YouTube en YouTube Music/geschiedenis/kijkgeschiedenis",
}
_ODD_CHANNELS = ("Tom & Mia <3", "Zoë's kitchen", "山の音楽", 'The "Real" Deal', "Feb 3, 2021")
_FIRST = ("Blue", "Quiet", "Daily", "Deep", "Little", "Northern", "Open", "Slow", "Two-minute", "Wild")
_SECOND = ("Physics", "Kitchen", "Guitar", "Garden", "News", "Maths", "Trains", "History", "Football", "Chess")
_TITLES = ("How to start", "May 5, 2020 vlog", "Episode [12]", "Why = matters & how", "Live: the final", "🎵 mix")
_MONTHS_NL = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_REMOVED = {"en": "Watched a video that has been removed", "nl": "Heeft een video bekeken die is verwijderd"}
_CELL = '<div class="content-cell mdl-cell mdl-cell--{width}-col mdl-typography--{kind}">'
_STYLE = "<style>" + ".mdl-cell{margin:8px;width:calc(50% - 16px)}\n" * 500 + "</style>"


@dataclasses.dataclass
class ChannelTruth:
    """How often a channel was truly watched. Days are ISO dates."""

    first: str
    last: str
    views: int = 0


@dataclasses.dataclass
class HistoryTruth:
    """What is truly in the history. ``days`` has views and advertisements, ``removed`` the videos that are gone."""

    days: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)
    channels: dict[str, ChannelTruth] = dataclasses.field(default_factory=dict)
    removed: ChannelTruth | None = None

    def count(self, entry: Entry) -> None:
        """Count an entry; they come newest first."""
        if entry.kind == "post":
            return
        day = entry.when.date().isoformat()
        views, ads = self.days.get(day, (0, 0))
        self.days[day] = (views, ads + 1) if entry.kind == "ad" else (views + 1, ads)
        if entry.kind == "removed":
            self.removed = self.removed or ChannelTruth(day, day)
            channel = self.removed
        elif entry.kind == "view":
            channel = self.channels.setdefault(entry.channel, ChannelTruth(day, day))
        else:
            return
        channel.views += 1
        channel.first = day


@dataclasses.dataclass(frozen=True)
class Entry:
    """One line of the history. ``kind`` is view, ad, removed or post."""

    kind: str
    video: str
    title: str
    channel: str
    when: datetime


def history_path(format: str, locale: str) -> str:
    """Where the history stands in the zip."""
    return f"{_PATHS[locale]}.{format}"


def write_history(out: TextIO, *, views: int, format: str, locale: str, seed: int) -> HistoryTruth:
    """Write a history of that many entries."""
    truth = HistoryTruth()
    write = _write_json if format == "json" else _write_html
    write(out, locale, _counted(_entries(views, Random(seed)), truth))
    return truth


def _counted(entries: Iterator[Entry], truth: HistoryTruth) -> Iterator[Entry]:
    for entry in entries:
        truth.count(entry)
        yield entry


def _entries(number: int, random: Random) -> Iterator[Entry]:
    channels = [*_ODD_CHANNELS, *(f"{first} {second}" for first in _FIRST for second in _SECOND)]
    channels += [f"{name} {n}" for n in range(2, 5) for name in channels[5:]]
    when = datetime(2024, 5, 31, 22, 0, 30)
    for _ in range(number):
        when -= timedelta(seconds=random.randrange(60, 8_000))
        share = random.random()
        kind = "ad" if share < 0.08 else "removed" if share < 0.12 else "post" if share < 0.15 else "view"
        channel = channels[int(len(channels) * random.random() ** 3)]
        video = "".join(random.choices("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789_-", k=11))
        yield Entry(kind, video, f"{random.choice(_TITLES)} {random.randrange(1_000)}", channel, when)


def _address(entry: Entry) -> str:
    return f"https://www.youtube.com/{'post/Ug' if entry.kind == 'post' else 'watch?v='}{entry.video}"


def _channel_address(entry: Entry) -> str:
    number = int.from_bytes(entry.channel.encode()[:8], "big")
    return f"https://www.youtube.com/channel/UC{number:022d}"


def _write_json(out: TextIO, locale: str, entries: Iterator[Entry]) -> None:
    out.write("[")
    for number, entry in enumerate(entries):
        text = json.dumps(_json_item(entry, locale), indent=2, ensure_ascii=False)
        # Google escapes these characters, so that the text can stand in a web page.
        for character in "=&<>'":
            text = text.replace(character, f"\\u{ord(character):04x}")
        out.write(f"{',' if number else ''}{text}")
    out.write("]\n")


def _json_item(entry: Entry, locale: str) -> dict[str, Any]:
    item: dict[str, Any] = {"header": "YouTube"}
    if entry.kind == "removed":
        item["title"] = _REMOVED[locale]
    else:
        verb = "Viewed" if entry.kind == "post" else "Watched"
        item["title"] = f"{verb} {entry.title}" if locale == "en" else f"{entry.title} bekeken"
        item["titleUrl"] = _address(entry)
        if entry.kind != "ad":
            item["subtitles"] = [{"name": entry.channel, "url": _channel_address(entry)}]
    item["time"] = f"{entry.when.isoformat()}.123Z"
    item["products"] = ["YouTube"]
    if entry.kind == "ad":
        item["details"] = [{"name": "From Google Ads"}]
    item["activityControls"] = ["YouTube watch history"]
    return item


def _write_html(out: TextIO, locale: str, entries: Iterator[Entry]) -> None:
    out.write(f'<html><head><title>History</title>{_STYLE}</head><body><div class="mdl-grid">')
    for entry in entries:
        out.write(_html_item(entry, locale))
    out.write("</div></body></html>")


def _html_item(entry: Entry, locale: str) -> str:
    when = _html_date(entry.when, locale)
    if entry.kind == "removed":
        what = f"{_REMOVED[locale]}<br>"
    else:
        link = f'<a href="{html.escape(_address(entry))}">{html.escape(entry.title)}</a>'
        verb = "Viewed" if entry.kind == "post" else "Watched"
        what = f"{verb}\u00a0{link}<br>" if locale == "en" else f"{link} bekeken<br>"
        if entry.kind != "ad":
            what += f'<a href="{_channel_address(entry)}">{html.escape(entry.channel)}</a><br>'
    details = "<b>Details:</b><br>\u2003From Google Ads<br>" if entry.kind == "ad" else ""
    return (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
        '<div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">YouTube<br></p></div>'
        f"{_CELL.format(width=6, kind='body-1')}{what}{when}<br></div>"
        f"{_CELL.format(width=12, kind='caption')}<b>Products:</b><br>\u2003YouTube<br>{details}"
        '<b>Why is this here?</b><br>\u2003See <a href="https://myaccount.google.com/">here</a>.</div></div></div>'
    )


def _html_date(when: datetime, locale: str) -> str:
    if locale == "nl":
        return f"{when.day} {_MONTHS_NL[when.month - 1]} {when.year}, {when:%H:%M:%S} CET"
    return f"{when:%b} {when.day}, {when.year}, {when.hour % 12 or 12}:{when:%M:%S}\u202f{when:%p} CET"
