"""The error of a value that cannot go to the other side."""

from __future__ import annotations

from sidestage.errors import SidestageError

#: Characters of the place of an error that are told; a value nested a thousand deep has thousands.
_LONGEST_PATH = 120


class ConversionError(SidestageError):
    """A value has no form on the other side; the message names it and where it stands."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        #: What the value is called, and the way from there to what has no form.
        self.name = "result"
        self.path = ""

    def within(self, step: str) -> ConversionError:
        """The same error, seen from one level further out."""
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        path = self.path if len(self.path) <= _LONGEST_PATH else f"{self.path[:_LONGEST_PATH]}…"
        return f"{self.reason} (at {self.name}{path})" if path else self.reason
