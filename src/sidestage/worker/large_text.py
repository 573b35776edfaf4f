"""A large text on the wire: it goes piece by piece, as UTF-8 bytes, so that no copy of the whole is made for it."""

from __future__ import annotations

from collections.abc import Iterator

from sidestage.protocol.limits import LONGEST_TEXT
from sidestage.worker.conversion_error import ConversionError

#: Characters of a piece.
_PIECE = 1_000_000


class LargeText:
    """A text that is sent beside its message.

    Args:
        text: the text.

    Raises:
        ConversionError: if browsers cannot hold it.
    """

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            raise ConversionError(
                f"a text of {len(text):,} characters is too long to be sent, since browsers hold {LONGEST_TEXT:,}; "
                "return it in parts, or as bytes"
            )
        self._text = text

    def pieces(self) -> Iterator[tuple[bytes | str, bool]]:
        """Its pieces in order, and whether each is the last; one with half a character in it has no bytes."""
        for start in range(0, len(self._text), _PIECE):
            piece = self._text[start : start + _PIECE]
            try:
                made: bytes | str = piece.encode()
            except UnicodeEncodeError:
                made = piece
            yield made, start + _PIECE >= len(self._text)

    def __bytes__(self) -> bytes:
        return self._text.encode(errors="surrogatepass")
