"""Opens the zip that a participant chose, and trusts nothing in it.

Only the members that the study asks for are ever decompressed; photos and films stay as they are. Whatever is wrong
with a file becomes an ``ExportError`` whose ``text`` says what is wrong and what to do, in English and Dutch.
"""

from __future__ import annotations

import errno
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, ClassVar

from sidestage.files import open_zip

#: No member of an export that this study reads is larger than this.
LARGEST_MEMBER = 1 << 30
#: Text in an export shrinks 3 to 40 times in a zip. A member that shrinks more than this was made to do harm.
LARGEST_RATIO = 150
#: Small members may shrink as much as they like.
FREE_BYTES = 1 << 20


class ExportError(Exception):
    """The chosen file cannot be used. ``text`` tells the participant why, and what to do, in each language."""

    en: ClassVar[str] = "This file cannot be used. Choose another file."
    nl: ClassVar[str] = "Dit bestand kan niet worden gebruikt. Kies een ander bestand."

    def __init__(self, **facts: str) -> None:
        self.text = {"en": self.en.format(**facts), "nl": self.nl.format(**facts)}
        super().__init__(self.text["en"])


class UnreadableFile(ExportError):
    """The browser cannot read the file any more."""

    en = "The file can no longer be read. It may have been moved, changed or deleted. Choose it again."
    nl = "Het bestand kan niet meer worden gelezen. Misschien is het verplaatst, veranderd of gewist. Kies het opnieuw."


class EmptyFile(ExportError):
    """The file has no bytes."""

    en = "This file is empty (0 bytes). The download may have failed. Download your export again and choose that file."
    nl = "Dit bestand is leeg (0 bytes). Misschien is het downloaden mislukt. Download je export opnieuw en kies die."


class NotAZip(ExportError):
    """The file is something else than a zip."""

    en = "This file is not a zip file. Choose the zip file of your export, just as you received it, not unpacked."
    nl = "Dit is geen zip-bestand. Kies het zip-bestand van je export, zoals je het kreeg, niet uitgepakt."


class BrokenZip(ExportError):
    """The zip was cut short or damaged."""

    en = (
        "This zip file is damaged or not complete. The download may have stopped halfway. "
        "Download your export again and choose the new file."
    )
    nl = (
        "Dit zip-bestand is beschadigd of niet compleet. Misschien is het downloaden halverwege gestopt. "
        "Download je export opnieuw en kies het nieuwe bestand."
    )


class EmptyZip(ExportError):
    """The zip holds no files."""

    en = "There are no files in this zip file. Request your export again and choose the new zip file."
    nl = "Er zitten geen bestanden in dit zip-bestand. Vraag je export opnieuw aan en kies het nieuwe zip-bestand."


class EncryptedZip(ExportError):
    """The zip asks for a password."""

    en = "This zip file is locked with a password. Choose the zip file without a password, as you first received it."
    nl = (
        "Dit zip-bestand is met een wachtwoord vergrendeld. "
        "Kies het zip-bestand zonder wachtwoord, zoals je het eerst kreeg."
    )


class UnknownCompression(ExportError):
    """The zip was packed by a rare method."""

    en = "This zip file was packed in a way that cannot be read here. Choose the zip file as you first received it."
    nl = (
        "Dit zip-bestand is ingepakt op een manier die hier niet kan worden gelezen. "
        "Kies het zip-bestand zoals je het eerst kreeg."
    )


class TooMuchInside(ExportError):
    """A member unpacks to more than any export holds: a zip bomb."""

    en = (
        "A file in this zip unpacks to far more than an export normally holds, so it was not opened. "
        "Download your export again from the service itself and choose that file."
    )
    nl = (
        "Een bestand in deze zip is uitgepakt veel groter dan in een gewone export, dus het is niet geopend. "
        "Download je export opnieuw bij de dienst zelf en kies dat bestand."
    )


class Member(io.RawIOBase):
    """One file in the zip, decompressed while it is read. Counts what comes out, whatever the zip declares."""

    def __init__(self, stream: IO[bytes], size: int, limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._size = size
        self._limit = limit
        self._count = 0

    @property
    def fraction(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return min(self._count / self._size, 1.0) if self._size else 1.0

    def readable(self) -> bool:
        """Members can be read, and nothing else."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read the next bytes; raises an ``ExportError`` where the zip is broken or holds too much."""
        with _as_sentences():
            data = self._stream.read(len(buffer))
        self._count += len(data)
        if self._count > self._limit:
            raise TooMuchInside
        buffer[: len(data)] = data
        return len(data)

    def text(self) -> io.TextIOWrapper:
        """The same file as text. Bytes that are no UTF-8 become a replacement mark; line ends become ``\\n``."""
        return io.TextIOWrapper(io.BufferedReader(self, 1 << 16), encoding="utf-8-sig", errors="replace")

    def close(self) -> None:
        """Close the file in the zip."""
        if not self.closed:
            self._stream.close()
        super().close()


class Archive:
    """A zip opened for reading. ``names`` are the files in it, without folders and without what macOS adds."""

    def __init__(self, file: BinaryIO, largest: int = LARGEST_MEMBER, ratio: int = LARGEST_RATIO) -> None:
        self._largest = largest
        self._ratio = ratio
        with _as_sentences():
            self._bytes = file.seek(0, io.SEEK_END)
            self._zip = _open_zip(file)
        members = [info for info in self._zip.infolist() if not info.is_dir()]
        if not members:
            raise EmptyZip
        if all(_is_encrypted(info) for info in members):
            raise EncryptedZip
        self.names = [info.filename for info in members]

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def open(self, name: str) -> Member:
        """Start reading a member. Refused at once when what it declares is more than its limit."""
        info = self._zip.getinfo(name)
        if _is_encrypted(info):
            raise EncryptedZip
        # The declared packed size may be a lie as well, but no member is larger than the whole file.
        packed = min(info.compress_size, self._bytes)
        limit = min(self._largest, max(FREE_BYTES, packed * self._ratio))
        if info.file_size > limit:
            raise TooMuchInside
        with _as_sentences():
            return Member(self._zip.open(info), info.file_size, limit)

    def beginning(self, name: str, length: int = 1 << 14) -> str:
        """The first characters of a member, to see what it is."""
        with self.open(name).text() as text:
            return text.read(length)


def _is_encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & 0x1)


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    file.seek(0)
    first = file.read(4)
    if not first:
        raise EmptyFile
    try:
        return open_zip(file)
    except zipfile.BadZipFile:
        # A zip begins with its first member. One that begins so but has no directory at its end was cut short.
        raise (BrokenZip if first == b"PK\x03\x04" else NotAZip) from None


@contextmanager
def _as_sentences() -> Iterator[None]:
    """Turn what ``zipfile`` raises for a bad archive into an ``ExportError``."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, IndexError, OverflowError) as error:
        raise BrokenZip from error
    except RuntimeError as error:  # an unknown method, or one whose module Python was built without
        raise UnknownCompression from error
    except OSError as error:
        raise (BrokenZip if error.errno == errno.EINVAL else UnreadableFile) from error
