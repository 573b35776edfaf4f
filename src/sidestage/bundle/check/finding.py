"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that an author should know.

    Attributes:
        file: where it is; empty where it is in no file.
        line: from 1; 0 where it is on no line.
        sentence: what is wrong, and what to do.
        fails: whether something would fail for a participant.
    """

    file: str
    line: int
    sentence: str
    fails: bool = True

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.sentence
