"""What the members of a zip are called, whatever wrote it.

A zip says of a name only whether it is UTF-8, and many that are do not say so. The others are bytes in the code page of
the machine that wrote them: that of its command line (437, 850, 866), or that of its windows (1252, 1251, 932).
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable

#: The bit of a member's flags that says that its name is UTF-8.
SAYS_UTF8 = 0x800
#: What names are read as where the zip does not say, the likeliest first: between equals the first one wins.
CODE_PAGES = ("cp437", "cp1252", "cp850", "cp866", "cp1251", "cp932", "euc_kr", "gb2312")

_UNICODE_PATH = 0x7075
_FIELD = struct.Struct("<HH")
_PATH_HEAD = struct.Struct("<BL")


def unicode_path(raw: bytes, extra: bytes) -> str | None:
    """The name in the Unicode path field of a member, if it has one that is meant for this name."""
    while len(extra) >= _FIELD.size:
        kind, size = _FIELD.unpack_from(extra)
        content, extra = extra[_FIELD.size : _FIELD.size + size], extra[_FIELD.size + size :]
        if kind == _UNICODE_PATH and len(content) > _PATH_HEAD.size:
            version, checksum = _PATH_HEAD.unpack_from(content)
            if version == 1 and checksum == zlib.crc32(raw):
                try:
                    return content[_PATH_HEAD.size :].decode()
                except UnicodeDecodeError:
                    return None
    return None


def code_page_of(names: Iterable[bytes]) -> str:
    """In which encoding names make the best sense together, such as "utf-8" or "cp1252"."""
    odd = [name for name in names if not name.isascii()]
    if _decoded(odd, "utf-8") is not None:
        return "utf-8"
    sense = {page: _sense(texts) for page in CODE_PAGES if (texts := _decoded(odd, page)) is not None}
    return max(sense, key=lambda page: sense[page], default="cp437")


def _decoded(names: list[bytes], encoding: str) -> list[str] | None:
    try:
        return [name.decode(encoding) for name in names]
    except UnicodeDecodeError:
        return None


def _sense(texts: list[str]) -> float:
    """How much texts look like words: letters beside letters of the same script, capitals at the beginning of words."""
    return sum(_sense_of_letter(text, place) for text in texts for place in range(len(text)) if text[place] > "\x7f")


def _sense_of_letter(text: str, place: int) -> float:
    letter, script = text[place], _script(text[place])
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    scripts = {_script(other) for other in (before, after) if other} - {""}
    if not script:
        return -1.0 if scripts else 0.0
    if scripts - {script}:
        return -2.0
    sense = 2.0 if script == "CJK" else 1.0
    if letter.isupper() and before.isalpha() and (before.islower() or after.islower()):
        sense -= 1.5 if before.islower() else 0.5
    # Of a word in Latin letters hardly three in a row have a mark.
    return sense - (0.8 if script == "LATIN" and before > "\x7f" and after > "\x7f" else 0.0)


def _script(character: str) -> str:
    """The script of a letter; empty for what is none."""
    if not unicodedata.category(character).startswith("L"):
        return ""
    name = unicodedata.name(character, "").split(" ")[0]
    # Words mix these.
    return "CJK" if name in ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL") else name
