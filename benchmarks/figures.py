"""Figures of two sides: collected round by round, and shown beside each other."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

#: What one side measured in one round: figures by name. A text stands where there is no figure, and says why.
Round = Mapping[str, float | str]


@dataclass(frozen=True)
class Sample:
    """The same thing measured several times; ``unit`` is "ms" or "MB"."""

    values: Sequence[float]
    unit: str

    @property
    def median(self) -> float:
        """The middle figure."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        """The median, and between which figures it lies, in a unit that suits its size."""
        low, high = min(self.values), max(self.values)
        if self.unit == "ms" and self.median >= 1000:
            return f"{self.median / 1000:.2f} s ({low / 1000:.2f}–{high / 1000:.2f})"
        digits = 0 if self.median >= 100 else 1 if self.median >= 10 else 2 if self.median >= 1 else 3
        if self.unit == "MB":
            digits = min(digits, 1)
        return f"{self.median:,.{digits}f} {self.unit} ({low:,.{digits}f}–{high:,.{digits}f})"


@dataclass(frozen=True)
class Row:
    """One line of a comparison. A side is a text where it has no figure."""

    name: str
    ours: Sample | str
    other: Sample | str = ""

    @property
    def ratio(self) -> str:
        """How much of the other way's figure ours is: the median over the rounds, each round's two figures compared."""
        if isinstance(self.ours, str) or isinstance(self.other, str) or min(self.other.values) <= 0:
            return ""
        ratio = statistics.median(ours / other for ours, other in zip(self.ours.values, self.other.values, strict=True))
        if ratio < 0:
            return ""
        return f"{ratio:.1f}×" if ratio >= 10 else f"{ratio:.2f}×" if ratio >= 0.1 else f"{ratio:.3f}×"


@dataclass(frozen=True)
class Comparison:
    """A benchmark's outcome: what was done, what the other way is, and the lines."""

    title: str
    other_way: str
    rows: Sequence[Row]


def interleaved(rounds: int, *sides: Callable[[], Round]) -> list[list[Round]]:
    """Measure every side once per round, one after the other (A B A B), so that a busy minute meets them all."""
    measured: list[list[Round]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, found in zip(sides, measured, strict=True):
            found.append(side())
    return measured


def sample(rounds: Sequence[Round], name: str, unit: str = "ms") -> Sample | str:
    """One figure over all rounds; a text if a round had a text instead, or nothing."""
    values = [found.get(name, "") for found in rounds]
    reason = next((value for value in values if isinstance(value, str)), None)
    return reason if reason is not None else Sample([float(value) for value in values], unit)


def percentile(values: Sequence[float], share: float) -> float:
    """The figure that this share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def plain_table(comparison: Comparison) -> str:
    """A comparison to read in a terminal."""
    head = ("", "ratio", "Sidestage", "the other way")
    lines = [head, *((row.name, row.ratio, str(row.ours), str(row.other)) for row in comparison.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    padded = ["  " + "  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    return "\n".join([comparison.title, f"  The other way: {comparison.other_way}", *padded])


def markdown_table(comparisons: Sequence[Comparison]) -> str:
    """All comparisons as one table to paste into a page."""
    lines = ["| | ratio | Sidestage | the other way |", "|---|---:|---|---|"]
    for comparison in comparisons:
        lines.append(f"| **{comparison.title}** | | | {comparison.other_way} |")
        lines += [f"| {row.name} | {row.ratio} | {row.ours} | {row.other} |" for row in comparison.rows]
    return "\n".join(lines)
