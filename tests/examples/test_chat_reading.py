"""WhatsApp chats: what real exports look like, line by line."""

import dataclasses
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import whatsapp
from archive import Archive
from exports import chat_of, finished
from generate import write_whatsapp

IOS = "[31/12/2023, 23:59:01] "
ANDROID = "31/12/23, 23:59 - "


def read(path: Path) -> whatsapp.Chat:
    with path.open("rb") as file, Archive(file) as archive:
        return finished(whatsapp.read_chat(archive, whatsapp.find_chat(archive)))[0]


def plain(sender: whatsapp.Sender) -> dict[str, Any]:
    return dataclasses.asdict(sender) | {"first": sender.first.isoformat(), "last": sender.last.isoformat()}


@pytest.mark.parametrize("style", ["ios", "android"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"clock": 12},
        {"clock": 12, "month_first": True},
        {"language": "nl"},
        {"media_mb": 1},
        {"media_mb": 1, "language": "nl"},
    ],
    ids=str,
)
def test_what_is_read_is_what_was_written(tmp_path: Path, style: str, options: dict[str, Any]) -> None:
    truth = write_whatsapp(tmp_path / "chat.zip", style=style, senders=9, messages=5_000, seed=7, **options)
    chat = read(tmp_path / "chat.zip")
    assert {day.isoformat(): messages for day, messages in chat.days.items()} == truth.days
    assert {name: plain(sender) for name, sender in chat.senders.items()} == {
        name: dataclasses.asdict(sender) for name, sender in truth.senders.items()
    }
    assert list(chat.senders) == list(truth.senders)
    assert chat.layout.certain


@pytest.mark.parametrize(
    "line",
    [
        "[31/12/2023, 23:59:01] Jan: hello there",
        "\u200e[31/12/2023, 23:59:01] Jan: hello there",
        "[31-12-2023 23:59:01] Jan: hello there",
        "[31.12.23, 23:59:01] Jan: hello there",
        "[12/31/23, 11:59:01\u202fPM] Jan: hello there",
        "[2023-12-31, 11:59:01 p.m.] Jan: hello there",
        "31/12/23, 23:59 - Jan: hello there",
        "31-12-2023 23:59 - Jan: hello there",
        "31.12.23, 23:59 - Jan: hello there",
        "12/31/23, 11:59\u202fPM - Jan: hello there",
        "2023-12-31, 23:59 - Jan: hello there",
    ],
)
def test_dates_and_clocks_of_many_countries(line: str) -> None:
    chat = chat_of(line)
    assert chat.days == {date(2023, 12, 31): 1}
    assert plain(chat.senders["Jan"]) | {"first": "", "last": ""} == {
        "first": "",
        "last": "",
        "messages": 1,
        "words": 2,
        "characters": 10,
        "media": 0,
    }


class TestOrderOfDates:
    def test_a_number_above_twelve_settles_it(self) -> None:
        chat = chat_of("[01/02/2023, 10:00:00] A: x\n[01/13/2023, 10:00:00] A: y\n")
        assert list(chat.days) == [date(2023, 1, 2), date(2023, 1, 13)]

    def test_dates_run_forward(self) -> None:
        days_in_march = "".join(f"[0{day}/03/2023, 10:00:00] A: x\n" for day in (4, 5, 6))
        chat = chat_of(days_in_march + "[01/04/2023, 10:00:00] A: x\n")
        assert list(chat.days) == [date(2023, 3, 4), date(2023, 3, 5), date(2023, 3, 6), date(2023, 4, 1)]
        assert chat.layout.certain

    @pytest.mark.parametrize(
        ("line", "day"),
        [
            ("[03/04/2023, 10:00:00] A: x", date(2023, 4, 3)),
            ("03-04-2023 10:00 - A: x", date(2023, 4, 3)),
            ("3/4/23, 10:00\u202fAM - A: x", date(2023, 3, 4)),
        ],
    )
    def test_both_readings_fit_and_that_is_said(self, line: str, day: date) -> None:
        chat = chat_of(line)
        assert list(chat.days) == [day]
        assert not chat.layout.certain


