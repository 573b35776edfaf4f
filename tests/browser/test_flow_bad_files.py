"""Files that cannot be used, on the page: each gets a sentence, and the page asks again."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tools.serving import Server

from .chat_study import EXAMPLE, SENDERS, agree, senders_of, write_whatsapp, write_youtube
from .participant import choose, choose_file, console, donations, log_lines, open_study, press, table


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def make_locked(path: Path) -> Path:
    """A zip whose members say that they are encrypted, both before their bytes and in the directory."""
    content = bytearray(make_zip(path, {"_chat.txt": b"x" * 100}).read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


def bad_files(folder: Path, good: Path) -> dict[Path, str]:
    """Each file with what the page says of it."""
    photo = folder / "photo.zip"
    photo.write_bytes(b"\xff\xd8\xff\xe0 a photo" * 1_000)
    cut = folder / "cut.zip"
    cut.write_bytes(good.read_bytes()[: good.stat().st_size * 2 // 3])
    takeout = folder / "takeout.zip"
    write_youtube(takeout, views=50)
    return {
        photo: "This file is not a zip file. Choose the zip file of your export",
        make_locked(folder / "locked.zip"): "This zip file is locked with a password. Choose the zip file without",
        make_zip(folder / "hollow.zip", {}): "There are no files in this zip file. Request your export again",
        takeout: "This is an export of YouTube, not of WhatsApp. Choose the zip file that you received from WhatsApp.",
        cut: "This zip file is damaged or not complete. The download may have stopped halfway.",
        make_zip(folder / "bomb.zip", {"_chat.txt": b"\0" * 50_000_000}): "unpacks to far more than an export normally",
        make_zip(folder / "photos.zip", {"a.jpg": b"x"}): "There is no WhatsApp chat in this zip file.",
    }


def test_each_bad_file_gets_its_sentence_and_then_a_good_one_works(
    page: Page, serve: Callable[..., Server], tmp_path: Path
) -> None:
    good = tmp_path / "good.zip"
    truth = write_whatsapp(good, messages=300, senders=4)
    server = serve(EXAMPLE / "study.py")
    session = open_study(page, server)
    press(page, "Continue")
    choose(page, "WhatsApp")

    empty = tmp_path / "empty.zip"
    empty.touch()
    with page.expect_file_chooser() as chooser:
        press(page, "Choose a file")
    chooser.value.set_files(empty)
    expect(page.get_by_role("alert")).to_have_text(
        "“empty.zip” is empty. Choose the file again, or download it once more."
    )

    for file, sentence in bad_files(tmp_path, good).items():
        choose_file(page, file)
        expect(page.get_by_text(sentence)).to_be_visible()
        press(page, "Try again")
    choose_file(page, good)
    choose(page, "Anna")
    expect(table(page, SENDERS)).to_be_visible()
    agree(page)
    [donation] = donations(server.data, session)
    assert donation.data["per_sender"]["data"] == senders_of(truth, "Anna")
    logged = [message for level, message in log_lines(server.data, session) if level == "warn"]
    assert logged == [
        f"WhatsApp: {kind}"
        for kind in ("NotAZip", "EncryptedZip", "EmptyZip", "WrongPlatform", "BrokenZip", "TooMuchInside", "NoChat")
    ]
    assert console(page) == []
