"""Makes up a WhatsApp chat, with the oddities of real ones, and counts what is in it while it writes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import TextIO

_NAMES = ("Anna", "Bram de Vries", "+31 6 12345678", "Noor 🌻", "O'Neil, Pat", "דנה", "Team: Karim", "~ Zoë")
_WORDS = [
    *(
        "the",
        "plan",
        "for",
        "tomorrow",
        "is",
        "fine",
        "but",
        "maybe",
        "we",
        "should",
        "leave",
        "later",
        "because",
        "rain",
    ),
    *(
        "at",
        "10:30",
        "25/12/2023",
        "haha",
        "😂",
        "☕",
        "https://example.org/route?a=b",
        "note:",
        "sure:",
        "I'll",
        "(some)",
    ),
    *("[seriously]", "100%", "<3", "ok?", "yes!", "שלום", "déjà", "vu", "who", "drives", "no"),
]
_MARK = "\u200e"

#: WhatsApp's own words, per language.
_PHRASES = {
    "en": {
        "encrypted": "Messages and calls are end-to-end encrypted. Only people in this chat can read them.",
        "subject": 'changed the group name from "Climbing: spring" to "Climbing: summer"',
        "added": "added Sam",
        "deleted": "This message was deleted",
        "edited": "<This message was edited>",
        "attached": "attached",
        "file attached": "file attached",
        "omitted": "<Media omitted>",
        "image omitted": "image omitted",
    },
    "nl": {
        "encrypted": "Berichten en oproepen zijn end-to-end versleuteld. Alleen mensen in deze chat kunnen ze lezen.",
        "subject": "heeft de groepsnaam gewijzigd van 'Klimmen: lente' naar 'Klimmen: zomer'",
        "added": "heeft Sam toegevoegd",
        "deleted": "Dit bericht is verwijderd",
        "edited": "<Dit bericht is bewerkt>",
        "attached": "bijgevoegd",
        "file attached": "bestand bijgevoegd",
        "omitted": "<Media weggelaten>",
        "image omitted": "afbeelding weggelaten",
    },
}


@dataclasses.dataclass
class SenderTruth:
    """What one person truly sent. Days are ISO dates."""

    first: str
    last: str
    messages: int = 0
    words: int = 0
    characters: int = 0
    media: int = 0


@dataclasses.dataclass
class ChatTruth:
    """What is truly in the chat. ``senders`` are in the order in which they first wrote."""

    days: dict[str, int] = dataclasses.field(default_factory=dict)
    senders: dict[str, SenderTruth] = dataclasses.field(default_factory=dict)


def media_name(number: int, style: str) -> str:
    """The file name of a photo."""
    return f"{number:08d}-PHOTO.jpg" if style == "ios" else f"IMG-20230101-WA{number:04d}.jpg"


def write_chat(
    out: TextIO,
    *,
    messages: int,
    senders: int,
    style: str,
    language: str,
    clock: int,
    month_first: bool,
    with_media: bool,
    seed: int,
) -> ChatTruth:
    """Write the chat as a text; ``out`` must leave line ends as they are."""
    head = _heads(style, language, clock, month_first)
    writer = _Writer(out, style, _PHRASES[language], head, with_media, Random(seed))
    writer.write(messages, [_NAMES[n] if n < len(_NAMES) else f"Guest {n + 1}" for n in range(senders)])
    return writer.truth


def _heads(style: str, language: str, clock: int, month_first: bool) -> Callable[[datetime], str]:
    """How a message's line begins, up to the sender."""
    if language == "nl":
        date_format, time_format = "%d-%m-%Y ", "%H:%M"
    else:
        year = "%Y" if style == "ios" and not month_first else "%y"
        date_format = (f"%m/%d/{year}" if month_first else f"%d/%m/{year}") + ", "
        time_format = "%H:%M" if clock == 24 else "%I:%M"
    seconds = ":%S" if style == "ios" else ""
    half = "\u202f%p" if clock == 12 and language == "en" else ""
    whole = date_format + time_format + seconds + half
    return lambda when: when.strftime(f"[{whole}] " if style == "ios" else f"{whole} - ")


class _Writer:
    def __init__(
        self,
        out: TextIO,
        style: str,
        phrases: dict[str, str],
        head: Callable[[datetime], str],
        with_media: bool,
        random: Random,
    ) -> None:
        self.truth = ChatTruth()
        self._out = out
        self._ios = style == "ios"
        self._style = style
        self._end = "\r\n" if self._ios else "\n"
        self._phrases = phrases
        self._head = head
        self._with_media = with_media
        self._random = random
        self._media = 0

    def write(self, messages: int, names: list[str]) -> None:
        """Write that many messages over about two years, and WhatsApp's own lines between them."""
        when = datetime(2022, 3, 5, 8, 0)
        long_gap = max(2, 1_200_000_000 // max(messages, 1_000))
        self._write_system("Climbing", self._phrases["encrypted"], when)
        for _ in range(messages):
            when += timedelta(seconds=self._random.randrange(long_gap if self._random.random() < 0.1 else 300))
            name = names[int(len(names) * self._random.random() ** 1.5)]
            if self._random.random() < 0.02:
                what = self._phrases[self._random.choice(("subject", "added"))]
                self._write_system(names[0], f"{names[0]} {what}", when)
            self._write_message(name, when)

    def _write_system(self, name: str, text: str, when: datetime) -> None:
        line = f"{name}: {_MARK}{text}" if self._ios else text
        self._out.write(f"{self._head(when)}{line}{self._end}")

    def _write_message(self, name: str, when: datetime) -> None:
        day = when.date().isoformat()
        self.truth.days[day] = self.truth.days.get(day, 0) + 1
        sender = self.truth.senders.setdefault(name, SenderTruth(day, day))
        sender.last = day
        sender.messages += 1
        kind = self._random.random()
        if kind < 0.07:
            text = self._photo(sender)
        elif kind < 0.09:
            text = f"{_MARK if self._ios else ''}{self._phrases['deleted']}{'.' if self._ios else ''}"
        else:
            lines = [self._typed(sender) for _ in range(1 if kind < 0.92 else self._random.randrange(2, 6))]
            text = self._end.join(lines)
            if kind < 0.11:
                text += f" {_MARK if self._ios else ''}{self._phrases['edited']}"
        shown = f"\u202a{name}\u202c" if name.startswith("+") else name
        self._out.write(f"{self._head(when)}{shown}: {text}{self._end}")

    def _typed(self, sender: SenderTruth) -> str:
        text = " ".join(self._random.choices(_WORDS, k=self._random.randrange(1, 15)))
        sender.words += len(text.split())
        sender.characters += len(text.replace(" ", ""))
        return text

    def _photo(self, sender: SenderTruth) -> str:
        sender.media += 1
        if not self._with_media:
            return f"{_MARK}{self._phrases['image omitted']}" if self._ios else self._phrases["omitted"]
        self._media += 1
        name = media_name(self._media, self._style)
        has_caption = self._random.random() < 0.3
        if self._ios:
            caption = f"{self._typed(sender)} " if has_caption else ""
            return f"{caption}{_MARK}<{self._phrases['attached']}: {name}>"
        caption = f"{self._end}{self._typed(sender)}" if has_caption else ""
        return f"{_MARK}{name} ({self._phrases['file attached']}){caption}"
