"""Reads a JSON array of any length item by item, with no more than one item and one piece of text in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Protocol

#: Characters read at a time.
PIECE = 1 << 16
#: An item longer than this is no item of an export.
LARGEST_ITEM = 1 << 22

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


class TextSource(Protocol):
    """Anything with a ``read`` that gives text."""

    def read(self, size: int, /) -> str:
        """The next characters, at most ``size``; an empty text at the end."""
        ...


class BrokenJSON(ValueError):
    """The text is not a complete JSON array."""


def read_array(source: TextSource) -> Iterator[Any]:
    """The items of the one array that the text is.

    Raises:
        BrokenJSON: when it is not an array, is cut short, or holds an item that is no JSON.
    """
    window = _Window(source)
    if window.next_character() != "[":
        raise BrokenJSON("the text does not begin with [")
    window.position += 1
    if window.next_character() == "]":
        return
    while True:
        yield window.next_value()
        character = window.next_character()
        window.position += 1
        if character == "]":
            return
        if character != ",":
            raise BrokenJSON("there is no comma between two items")


class _Window:
    """The piece of the text that is being read."""

    def __init__(self, source: TextSource) -> None:
        self._source = source
        self._text = ""
        self.position = 0

    def _extend(self, size: int = PIECE) -> bool:
        """Forget what has been read and read on; False at the end of the text."""
        more = self._source.read(size)
        self._text = self._text[self.position :] + more
        self.position = 0
        return bool(more)

    def next_character(self) -> str:
        """The next character that is no white space, still to be read; empty at the end of the text."""
        while True:
            match = _SPACE.match(self._text, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self._text):
                return self._text[self.position]
            if not self._extend():
                return ""

    def next_value(self) -> Any:
        """Read one value. Where the piece ends within it, read on, each time twice as much, and begin it again."""
        self.next_character()
        size = PIECE
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self.position)
            except RecursionError:
                raise BrokenJSON("an item is nested too deeply") from None
            except ValueError:
                end = len(self._text)
            # A number at the very end of the piece may go on in the next.
            if end < len(self._text):
                self.position = end
                return value
            if len(self._text) - self.position > LARGEST_ITEM:
                raise BrokenJSON("an item is no JSON, or too long")
            if not self._extend(size):
                raise BrokenJSON("the text ends within an item or is no JSON")
            size *= 2
