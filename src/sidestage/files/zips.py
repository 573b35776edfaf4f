"""Zips as the world writes them, as an ordinary ``zipfile.ZipFile``."""

from __future__ import annotations

import os
import zipfile
from typing import IO, Any

from sidestage.files.zip_names import SAYS_UTF8, code_page_of, unicode_path

#: What the Finder puts beside the files.
_OF_THE_FINDER = "__MACOSX"


class WorldlyZip(zipfile.ZipFile):
    """A zip to read, whose members have the names that they had where they come from.

    Args:
        file: a path, or an open binary file.
        encoding: what names are in that do not say it themselves, such as "cp1251"; found out by default.

    Raises:
        zipfile.BadZipFile: if it is no zip, a damaged one, or one part of several.
    """

    def __init__(self, file: str | os.PathLike[str] | IO[bytes], encoding: str | None = None) -> None:
        try:
            super().__init__(file)
        except (UnicodeDecodeError, NotImplementedError) as error:
            raise zipfile.BadZipFile(f"the list of its members cannot be read: {error}") from None
        if any(info.volume for info in self.filelist):
            self.close()
            raise zipfile.BadZipFile("this is one part of a zip that was split into several; it takes all of them")
        self._rename(encoding)

    def open(self, name: Any, mode: Any = "r", pwd: bytes | None = None, *, force_zip64: bool = False) -> IO[bytes]:
        """As ``zipfile.ZipFile`` has it.

        Raises:
            NotImplementedError: if the member is packed in a way that is not at hand; the message says in which.
        """
        try:
            return super().open(name, mode, pwd, force_zip64=force_zip64)
        except RuntimeError as error:
            # NotImplementedError is one, too.
            if "(missing) lzma" not in str(error):
                raise
            raise NotImplementedError(
                "this member of the zip is packed by LZMA: write 'import lzma' in the script to read it"
            ) from None

    def _rename(self, encoding: str | None) -> None:
        raw = {id(info): _raw_name(info) for info in self.filelist}
        page = encoding or code_page_of(name for name in raw.values() if name is not None)
        for info in self.filelist:
            info.filename = _name(info, raw[id(info)], page)
        self.NameToInfo = {info.filename: info for info in self.filelist}
        self.filelist = [info for info in self.filelist if _OF_THE_FINDER not in info.filename.split("/")[:-1]]


def open_zip(file: str | os.PathLike[str] | IO[bytes], *, encoding: str | None = None) -> zipfile.ZipFile:
    """Open a zip to read it, whatever wrote it: ``zipfile.ZipFile``, with the names that its members have.

    Folders are divided by ``/``. Names that are UTF-8 without saying so, that have a Unicode path field, or are in the
    code page of a DOS command line or of Windows, are read as such. What the Finder adds (``__MACOSX``) is not listed.

    Args:
        file: a path, or an open binary file, such as the one that ``flow.ask_file`` gives.
        encoding: what names are in that do not say it themselves, such as "cp1251"; found out by default.

    Raises:
        zipfile.BadZipFile: if it is no zip, a damaged one, or one part of several.
    """
    return WorldlyZip(file, encoding)


def _raw_name(info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that does not say what it is in; None for one that does."""
    return None if info.flag_bits & SAYS_UTF8 else info.orig_filename.encode("cp437")


def _name(info: zipfile.ZipInfo, raw: bytes | None, page: str) -> str:
    name = info.orig_filename if raw is None else unicode_path(raw, info.extra) or raw.decode(page, "replace")
    return name.partition("\0")[0].replace("\\", "/")
