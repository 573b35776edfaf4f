"""JSON text that was sent: checked, and taken out of a form, without building the values that it describes.

A few bytes of JSON can describe a list of millions of values, each of which takes far more memory than its text.
"""

from __future__ import annotations

import codecs
import re

import msgspec

_PIECE = 1 << 20
_WINDOW = 1 << 16

#: A surrogate as it is written in JSON. One without its other half is JSON, but no text; JavaScript writes such.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

#: The inside of a JSON string up to where it can be cut: between two characters, escaped or not.
_CHARACTERS = re.compile(
    rb"(?:[^\\]++|\\[^u]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)*+", re.DOTALL
)


class NotJson(ValueError):
    """What was sent is not JSON text in UTF-8. The message tells how, behind the name of what was sent."""


class NotForm(ValueError):
    """It is JSON, but no form of a donation."""


class _Form(msgspec.Struct):
    key: str
    data: msgspec.Raw


_value = msgspec.json.Decoder(msgspec.Raw)
_form = msgspec.json.Decoder(_Form)
_text = msgspec.json.Decoder(str)


def check_json(data: bytes | bytearray) -> None:
    """Make sure that bytes are JSON text in UTF-8.

    Raises:
        NotJson: if they are not.
        RecursionError: if values lie in each other deeper than Python can follow.
    """
    _check_utf8(data)
    try:
        try:
            _value.decode(data)
        except msgspec.DecodeError:
            if not _SURROGATE.search(data):
                raise
            _value.decode(_without_surrogates(data))
    except msgspec.DecodeError:
        raise NotJson("is not valid JSON. Send one JSON value; NaN and Infinity are none, null is.") from None


def read_form(data: bytes | bytearray) -> tuple[str, bytes]:
    """The key and the JSON text of a donation that was sent as ``{"key": "...", "data": "the JSON text"}``.

    Raises:
        NotJson: if the form, or the data in it, is no JSON text.
        NotForm: if a part of the form is missing or of another kind.
        RecursionError: as ``check_json``.
    """
    _check_utf8(data)
    try:
        form = _form.decode(data)
    except msgspec.ValidationError:
        raise NotForm from None
    except msgspec.DecodeError:
        raise NotJson("is not valid JSON.") from None
    content = bytes(form.data).strip()
    if content.startswith(b'"'):
        content = _unescaped(content)
    check_json(content)
    return form.key, content


def _check_utf8(data: bytes | bytearray) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise NotJson("is not text in UTF-8. Send JSON text, encoded in UTF-8.") from None


def _without_surrogates(data: bytes | bytearray) -> bytearray:
    """The same with every surrogate as another escape: as long, and JSON if and only if this was.

    Behind an escaped backslash no surrogate is meant, but what stands there then is plain text, before and after.
    """
    plain = bytearray(data)
    for found in _SURROGATE.finditer(data):
        plain[found.start() + 2 : found.start() + 4] = b"00"
    return plain


def _unescaped(string: bytes) -> bytes:
    """The text of a JSON string, in UTF-8. It is taken in pieces: one wide character makes a whole text wide."""
    text = bytearray()
    position, end = 1, len(string) - 1
    while position < end:
        found = _CHARACTERS.match(string, position, min(position + _WINDOW, end))
        cut = found.end() if found else position
        while cut < end and string[cut] & 0xC0 == 0x80:
            cut -= 1
        if cut <= position:
            raise NotJson("holds half a character (a lone surrogate), which UTF-8 lacks.")
        text += _text.decode(b'"' + string[position:cut] + b'"').encode()
        position = cut
    return bytes(text)
