"""Makes the tables that the participant reviews, with other names for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from whatsapp import Chat
from youtube import History

from sidestage.tables import Table

Text: TypeAlias = dict[str, str]

HEADERS: dict[str, Text] = {
    "date": {"en": "Date", "nl": "Datum"},
    "sender": {"en": "Sender", "nl": "Afzender"},
    "messages": {"en": "Messages", "nl": "Berichten"},
    "words": {"en": "Words", "nl": "Woorden"},
    "characters": {"en": "Characters", "nl": "Tekens"},
    "media": {"en": "Media", "nl": "Media"},
    "channel": {"en": "Channel", "nl": "Kanaal"},
    "views": {"en": "Views", "nl": "Keer bekeken"},
    "ads": {"en": "Advertisements", "nl": "Advertenties"},
    "first": {"en": "First day", "nl": "Eerste dag"},
    "last": {"en": "Last day", "nl": "Laatste dag"},
}
ORDERS: dict[str, Text] = {
    "day": {"en": "day/month/year", "nl": "dag/maand/jaar"},
    "month": {"en": "month/day/year", "nl": "maand/dag/jaar"},
    "year": {"en": "year/month/day", "nl": "jaar/maand/dag"},
}


def chat_tables(chat: Chat, participant: str) -> list[Table]:
    """Messages per day and per sender."""
    names = pseudonyms(list(chat.senders), participant)
    per_day = [(day, messages) for day, messages in chat.days.items()]
    per_sender = [
        (names[name], who.messages, who.words, who.characters, who.media, who.first, who.last)
        for name, who in chat.senders.items()
    ]
    return [
        _table(
            "per_day",
            {"en": "Messages per day", "nl": "Berichten per dag"},
            ["date", "messages"],
            per_day,
            _about_days(chat),
        ),
        _table(
            "per_sender",
            {"en": "Messages per sender", "nl": "Berichten per afzender"},
            ["sender", "messages", "words", "characters", "media", "first", "last"],
            per_sender,
            {
                "en": "How much each person sent. A deleted message counts as a message without words.",
                "nl": "Hoeveel iedereen stuurde. Een verwijderd bericht telt als bericht zonder woorden.",
            },
        ),
    ]


def history_tables(history: History) -> list[Table]:
    """Views per day and per channel."""
    return [
        _table(
            "per_day",
            {"en": "Videos per day", "nl": "Video's per dag"},
            ["date", "views", "ads"],
            [(day, counts.views, counts.ads) for day, counts in history.days.items()],
            _about_history(history),
        ),
        _table(
            "per_channel",
            {"en": "Videos per channel", "nl": "Video's per kanaal"},
            ["channel", "views", "first", "last"],
            [(name, channel.views, channel.first, channel.last) for name, channel in history.channels.items()],
            {
                "en": "How often you watched each channel, the most watched first, without advertisements.",
                "nl": "Hoe vaak je elk kanaal bekeek, het meest bekeken eerst, zonder advertenties.",
            },
        ),
    ]


def pseudonyms(names: list[str], participant: str) -> dict[str, str]:
    """You, for the participant; Person 1 and so on for the others, in the order in which they first wrote."""
    others = [name for name in names if name != participant]
    return {participant: "You"} | {name: f"Person {number}" for number, name in enumerate(others, start=1)}


def _table(id: str, title: Text, columns: list[str], rows: Sequence[Sequence[object]], description: Text) -> Table:
    headers = {name: HEADERS[name] for name in columns}
    return Table.from_rows(id, title, rows, columns=columns, description=description, headers=headers)


def _about_days(chat: Chat) -> Text:
    about = {
        "en": "How many messages everyone together sent on each day.",
        "nl": "Hoeveel berichten iedereen samen per dag stuurde.",
    }
    if not chat.layout.certain:
        order = ORDERS[chat.layout.order]
        about["en"] += f" The dates in your export can be read in two ways; they were read as {order['en']}."
        about["nl"] += f" De datums in je export zijn op twee manieren te lezen; ze zijn gelezen als {order['nl']}."
    return about


def _about_history(history: History) -> Text:
    about = {
        "en": "How many videos you watched on each day, and how many of YouTube's advertisements.",
        "nl": "Hoeveel video's je per dag bekeek, en hoeveel advertenties van YouTube.",
    }
    if history.undated:
        about["en"] += f" The dates of {history.undated} entries could not be read; those are left out."
        about["nl"] += f" De datums van {history.undated} regels waren niet te lezen; die zijn weggelaten."
    return about
