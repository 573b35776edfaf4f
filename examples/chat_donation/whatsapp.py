"""Reads a WhatsApp chat export: who wrote how much, and when. Never keeps what was written.

A chat is one long text, ``_chat.txt`` from an iPhone or ``WhatsApp Chat with ....txt`` from Android. It is read line by
line, so that a chat of any length needs little memory.

What counts:
- A message is what a person sent: a text of one line or more, a photo, a deleted message.
- WhatsApp's own lines (the encryption notice, who joined, a new subject, calls) are not messages.
- Words and characters are those that a person typed, captions too; a deleted message has none. Spaces, line breaks,
  invisible direction marks, file names and "<This message was edited>" are not counted.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from datetime import date
from typing import Literal, TextIO

from archive import Archive, ExportError

DateOrder = Literal["day", "month", "year"]


class NoChat(ExportError):
    """The zip holds no chat."""

    en = (
        "There is no WhatsApp chat in this zip file. In WhatsApp, open a chat, choose Export chat, "
        "and choose the zip file that it makes."
    )
    nl = (
        "Er zit geen WhatsApp-chat in dit zip-bestand. Open in WhatsApp een chat, kies Exporteer chat "
        "en kies het zip-bestand dat dat oplevert."
    )


class SeveralChats(ExportError):
    """The zip holds more chats than one."""

    en = "There is more than one chat in this zip file. Choose a zip file of one chat, as WhatsApp made it."
    nl = "Er zit meer dan één chat in dit zip-bestand. Kies een zip-bestand van één chat, zoals WhatsApp het maakte."


class NoMessages(ExportError):
    """The chat has no messages."""

    en = "There are no messages in this chat. Export a chat in which messages were sent, and choose that zip file."
    nl = "Er staan geen berichten in deze chat. Exporteer een chat met berichten en kies dat zip-bestand."


@dataclasses.dataclass(slots=True)
class Sender:
    """What one person sent."""

    first: date
    last: date
    messages: int = 0
    words: int = 0
    characters: int = 0
    media: int = 0

    def add(self, other: Sender) -> None:
        """Count the other's messages as this one's."""
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.messages += other.messages
        self.words += other.words
        self.characters += other.characters
        self.media += other.media


@dataclasses.dataclass(frozen=True)
class Chat:
    """A chat in numbers. ``senders`` are in the order in which they first wrote, ``days`` by date."""

    days: dict[date, int]
    senders: dict[str, Sender]
    layout: Layout


@dataclasses.dataclass(frozen=True)
class Layout:
    """How the lines of one export begin. Not ``certain`` when its dates can be read in two ways."""

    style: Literal["ios", "android"]
    order: DateOrder
    certain: bool


# Invisible marks that WhatsApp puts around names, phone numbers and its own words, to keep the reading direction.
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_WITHOUT_MARKS = dict.fromkeys(map(ord, _MARKS))

# \s also stands for the narrow space (U+202F) that newer phones put before AM and PM.
_DATE = r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?"
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(\s?[AaPp]\.?\s?[Mm]\.?)?"
_HEADS = {
    "ios": re.compile(rf"[{_MARKS}]*\[{_DATE},?\s{_TIME}\]\s?"),
    "android": re.compile(rf"[{_MARKS}]*{_DATE},?\s{_TIME}\s[-\u2013]\s"),
}

# WhatsApp's lines without a sender that quote a text, in which a colon may look like the end of a name.
_SYSTEM_HEAD = re.compile(
    r"\b(created (?:the )?group|changed (?:the|this) (?:group|subject)|pinned a message"
    r"|heeft (?:de |deze )?groep|heeft (?:de groepsnaam|het onderwerp|de groepsbeschrijving)|end-to-end)\b",
    re.IGNORECASE,
)
_SYSTEM_TEXT = re.compile(
    r"(?:Messages and calls are|Messages you send to this|Berichten en oproepen zijn|Berichten die je naar de)\b"
)
# Texts that begin with a mark like WhatsApp's own lines, but that a person sent.
_SENT_WITH_MARK = re.compile(r"\u200e(?:POLL|PEILING|ENQU[EÊ]TE|Location|Locatie|Live location|Live locatie)\b", re.I)
_DELETED = re.compile(
    r"\u200e?(?:You deleted this message|This message was deleted|Dit bericht (?:is|werd) verwijderd"
    r"|(?:Je|U) (?:hebt|heeft) dit bericht verwijderd)"
    r"(?: (?:by admin|door beheerder) .+)?\.?$"
)
_EDITED = re.compile(r"\s*\u200e?<(?:This message was edited|Dit bericht is bewerkt)>\s*$")
_GONE = r"(?:omitted|weggelaten)"
_MEDIA = re.compile(
    # A document goes by its name and number of pages; neither was typed.
    rf"^.*\u200edocument {_GONE}$"
    r"|^.* • \u200e[^\u200e]*\u200e<[^<>:]{3,20}: [^<>]+>"
    r"|(?:^|\u200e)<[^<>:]{3,20}: [^<>]+\.\w{1,5}>"
    rf"|^\u200e?<[^<>]*\b{_GONE}>$"
    rf"|\u200e[^\u200e]{{2,40}} {_GONE}$"
    rf"|^(?:image|video|audio|GIF|sticker|Contact card|video note|afbeelding|contactkaart|videobericht) {_GONE}$"
    r"|^\u200e?[A-Z]{3}-\d{8}-WA\d+\.\w+ \([^()]+\)$"
    r"|^\u200e?\S.*\.\w{1,5} \((?:file attached|bestand bijgevoegd)\)$",
)


def find_chat(archive: Archive) -> str:
    """The name of the one chat in the zip: by its usual names, else any text that begins like a chat."""
    texts = [name for name in archive.names if name.lower().endswith(".txt")]
    usual = [name for name in texts if name.rsplit("/", 1)[-1] == "_chat.txt"]
    usual = usual or [name for name in texts if name.rsplit("/", 1)[-1].startswith("WhatsApp")]
    found = usual or [name for name in texts if survey(archive.beginning(name).splitlines()) is not None]
    if not found:
        raise NoChat
    if len(found) > 1:
        raise SeveralChats
    return found[0]


def read_chat(archive: Archive, name: str) -> Generator[float, None, Chat]:
    """Read the chat; yields now and then which fraction is done, and returns the chat."""
    with archive.open(name).text() as text:
        layout = survey(_lines(text))
    if layout is None:
        raise NoMessages
    counter = _Counter(layout)
    member = archive.open(name)
    with member.text() as text:
        for number, line in enumerate(_lines(text)):
            if number % 1000 == 0:
                yield member.fraction
            counter.take(line)
    return counter.chat()


def survey(lines: Iterable[str]) -> Layout | None:
    """Find out how the lines begin and in which order their dates are written; None where no line begins like a chat's.

    A number above 12 settles it, mostly within a few lines. Where no number does, the order wins in which
    the dates run forward. Where that does not tell either, a 12-hour clock with slashes, as in the United States, means
    month first, and anything else day first.
    """
    style: Literal["ios", "android"] | None = None
    previous: tuple[int, int, int] | None = None
    backwards: Counter[DateOrder] = Counter()
    american = False
    for line in lines:
        match = _HEADS[style].match(line) if style else _HEADS["ios"].match(line) or _HEADS["android"].match(line)
        if match is None:
            continue
        style = style or ("ios" if match.re is _HEADS["ios"] else "android")
        a, b, c = int(match[1]), int(match[3]), int(match[4])
        order = _evident_order(match[1], b)
        if order:
            return Layout(style, order, certain=True)
        if previous is not None:
            backwards["day"] += (c, b, a) < (previous[2], previous[1], previous[0])
            backwards["month"] += (c, a, b) < (previous[2], previous[0], previous[1])
        previous = (a, b, c)
        american = match[2] == "/" and match[5] is not None
    if style is None:
        return None
    if backwards["day"] != backwards["month"]:
        return Layout(style, "day" if backwards["day"] < backwards["month"] else "month", certain=True)
    return Layout(style, "month" if american else "day", certain=False)


def _evident_order(first: str, second: int) -> DateOrder | None:
    if len(first) > 2 or int(first) > 31:
        return "year"
    if int(first) > 12:
        return "day"
    return "month" if second > 12 else None


def _lines(text: TextIO) -> Iterator[str]:
    """The lines of a text, in pieces where one is so long that it would fill the memory."""
    return iter(lambda: text.readline(1 << 16), "")


class _Counter:
    """Takes the lines of a chat one by one and counts.

    A name may hold a colon itself ("Team: Jan"), so a message whose text has a colon too is first counted under its
    name and the words up to that colon; ``chat`` decides at the end which of them were names.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._head = _HEADS[layout.style]
        self._dates: dict[tuple[str, str, str], date | None] = {}
        self._days: Counter[date] = Counter()
        self._senders: dict[tuple[str, str], Sender] = {}
        self._system_heads: dict[str, bool] = {}
        self._current: Sender | None = None
        self._has_media = False

    def take(self, line: str) -> None:
        """Count a line: the first of a message, or one more of the message before it."""
        line = line.rstrip("\r\n")
        match = self._head.match(line)
        day = self._date(match[1], match[3], match[4]) if match else None
        if match is None or day is None:
            if self._current is not None:
                self._add_text(self._current, line)
            return
        self._current = None
        name, colon, text = line[match.end() :].partition(": ")
        if not colon and name.endswith(":"):
            name, colon, text = name[:-1], ":", ""
        if not colon or self._is_system_head(name):
            return
        second, colon, rest = text.partition(": ")
        if colon and len(second) <= 40 and second.isprintable() and not second.startswith("<"):
            text = rest
        else:
            second = ""
        self._begin(name, second, text, day)

    def _begin(self, name: str, second: str, text: str, day: date) -> None:
        self._has_media = False
        deleted = _DELETED.match(text) is not None
        if not deleted and _is_system_text(text):
            return
        key = (name, second)
        sender = self._senders.get(key)
        if sender is None:
            sender = self._senders[key] = Sender(day, day)
        sender.first, sender.last = min(sender.first, day), max(sender.last, day)
        sender.messages += 1
        self._days[day] += 1
        if not deleted:
            self._current = sender
            self._add_text(sender, text)

    def _add_text(self, sender: Sender, text: str) -> None:
        if "\u200e" in text or text.endswith((">", ")", "omitted", "weggelaten")):
            text = _EDITED.sub("", text)
            written = _MEDIA.sub("", text)
            if written != text:
                sender.media += not self._has_media
                self._has_media = True
                text = written
        if not text.isascii():
            text = text.translate(_WITHOUT_MARKS)
        words = text.split()
        sender.words += len(words)
        sender.characters += sum(map(len, words))

    def _date(self, a: str, b: str, c: str) -> date | None:
        key = (a, b, c)
        if key not in self._dates:
            self._dates[key] = _to_date(int(a), int(b), int(c), self._layout.order)
        return self._dates[key]

    def _is_system_head(self, name: str) -> bool:
        if name not in self._system_heads:
            self._system_heads[name] = len(name) > 100 or _SYSTEM_HEAD.search(name) is not None
        return self._system_heads[name]

    def chat(self) -> Chat:
        """What was counted."""
        if not self._senders:
            raise NoMessages
        by_name: dict[str, dict[str, Sender]] = {}
        for (name, second), sender in self._senders.items():
            by_name.setdefault(name, {})[second] = sender
        senders: dict[str, Sender] = {}
        for (name, second), sender in self._senders.items():
            parts = by_name[name]
            if _is_part_of_name(parts):
                full, counted = f"{name}: {second}" if second else name, sender
            else:
                full, counted = name, _with_words_of(second, sender)
            full = " ".join(full.translate(_WITHOUT_MARKS).split()) or "?"
            if full in senders:
                senders[full].add(counted)
            else:
                senders[full] = counted
        return Chat(dict(sorted(self._days.items())), senders, self._layout)


def _is_system_text(text: str) -> bool:
    if text.startswith("\u200e"):
        return not (_MEDIA.search(text) or _SENT_WITH_MARK.match(text) or _EDITED.match(text))
    return _SYSTEM_TEXT.match(text) is not None


def _is_part_of_name(seconds: dict[str, Sender]) -> bool:
    """Whether what stands before a second colon belongs to the name: it is hardly ever absent, and it recurs."""
    everything = sum(sender.messages for sender in seconds.values())
    without = seconds[""].messages if "" in seconds else 0
    return everything >= 20 * without and everything >= 3 * len(seconds)


def _with_words_of(second: str, sender: Sender) -> Sender:
    """Count what stood before a colon as words of the text after all."""
    if not second:
        return sender
    words = f"{second}:".split()
    return dataclasses.replace(
        sender,
        words=sender.words + sender.messages * len(words),
        characters=sender.characters + sender.messages * sum(map(len, words)),
    )


def _to_date(a: int, b: int, c: int, order: DateOrder) -> date | None:
    year, month, day = {"day": (c, b, a), "month": (c, a, b), "year": (a, b, c)}[order]
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
