"""The names of members, in zips as the world writes them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from sidestage.files import open_zip
from sidestage.worker.requests import unpack


def zip_with(names: Sequence[bytes], *, flags: int = 0, extra: bytes = b"", system: int = 0) -> bytes:
    """A zip whose names are these very bytes; each member holds its number."""
    local, central = b"", b""
    for number, name in enumerate(names):
        content = str(number).encode()
        about = struct.pack(
            "<HHHHHLLLHH", 20, flags, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name), len(extra)
        )
        central += b"PK\1\2" + struct.pack("<BB", 20, system) + about
        central += struct.pack("<HHHLL", 0, 0, 0, 0, len(local)) + name + extra
        local += b"PK\3\4" + about + name + extra + content
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, len(names), len(names), len(central), len(local), 0)
    return local + central + end


def listed(content: bytes, encoding: str | None = None) -> list[str]:
    with open_zip(io.BytesIO(content), encoding=encoding) as archive:
        names = archive.namelist()
        assert [archive.read(name) for name in names] == [archive.read(info) for info in archive.infolist()]
        return names


#: Names, and the encodings in which machines write them without a word.
NAMES = {
    "utf-8": ["Größe.txt", "写真.jpg", "Привет.txt", "café/ümlaut.csv"],
    "cp437": ["café.txt", "Größe.txt", "Übung 1.txt", "año/señor.csv"],
    "cp850": ["São Paulo.txt"],
    "cp1252": ["café.txt", "Größe.txt", "Übung 1.txt", "Español ¿qué.txt", "Ærø.txt"],
    "cp866": ["Привет.txt", "Мои документы/Фото 1.jpg", "отчёт.csv"],
    "cp1251": ["Привет.txt", "Мои документы/Фото 1.jpg", "отчёт.csv"],
    "cp932": ["写真.jpg", "ドキュメント/日記.txt"],
}


@pytest.mark.parametrize(("encoding", "name"), [(page, name) for page, names in NAMES.items() for name in names])
def test_a_name_that_does_not_say_its_encoding_is_read_in_the_one_that_makes_sense(encoding: str, name: str) -> None:
    assert listed(zip_with([name.encode(encoding)])) == [name]


def test_all_names_of_a_zip_are_in_one_encoding() -> None:
    names = ["ab.txt", "Größe.txt", "\u010ds.txt"]
    assert listed(zip_with([name.encode("cp1250") for name in names]), encoding="cp1250") == names
    assert listed(zip_with(["Größe.txt".encode("cp1252"), b"plain.txt"])) == ["Größe.txt", "plain.txt"]


def test_backslashes_of_windows_divide_folders() -> None:
    assert listed(zip_with([b"export\\chats\\1.json", b"export\\"])) == ["export/chats/1.json", "export/"]
    assert listed(zip_with(["é\\1.json".encode()], flags=0x800)) == ["é/1.json"]


def test_a_unicode_path_counts_if_it_is_meant_for_the_name() -> None:
    name = b"Gr??e.txt"
    field = struct.pack("<BL", 1, zlib.crc32(name)) + "Größe.txt".encode()
    assert listed(zip_with([name], extra=struct.pack("<HH", 0x7075, len(field)) + field)) == ["Größe.txt"]
    stale = struct.pack("<BL", 1, 1) + "Größe.txt".encode()
    assert listed(zip_with([name], extra=struct.pack("<HH", 0x7075, len(stale)) + stale)) == ["Gr??e.txt"]


def test_what_the_finder_adds_is_not_listed() -> None:
    content = zip_with([b"a.txt", b"__MACOSX/._a.txt", b"__MACOSX/"])
    assert listed(content) == ["a.txt"]
    with open_zip(io.BytesIO(content)) as archive:
        assert archive.read("__MACOSX/._a.txt") == b"1"


class _OneWay(io.RawIOBase):
    """A file that cannot be wound back, so that sizes are written after the data."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.content += data
        return len(data)


def test_data_descriptors_and_zip64_are_read() -> None:
    file = _OneWay()
    with zipfile.ZipFile(file, "w") as archive, archive.open("große.txt", "w", force_zip64=True) as member:
        member.write(b"data")
    with open_zip(io.BytesIO(bytes(file.content))) as opened:
        assert opened.namelist() == ["große.txt"]
        assert opened.infolist()[0].flag_bits & 8
        assert opened.read("große.txt") == b"data"


def test_one_part_of_several_is_named_for_what_it_is() -> None:
    content = bytearray(zip_with([b"a.txt"]))
    place = content.index(b"PK\1\2") + 34
    content[place : place + 2] = b"\1\0"
    with pytest.raises(zipfile.BadZipFile, match="one part of a zip that was split"):
        open_zip(io.BytesIO(bytes(content)))


def test_an_archive_of_windows_is_unpacked_into_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    unpack(zip_with([b"data\\a.txt", "Größe.txt".encode("cp1252"), b"__MACOSX/._a.txt"]))
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"data/a.txt", "Größe.txt"}


def test_a_member_that_is_packed_by_lzma_is_named_for_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "packed")
    with open_zip(file) as opened:
        assert opened.read("a.txt") == b"packed"
        # As in a browser, where the module is a part that has to be asked for.
        monkeypatch.setattr(zipfile, "lzma", None)
        with pytest.raises(NotImplementedError, match="packed by LZMA: write 'import lzma'"):
            opened.read("a.txt")
