"""Reads the watch history in a Google Takeout of YouTube: how often which channel was watched, and when.

The history is ``watch-history.json`` or ``watch-history.html`` in a folder that is named in the participant's language.
Both are read piece by piece, so that a history of any length needs little memory.

What counts:
- A view is a video that was watched. Advertisements are counted apart; community posts and the like are not counted.
- A video that was removed since, or is private, has no channel any more; its views are those of ``NO_CHANNEL``.
- Days are those of the export: UTC in the JSON variant, the participant's own time in the HTML variant.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Generator, Iterator
from datetime import date
from typing import Any, TextIO

import json_stream
from archive import Archive, ExportError
from history_page import read_page

#: Stands for the channel of a video that is not there any more.
NO_CHANNEL = "(removed or private video)"

_NAMES = re.compile(
    r"(^|/)(watch-history|kijkgeschiedenis|wiedergabeverlauf|historique des vidéos regardées"
    r"|historial de reproducciones|cronologia visualizzazioni|histórico de visualização)\.(json|html)$",
    re.IGNORECASE,
)
# How a history of a language not named above begins; Google writes "=" as "\u003d".
_WATCHED = re.compile(r"youtube\.com/watch\?v(=|\\u003d)")


class NoHistory(ExportError):
    """The zip is Google's or unknown, and holds no watch history."""

    en = (
        "There is no YouTube watch history in this zip file. If Google sent you several zip files, choose another one. "
        "Otherwise make a new export at takeout.google.com with YouTube, and with its history, selected."
    )
    nl = (
        "Er zit geen YouTube-kijkgeschiedenis in dit zip-bestand. Stuurde Google je meer dan één zip, kies dan een "
        "andere. Maak anders op takeout.google.com een nieuwe export met YouTube en zijn geschiedenis aangevinkt."
    )


class SeveralHistories(ExportError):
    """The zip holds more histories than one."""

    en = "There is more than one watch history in this zip file. Choose one zip file, as Google made it."
    nl = "Er zit meer dan één kijkgeschiedenis in dit zip-bestand. Kies één zip-bestand, zoals Google het maakte."


class BrokenHistory(ExportError):
    """The history is not what Google makes."""

    en = (
        "The watch history in this zip file is damaged or not complete. "
        "Make a new export at takeout.google.com and choose the new zip file."
    )
    nl = (
        "De kijkgeschiedenis in dit zip-bestand is beschadigd of niet compleet. "
        "Maak op takeout.google.com een nieuwe export en kies het nieuwe zip-bestand."
    )


class NoViews(ExportError):
    """The history is empty."""

    en = (
        "There are no watched videos in this history. "
        "If YouTube keeps no history for you, you cannot take part with it."
    )
    nl = (
        "Er staan geen bekeken video's in deze geschiedenis. "
        "Als YouTube voor jou geen geschiedenis bijhoudt, kun je er niet mee meedoen."
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. ``channel`` is None where the video is gone."""

    channel: str | None
    day: date
    is_ad: bool = False


@dataclasses.dataclass(slots=True)
class Channel:
    """How often a channel was watched."""

    first: date
    last: date
    views: int = 0


@dataclasses.dataclass(slots=True)
class Day:
    """What was watched in a day."""

    views: int = 0
    ads: int = 0


@dataclasses.dataclass(slots=True)
class History:
    """A history in numbers. ``undated`` counts the entries whose date could not be read; they are in neither table."""

    days: dict[date, Day] = dataclasses.field(default_factory=dict)
    channels: dict[str, Channel] = dataclasses.field(default_factory=dict)
    undated: int = 0

    def count(self, entry: Entry | None) -> None:
        """Count an entry; None is one whose date could not be read."""
        if entry is None:
            self.undated += 1
            return
        day = self.days.setdefault(entry.day, Day())
        if entry.is_ad:
            day.ads += 1
            return
        day.views += 1
        channel = self.channels.setdefault(entry.channel or NO_CHANNEL, Channel(entry.day, entry.day))
        channel.views += 1
        channel.first, channel.last = min(channel.first, entry.day), max(channel.last, entry.day)


def find_history(archive: Archive) -> str:
    """The name of the history in the zip: by its usual names, else by how it begins. JSON goes before HTML."""
    found = [name for name in archive.names if _NAMES.search(name)]
    found = found or [name for name in archive.names if _may_be_history(name) and _begins_so(archive, name)]
    found = [name for name in found if name.lower().endswith(".json")] or found
    if not found:
        raise NoHistory
    if len(found) > 1:
        raise SeveralHistories
    return found[0]


def _may_be_history(name: str) -> bool:
    return "youtube" in name.lower() and name.lower().endswith((".json", ".html"))


def _begins_so(archive: Archive, name: str) -> bool:
    # An HTML history begins with some 150,000 characters of style.
    length = 1 << 14 if name.lower().endswith(".json") else 1 << 18
    return _WATCHED.search(archive.beginning(name, length)) is not None


def read_history(archive: Archive, name: str) -> Generator[float, None, History]:
    """Read the history; yields now and then which fraction is done, and returns the history."""
    history = History()
    member = archive.open(name)
    entries: Callable[[TextIO], Iterator[Entry | None]] = _read_json if name.lower().endswith(".json") else _read_html
    with member.text() as text:
        for number, entry in enumerate(entries(text)):
            if number % 500 == 0:
                yield member.fraction
            history.count(entry)
    if not history.channels and not history.days:
        raise (BrokenHistory if history.undated else NoViews)
    history.days = dict(sorted(history.days.items()))
    history.channels = dict(sorted(history.channels.items(), key=lambda pair: (-pair[1].views, pair[0])))
    return history


def _read_json(text: TextIO) -> Iterator[Entry | None]:
    try:
        for item in json_stream.read_array(text):
            if isinstance(item, dict) and _was_watched(item):
                yield _json_entry(item)
    except json_stream.BrokenJSON as error:
        raise BrokenHistory from error


def _was_watched(item: dict[str, Any]) -> bool:
    """Not a community post, a search or a survey. A video that is gone may have no address at all."""
    return _is_video(item.get("titleUrl")) and "time" in item


def _is_video(address: Any) -> bool:
    return address is None or (isinstance(address, str) and ("/watch?v=" in address or "/shorts/" in address))


def _json_entry(item: dict[str, Any]) -> Entry | None:
    try:
        day = date.fromisoformat(item["time"][:10])
        is_ad = any("Google Ads" in detail["name"] for detail in item.get("details", ()))
        channels = item.get("subtitles") or ()
        return Entry(str(channels[0]["name"]) if channels else None, day, is_ad)
    except (TypeError, KeyError, ValueError, IndexError):
        return None


def _read_html(text: TextIO) -> Iterator[Entry | None]:
    for part in read_page(text):
        if _is_video(part.address):
            yield Entry(part.channel, part.day, part.is_ad) if part.day else None
