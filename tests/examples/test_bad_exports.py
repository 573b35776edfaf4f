"""Files that cannot be used: each gets a sentence, and the participant can try again."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import archive as archives
import platforms
import pytest
import whatsapp
import youtube
from archive import Archive
from exports import chat_of, history_of, zipped
from generate import write_whatsapp, write_youtube
from study import process

from sidestage import flow
from sidestage.testing import Player, play

LINE = "[31/12/2023, 23:59:01] Jan: hello\n"
CHAT = zipped({"_chat.txt": LINE * 200, "0001-PHOTO.jpg": b"\xff\xd8" * 5_000})
HISTORY = "Takeout/YouTube and YouTube Music/history/watch-history"
FIFTY_MB = b"\0" * 50_000_000


def encrypted() -> bytes:
    """The flag that says so, in the member's header and in the directory."""
    content = bytearray(zipped({"_chat.txt": LINE}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def corrupt() -> bytes:
    """Bytes in the middle of the packed chat are not what they were."""
    content = bytearray(CHAT)
    start = content.index(b"_chat.txt") + len("_chat.txt")
    content[start + 5 : start + 25] = b"\x55" * 20
    return bytes(content)


def bomb_that_lies(declared: int = 1_000, packed: int | None = None) -> bytes:
    """50 MB of zeros whose directory declares another size."""
    content = bytearray(zipped({"_chat.txt": FIFTY_MB}))
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, declared)
    if packed is not None:
        struct.pack_into("<I", content, directory + 20, packed)
    return bytes(content)


def unknown_compression() -> bytes:
    content = bytearray(zipped({"_chat.txt": LINE}))
    content[8] = 9
    content[content.index(b"PK\x01\x02") + 10] = 9
    return bytes(content)


def folders_only() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Takeout/", "")
        archive.writestr("__MACOSX/._chat.txt", "x")
    return buffer.getvalue()


BAD_CHATS: dict[str, tuple[Callable[[], bytes], type[archives.ExportError], str]] = {
    "a photo": (lambda: b"\xff\xd8\xff\xe0 a photo" * 100, archives.NotAZip, "not a zip file"),
    "nothing": (lambda: b"", archives.EmptyFile, "is empty (0 bytes)"),
    "another kind of archive": (lambda: b"Rar!\x1a\x07\x01\x00" * 50, archives.NotAZip, "not a zip file"),
    "cut short": (lambda: CHAT[: len(CHAT) * 2 // 3], archives.BrokenZip, "damaged or not complete"),
    "cut within its directory": (lambda: CHAT[:-30], archives.BrokenZip, "damaged or not complete"),
    "changed bytes": (corrupt, archives.BrokenZip, "damaged or not complete"),
    "beginning lost": (lambda: CHAT[100:], archives.BrokenZip, "damaged or not complete"),
    "a password": (encrypted, archives.EncryptedZip, "locked with a password"),
    "an empty zip": (lambda: zipped({}), archives.EmptyZip, "no files in this zip"),
    "empty folders": (folders_only, archives.EmptyZip, "no files in this zip"),
    "a rare compression": (unknown_compression, archives.UnknownCompression, "cannot be read here"),
    "a bomb": (lambda: zipped({"_chat.txt": FIFTY_MB}), archives.TooMuchInside, "far more than"),
    "a bomb that declares little": (bomb_that_lies, archives.BrokenZip, "damaged or not complete"),
    "a bomb that declares a large file": (
        lambda: bomb_that_lies(50_000_000, 1_000_000_000),
        archives.TooMuchInside,
        "far more than",
    ),
    "a zip in a zip": (lambda: zipped({"chat.zip": CHAT}), whatsapp.NoChat, "no WhatsApp chat"),
    "photos only": (lambda: zipped({"a.jpg": b"x", "notes.txt": "a: b\n"}), whatsapp.NoChat, "no WhatsApp chat"),
    "two chats": (
        lambda: zipped({"a/_chat.txt": LINE, "b/_chat.txt": LINE}),
        whatsapp.SeveralChats,
        "more than one chat",
    ),
    "an empty chat": (lambda: zipped({"_chat.txt": ""}), whatsapp.NoMessages, "no messages"),
    "a chat with WhatsApp's own lines only": (
        lambda: zipped({"_chat.txt": "31/12/23, 23:59 - Messages and calls are end-to-end encrypted.\n"}),
        whatsapp.NoMessages,
        "no messages",
    ),
    "Instagram": (
        lambda: zipped({"your_instagram_activity/likes/liked_posts.json": "{}"}),
        platforms.WrongPlatform,
        "an export of Instagram, not of WhatsApp",
    ),
    "YouTube": (
        lambda: zipped({f"{HISTORY}.json": "[]"}),
        platforms.WrongPlatform,
        "an export of YouTube, not of WhatsApp",
    ),
}

BAD_HISTORIES: dict[str, tuple[dict[str, str | bytes], type[archives.ExportError], str]] = {
    "WhatsApp": ({"_chat.txt": LINE}, platforms.WrongPlatform, "an export of WhatsApp, not of YouTube"),
    "Google without YouTube": ({"Takeout/Mail/mail.mbox": "x"}, youtube.NoHistory, "no YouTube watch history"),
    "YouTube without history": (
        {"Takeout/YouTube and YouTube Music/playlists/a.csv": "x"},
        youtube.NoHistory,
        "no YouTube watch history",
    ),
    "something else": ({"a.txt": "x"}, youtube.NoHistory, "no YouTube watch history"),
    "no views": ({f"{HISTORY}.json": "[]"}, youtube.NoViews, "no watched videos"),
    "no views in HTML": ({f"{HISTORY}.html": "<html></html>"}, youtube.NoViews, "no watched videos"),
    "JSON cut short": ({f"{HISTORY}.json": '[{"title": "Watched'}, youtube.BrokenHistory, "damaged"),
    "JSON of another shape": ({f"{HISTORY}.json": '{"a": 1}'}, youtube.BrokenHistory, "damaged"),
    "JSON without end": (
        {f"{HISTORY}.json": '["' + Random(1).randbytes(4_500_000).hex()},
        youtube.BrokenHistory,
        "damaged",
    ),
    "JSON nested deeply": ({f"{HISTORY}.json": "[" * 100_000}, youtube.BrokenHistory, "damaged"),
    "dates in an unknown form": (
        {f"{HISTORY}.json": '[{"title": "Watched x", "time": "yesterday"}]'},
        youtube.BrokenHistory,
        "damaged",
    ),
    "a bomb": ({f"{HISTORY}.json": b" " * 50_000_000}, archives.TooMuchInside, "far more than"),
    "two histories": (
        {f"{HISTORY}.json": "[]", f"old/{HISTORY}.json": "[]"},
        youtube.SeveralHistories,
        "more than one watch history",
    ),
}


def choose_platform(p: Player, platform: str) -> None:
    p.expect(flow.show_text).answer()
    p.expect(flow.ask_choice).answer(platform)


@pytest.mark.parametrize(("make", "error", "sentence"), BAD_CHATS.values(), ids=BAD_CHATS)
def test_a_bad_chat_gets_a_sentence_and_another_try(
    make: Callable[[], bytes], error: type[Exception], sentence: str
) -> None:
    with play(process) as p:
        choose_platform(p, "WhatsApp")
        p.expect(flow.ask_file).answer(file=make(), name="Jan's secrets.zip")
        p.expect(flow.confirm)
        assert sentence in p.text
        assert p.logs == [("warn", f"WhatsApp: {error.__name__}")]
        p.answer(True)
        p.expect(flow.ask_file).answer(file=CHAT, name="chat.zip")
        p.expect(flow.ask_choice).answer("Jan")
        p.expect(flow.review)


@pytest.mark.parametrize(("files", "error", "sentence"), BAD_HISTORIES.values(), ids=BAD_HISTORIES)
def test_a_bad_history_gets_a_sentence_and_a_way_out(
    files: dict[str, str | bytes], error: type[Exception], sentence: str
) -> None:
    with play(process) as p:
        choose_platform(p, "YouTube")
        p.expect(flow.ask_file).answer(file=zipped(files), name="takeout.zip")
        p.expect(flow.confirm)
        assert sentence in p.text
        assert p.logs == [("warn", f"YouTube: {error.__name__}")]
        p.answer(False)
        p.expect(flow.show_text).answer()
        assert p.exit_code == 0
        assert p.donations == {}


def test_every_sentence_is_there_in_both_languages() -> None:
    kinds = [archives.ExportError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert len(kinds) > 15
    for kind in kinds:
        text = kind(found="YouTube", wanted="WhatsApp").text
        assert set(text) == {"en", "nl"}
        assert text["en"] != text["nl"]
        assert all(sentence.endswith(".") and "{" not in sentence for sentence in text.values())


def test_what_comes_out_is_counted_whatever_was_declared() -> None:
    with Archive(io.BytesIO(CHAT), largest=1_000) as archive:
        with pytest.raises(archives.TooMuchInside):
            archive.open("_chat.txt")
        honest = archive._zip.getinfo("_chat.txt")
        with (
            archives.Member(archive._zip.open(honest), 10, limit=1_000) as member,
            pytest.raises(archives.TooMuchInside),
        ):
            member.text().read()


def test_media_are_never_decompressed() -> None:
    """A chat is read although its photo is a bomb and its film is damaged."""
    content = zipped({"_chat.txt": LINE, "bomb.jpg": FIFTY_MB, "film.mp4": b"film" * 1_000})
    damaged = bytearray(content)
    start = damaged.index(b"film.mp4") + 8
    damaged[start : start + 10] = b"\x55" * 10
    with Archive(io.BytesIO(bytes(damaged))) as archive:
        assert whatsapp.find_chat(archive) == "_chat.txt"
        assert list(whatsapp.read_chat(archive, "_chat.txt"))


def test_text_that_repeats_itself_is_no_bomb() -> None:
    assert chat_of(LINE * 20_000).senders["Jan"].messages == 20_000
    item = {"title": "Watched x", "time": "2023-12-31T10:00:00Z", "subtitles": [{"name": "Channel", "url": "u"}]}
    history = history_of({f"{HISTORY}.json": json.dumps([item] * 5_000, indent=2)})
    assert history.channels["Channel"].views == 5_000


def test_who_skips_the_file_or_declines_donates_nothing(tmp_path: Path) -> None:
    write_whatsapp(tmp_path / "chat.zip", messages=20)
    with play(process) as p:
        choose_platform(p, "WhatsApp")
        p.expect(flow.ask_file).skip()
        p.expect(flow.show_text).answer()
        assert (p.exit_code, p.donations) == (0, {})
    with play(process) as p:
        choose_platform(p, "WhatsApp")
        p.answer(file=tmp_path / "chat.zip")
        p.answer("None of these")
        p.expect(flow.review).skip()
        p.expect(flow.show_text).answer()
        assert (p.exit_code, p.donations) == (0, {})
        assert [log.level for log in p.logs] == ["info"]


def test_a_donation_that_did_not_arrive_is_told(tmp_path: Path) -> None:
    write_youtube(tmp_path / "takeout.zip", views=20)
    with play(process) as p:
        p.refuse_donations()
        choose_platform(p, "YouTube")
        p.answer(file=tmp_path / "takeout.zip")
        p.expect(flow.review).answer()
        p.expect(flow.show_text)
        assert "could not be sent" in p.text