@pytest.mark.parametrize("head", [IOS, ANDROID])
class TestLines:
    def test_a_message_goes_on_over_lines(self, head: str) -> None:
        chat = chat_of(f"{head}Jan: one\ntwo three\n\n12:30 four\n{head}Piet: five\n")
        assert (chat.senders["Jan"].messages, chat.senders["Jan"].words) == (1, 5)
        assert chat.senders["Piet"].words == 1

    def test_byte_order_mark_and_line_ends_of_windows(self, head: str) -> None:
        chat = chat_of(f"\ufeff{head}Jan: one\r\n{head}Jan: two\r\n".encode())
        assert (chat.senders["Jan"].messages, chat.senders["Jan"].characters) == (2, 6)

    @pytest.mark.parametrize(
        ("shown", "name"),
        [
            ("\u202a+31\u00a06 12345678\u202c", "+31 6 12345678"),
            ("~\u202fNoor 🌻", "~ Noor 🌻"),
            ("\u200f\u202bדנה\u202c", "דנה"),
            ("O'Neil, Pat (work) - home", "O'Neil, Pat (work) - home"),
        ],
    )
    def test_names_of_all_kinds(self, head: str, shown: str, name: str) -> None:
        assert list(chat_of(f"{head}{shown}: hello\n").senders) == [name]

    def test_names_with_a_colon_stay_apart(self, head: str) -> None:
        lines = [f"{head}Team: {name}: message: {number}\n" for number in range(4) for name in ("Jan", "Piet")]
        chat = chat_of("".join(lines))
        assert list(chat.senders) == ["Team: Jan", "Team: Piet"]
        assert [sender.words for sender in chat.senders.values()] == [8, 8]

    def test_a_colon_in_the_text_belongs_to_the_text(self, head: str) -> None:
        chat = chat_of(f"{head}Jan: note: bring tea\n{head}Jan: ok\n")
        assert list(chat.senders) == ["Jan"]
        assert (chat.senders["Jan"].words, chat.senders["Jan"].characters) == (4, len("note:bringteaok"))

    @pytest.mark.parametrize(
        "text", ["This message was deleted", "You deleted this message", "Dit bericht is verwijderd"]
    )
    def test_a_deleted_message_has_no_words(self, head: str, text: str) -> None:
        mark = "\u200e" if head == IOS else ""
        sender = chat_of(f"{head}Jan: {mark}{text}{'.' if mark else ''}\n").senders["Jan"]
        assert (sender.messages, sender.words, sender.characters, sender.media) == (1, 0, 0, 0)

    @pytest.mark.parametrize("remark", ["<This message was edited>", "\u200e<Dit bericht is bewerkt>"])
    def test_the_remark_that_a_message_was_edited_is_not_counted(self, head: str, remark: str) -> None:
        sender = chat_of(f"{head}Jan: hello {remark}\n").senders["Jan"]
        assert (sender.messages, sender.words, sender.characters) == (1, 1, 5)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("\u200e<attached: 00000012-PHOTO-2023-12-31-23-59-01.jpg>", 0),
            ("\u200e<bijgevoegd: 00000012-PHOTO.jpg>", 0),
            ("<attached: 0001-PHOTO.jpg>", 0),
            ("look here \u200e<attached: 0001-PHOTO.jpg>", 2),
            ("report.pdf • \u200e3 pages \u200e<attached: 0001-report.pdf>", 0),
            ("report.pdf • \u200e3 pages \u200edocument omitted", 0),
            ("\u200eimage omitted", 0),
            ("\u200eafbeelding weggelaten", 0),
            ("\u200eGIF omitted", 0),
            ("<Media omitted>", 0),
            ("<Media weggelaten>", 0),
            ("IMG-20231231-WA0001.jpg (file attached)", 0),
            ("\u200eIMG-20231231-WA0001.jpg (bestand bijgevoegd)", 0),
            ("IMG-20231231-WA0001.jpg (file attached)\nwhat a day", 3),
            ("holiday plan.pdf (file attached)", 0),
        ],
    )
    def test_media(self, head: str, text: str, words: int) -> None:
        sender = chat_of(f"{head}Jan: {text}\n").senders["Jan"]
        assert (sender.messages, sender.media, sender.words) == (1, 1, words)

    @pytest.mark.parametrize(
        "text", ["I like this :)", "see <b>", "the part that he omitted", "1 < 2 and 3 > 2", ">:("]
    )
    def test_words_that_look_like_media_are_words(self, head: str, text: str) -> None:
        sender = chat_of(f"{head}Jan: {text}\n").senders["Jan"]
        assert (sender.media, sender.words) == (0, len(text.split()))

    def test_a_day_that_does_not_exist_begins_no_message(self, head: str) -> None:
        wrong = head.replace("31/12", "31/31")
        assert chat_of(f"{head}Jan: one\n{wrong}Piet: two\n").senders.keys() == {"Jan"}


@pytest.mark.parametrize(
    "line",
    [
        f"{IOS}Jan: \u200eMessages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        f"{IOS}Climbing: \u200eJan created this group",
        f"{IOS}Jan: \u200eJan changed the group name to “Plan: B”",
        f"{IOS}\u200eYou joined using this group's invite link",
        f"{IOS}Jan: \u200eMissed voice call",
        f"{ANDROID}Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        f"{ANDROID}Berichten en oproepen zijn end-to-end versleuteld.",
        f"{ANDROID}Jan added Piet",
        f"{ANDROID}Jan left",
        f'{ANDROID}Jan changed the subject from "Plan: A" to "Plan: B"',
        f'{ANDROID}Jan created group "Plan: B"',
        f"{ANDROID}Jan heeft het onderwerp gewijzigd van 'Plan: A' naar 'Plan: B'",
    ],
)
def test_the_lines_of_whatsapp_itself_are_no_messages(line: str) -> None:
    head = IOS if line.startswith("[") else ANDROID
    chat = chat_of(f"{line}\nand this belongs to it\n{head}Piet: hello\n")
    assert chat.senders.keys() == {"Piet"}
    assert list(chat.days.values()) == [1]


def test_lines_of_the_other_phone_in_a_message_are_text() -> None:
    chat = chat_of(f"{IOS}Jan: he wrote\n{ANDROID}Piet: hello\n")
    assert chat.senders.keys() == {"Jan"}


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    assert chat_of(f"{IOS}Jan: one ".encode() + b"\xff\xfe\x80" + b" two\n").senders["Jan"].words == 3


@pytest.mark.parametrize(
    "name", ["_chat.txt", "My chat/_chat.txt", "WhatsApp Chat with Jan.txt", "WhatsApp-chat met Jan.txt", "other.txt"]
)
def test_the_chat_is_found_under_its_names(name: str) -> None:
    assert chat_of(f"{IOS}Jan: one\n", name).senders.keys() == {"Jan"}


@pytest.mark.alone
def test_a_hundred_thousand_messages_take_seconds(tmp_path: Path) -> None:
    write_whatsapp(tmp_path / "chat.zip", messages=100_000)
    start = time.process_time()
    chat = read(tmp_path / "chat.zip")
    assert sum(chat.days.values()) == 100_000
    assert time.process_time() - start < 8
