"""A data donation: a participant's own WhatsApp chat or YouTube history, as numbers, after their own review.

The export is opened in the participant's browser. What was written, to whom, and which videos were watched stays
there; the tables hold counts per day, per person under another name, and per channel.
"""

# /// script
# dependencies = []
#
# [tool.sidestage]
# title = { en = "Your chats and videos in numbers", nl = "Je chats en video's in cijfers" }
# platform = "Chats"
#
# [tool.sidestage.session-data.log]
# en = "How far you came, and what was wrong with a file that could not be read; nothing of what is in it"
# nl = "Hoe ver je kwam, en wat er mis was met een bestand dat niet te lezen was; niets van wat erin staat"
# ///

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

import as_tables
import platforms
import whatsapp
import youtube
from archive import Archive, ExportError

from sidestage import flow
from sidestage.tables import Table

Result = TypeVar("Result")
Text = dict[str, str]

WELCOME = {
    "en": (
        "Thank you for your interest in this study. You choose an export of your own data. Your own browser "
        "reads it and makes a few tables of numbers.\n\n"
        "What you or others wrote is not in them, and no names of people. You see the tables first, you can delete "
        "rows, and nothing is sent before you agree."
    ),
    "nl": (
        "Fijn dat je aan dit onderzoek wilt meedoen. Je kiest een export van je eigen gegevens. Je eigen browser leest "
        "die en maakt er een paar tabellen met getallen van.\n\n"
        "Wat jij of anderen schreven staat er niet in, en namen van mensen ook niet. Je ziet de tabellen eerst, je "
        "kunt rijen wissen, en er wordt niets verstuurd voordat je akkoord gaat."
    ),
}
WHICH_FILE = {
    "WhatsApp": {
        "en": (
            "Choose the zip file of a WhatsApp chat. In WhatsApp, open the chat, then its menu, and choose Export "
            "chat. With or without media; photos and films are not opened."
        ),
        "nl": (
            "Kies het zip-bestand van een WhatsApp-chat. Open in WhatsApp de chat, daarna het menu, en kies Exporteer "
            "chat. Met of zonder media; foto's en films worden niet geopend."
        ),
    },
    "YouTube": {
        "en": "Choose the zip file with your YouTube history that Google sent you from takeout.google.com.",
        "nl": "Kies het zip-bestand met je YouTube-geschiedenis dat Google je stuurde van takeout.google.com.",
    },
}
NOBODY = "None of these"
#: A part of the flow: yields steps, is sent their answers, and returns something.
Flow = Generator[flow.Step, Any, Result]


def process(session: str) -> Flow[None]:
    """The whole study, from the welcome to the thanks."""
    yield flow.show_text(WELCOME)
    platform = yield flow.ask_choice(
        {"en": "Which data would you like to donate?", "nl": "Welke gegevens wil je doneren?"}, ["WhatsApp", "YouTube"]
    )
    tables = yield from ask_tables(platform)
    if tables is None:
        yield from thank_for_looking("stopped before the review")
        return
    agreed = yield flow.review(
        tables,
        description={
            "en": "This is what would be sent. Look through it, and delete the rows that you want to keep to yourself.",
            "nl": "Dit zou worden verstuurd. Bekijk het, en wis de rijen die je voor jezelf wilt houden.",
        },
        question={"en": "Do you want to donate these data?", "nl": "Wil je deze gegevens doneren?"},
        button={"en": "Yes, donate", "nl": "Ja, doneer"},
    )
    if agreed is None:
        yield from thank_for_looking("declined at the review")
        return
    arrived = yield flow.donate("chats" if platform == "WhatsApp" else "watch-history", agreed)
    yield from say_goodbye(arrived)


def ask_tables(platform: str) -> Flow[list[Table] | None]:
    """Ask for an export until one can be read; None when the participant stops."""
    read = read_whatsapp if platform == "WhatsApp" else read_youtube
    while True:
        file = yield flow.ask_file(WHICH_FILE[platform], accept=[".zip"])
        if file is None:
            return None
        try:
            with Archive(file) as archive:
                platforms.expect(platform, archive.names)
                return (yield from read(archive))
        except ExportError as error:
            # The kind of problem, never the file's name or content.
            yield flow.log(f"{platform}: {type(error).__name__}", level="warn")
            problem = error.text
        again = yield flow.confirm(
            problem, yes={"en": "Try again", "nl": "Probeer opnieuw"}, no={"en": "Stop", "nl": "Stop"}
        )
        if not again:
            return None


def read_whatsapp(archive: Archive) -> Flow[list[Table]]:
    """Read a chat, ask who the participant is, and make tables without names."""
    name = whatsapp.find_chat(archive)
    message = {"en": "Reading your chat", "nl": "Je chat wordt gelezen"}
    chat = yield from show_progress(message, whatsapp.read_chat(archive, name))
    choices: dict[str, str | Text] = {sender: sender for sender in chat.senders}
    choices[NOBODY] = {"en": NOBODY, "nl": "Geen van deze"}
    participant = yield flow.ask_choice(
        {"en": "Which of these is you?", "nl": "Wie van deze ben jij?"},
        choices,
        description={
            "en": "No name is sent: yours becomes You, the others become Person 1, Person 2, and so on.",
            "nl": "Er wordt geen naam verstuurd: de jouwe wordt You, de anderen Person 1, Person 2, enzovoort.",
        },
    )
    return as_tables.chat_tables(chat, participant)


def read_youtube(archive: Archive) -> Flow[list[Table]]:
    """Read a history and make tables of it."""
    name = youtube.find_history(archive)
    message = {"en": "Reading your history", "nl": "Je geschiedenis wordt gelezen"}
    history = yield from show_progress(message, youtube.read_history(archive, name))
    return as_tables.history_tables(history)


def show_progress(message: Text, reading: Generator[float, None, Result]) -> Flow[Result]:
    """Read to the end, show each percent on the way, and return what was read."""
    shown = -1
    while True:
        try:
            percentage = int(100 * next(reading))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if percentage > shown:
            yield flow.show_progress(message, percentage)
            shown = percentage


def thank_for_looking(reason: str) -> Flow[None]:
    """The end when nothing is donated."""
    yield flow.log(f"the participant {reason}")
    yield flow.show_text(
        {
            "en": "Nothing was sent. Thank you for your time. You can close this page.",
            "nl": "Er is niets verstuurd. Dank je wel voor je tijd. Je kunt deze pagina sluiten.",
        }
    )


def say_goodbye(arrived: bool | None) -> Flow[None]:
    """The end after a donation. ``arrived`` is None where nobody tells whether it did."""
    if arrived is False:
        yield flow.show_text(
            {
                "en": "Your data could not be sent, so nothing was donated. Thank you for trying.",
                "nl": "Je gegevens konden niet worden verstuurd, dus er is niets gedoneerd. Dank voor het proberen.",
            }
        )
        return
    yield flow.show_text(
        {
            "en": "Your data have been donated. Thank you very much! You can close this page.",
            "nl": "Je gegevens zijn gedoneerd. Heel erg bedankt! Je kunt deze pagina sluiten.",
        }
    )
