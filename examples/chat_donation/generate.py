"""Makes exports to try the study with: no real person's, any size, and the same bytes for the same seed.

    python generate.py whatsapp out.zip --messages 5000 --senders 6 --style ios --media-mb 20 --seed 1
    python generate.py youtube out.zip --views 20000 --format html --locale nl
    python generate.py whatsapp big.zip --size 3GB

The functions are also there for tests: ``write_whatsapp`` and ``write_youtube`` return what is truly in the export.
"""

from __future__ import annotations

import argparse
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import BinaryIO, TextIO, TypeVar

from made_chat import ChatTruth, media_name, write_chat
from made_history import HistoryTruth, history_path, write_history

Truth = TypeVar("Truth")

MEGABYTE = 1_000_000
_UNITS = {"B": 1, "KB": 1_000, "MB": MEGABYTE, "GB": 1_000 * MEGABYTE, "TB": MEGABYTE**2}


def write_whatsapp(
    path: str | Path,
    *,
    messages: int = 5_000,
    senders: int = 6,
    style: str = "ios",
    language: str = "en",
    clock: int = 24,
    month_first: bool = False,
    media_mb: float = 0,
    size: int | None = None,
    seed: int = 1,
) -> ChatTruth:
    """Write a chat export; returns the true counts.

    ``media_mb`` megabytes of photos come with it, or as many as bring the whole zip to ``size`` bytes.
    """
    text_name = "_chat.txt" if style == "ios" else "WhatsApp Chat with Climbing.txt"

    def write(out: TextIO) -> ChatTruth:
        with_media = media_mb > 0 or size is not None
        return write_chat(
            out,
            messages=messages,
            senders=senders,
            style=style,
            language=language,
            clock=clock,
            month_first=month_first,
            with_media=with_media,
            seed=seed,
        )

    return _write_export(path, text_name, write, lambda n: media_name(n, style), (media_mb, size), seed)


def write_youtube(
    path: str | Path,
    *,
    views: int = 20_000,
    format: str = "json",
    locale: str = "en",
    media_mb: float = 0,
    size: int | None = None,
    seed: int = 1,
) -> HistoryTruth:
    """Write a Takeout with a watch history of that many entries; returns the true counts.

    ``media_mb`` megabytes of the participant's own videos come with it, or as many as bring the whole zip to ``size``.
    """
    history = history_path(format, locale)
    folder = history.rsplit("/", 2)[0]
    others = (
        ("Takeout/archive_browser.html", "<html><body>Google Takeout</body></html>"),
        (f"{folder}/subscriptions/subscriptions.csv", "Channel Id,Channel Url,Channel Title\n"),
    )

    def write(out: TextIO) -> HistoryTruth:
        return write_history(out, views=views, format=format, locale=locale, seed=seed)

    def video_name(number: int) -> str:
        return f"{folder}/videos/holiday {number}.mp4"

    return _write_export(path, history, write, video_name, (media_mb, size), seed, others)


def _write_export(
    path: str | Path,
    name: str,
    write: Callable[[TextIO], Truth],
    media_name: Callable[[int], str],
    media: tuple[float, int | None],
    seed: int,
    others: Iterable[tuple[str, str]] = (),
) -> Truth:
    """Write the zip. The text stands near its end, so that in a large one it lies far into the file."""
    media_mb, size = media
    with open(path, "wb") as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        filling = _Filling(archive, file, media_name, seed)
        filling.fill_to(round(media_mb * MEGABYTE) if size is None else size * 9 // 10)
        with archive.open(_member(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as member:
            text = io.TextIOWrapper(member, encoding="utf-8", newline="")
            truth = write(text)
            text.flush()
            text.detach()
        for other, content in others:
            archive.writestr(_member(other, zipfile.ZIP_DEFLATED), content)
        filling.fill_to(size or 0)
    return truth


class _Filling:
    """Adds media of up to 4 MB, stored as they are: one random block again and again, each behind its own beginning."""

    def __init__(self, archive: zipfile.ZipFile, file: BinaryIO, name: Callable[[int], str], seed: int) -> None:
        self._archive = archive
        self._file = file
        self._name = name
        self._random = Random(seed)
        self._block = self._random.randbytes(1 << 20)
        self._number = 0
        self._directory = 22

    def fill_to(self, size: int) -> None:
        """Add media until the zip, once closed, has about this many bytes."""
        while (room := size - self._file.tell() - self._directory - 200) > 0:
            self._number += 1
            name = self._name(self._number)
            self._directory += 46 + len(name.encode())
            length = min(room, self._random.randrange(100_000, 4_000_000))
            beginning = b"\xff\xd8\xff\xe0" + self._number.to_bytes(8, "big")
            with self._archive.open(_member(name, zipfile.ZIP_STORED), "w") as member:
                member.write(beginning[:length])
                left = length - len(beginning)
                while left > 0:
                    left -= member.write(memoryview(self._block)[:left])


def _member(name: str, method: int) -> zipfile.ZipInfo:
    """A member whose bytes depend on nothing but its name and content."""
    info = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 12, 0, 0))
    info.compress_type = method
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def read_size(text: str) -> int:
    """The bytes in a size such as ``3GB``, ``500 MB`` or ``1000``."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?B)?", text.strip().upper())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write a number and a unit, such as 500MB or 3GB")
    return round(float(match[1]) * _UNITS[match[2] or "B"])


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make an export to try the study with.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    chat = kinds.add_parser("whatsapp", help="a WhatsApp chat")
    chat.add_argument("--messages", type=int, default=5_000)
    chat.add_argument("--senders", type=int, default=6)
    chat.add_argument("--style", choices=["ios", "android"], default="ios")
    chat.add_argument("--language", choices=["en", "nl"], default="en")
    chat.add_argument("--clock", type=int, choices=[12, 24], default=24, help="hours on the clock (with en)")
    chat.add_argument("--month-first", action="store_true", help="write dates as in the United States (with en)")
    history = kinds.add_parser("youtube", help="a Google Takeout with a YouTube history")
    history.add_argument("--views", type=int, default=20_000, help="entries in the history")
    history.add_argument("--format", choices=["json", "html"], default="json")
    history.add_argument("--locale", choices=["en", "nl"], default="en")
    for kind in (chat, history):
        kind.add_argument("path", type=Path, help="the zip to write")
        kind.add_argument("--media-mb", type=float, default=0, help="megabytes of media to add")
        kind.add_argument("--size", type=read_size, help="add media until the zip has this size, such as 3GB")
        kind.add_argument("--seed", type=int, default=1, help="the same seed makes the same bytes")
    options = vars(parser.parse_args(arguments))
    path = options.pop("path")
    if options.pop("kind") == "whatsapp":
        write_whatsapp(path, **options)
    else:
        write_youtube(path, **options)
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
