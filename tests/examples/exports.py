"""Small exports written by hand, and what the readers make of them."""

import io
import zipfile
from collections.abc import Generator
from typing import TypeVar

import whatsapp
import youtube
from archive import Archive

Result = TypeVar("Result")


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def finished(reading: Generator[float, None, Result]) -> tuple[Result, list[float]]:
    """What a reader returns, and the fractions that it told on the way."""
    fractions = []
    while True:
        try:
            fractions.append(next(reading))
        except StopIteration as end:
            return end.value, fractions


def chat_of(text: str | bytes, name: str = "_chat.txt") -> whatsapp.Chat:
    with Archive(io.BytesIO(zipped({name: text}))) as archive:
        return finished(whatsapp.read_chat(archive, whatsapp.find_chat(archive)))[0]


def history_of(files: dict[str, str | bytes]) -> youtube.History:
    with Archive(io.BytesIO(zipped(files))) as archive:
        return finished(youtube.read_history(archive, youtube.find_history(archive)))[0]
