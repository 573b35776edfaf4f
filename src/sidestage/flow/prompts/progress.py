"""Show how far the script is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sidestage.flow.shown import ShownPrompt
from sidestage.flow.step import FlowError, Step, Text, render, wire_text
from sidestage.protocol import Text as WireText
from sidestage.protocol.wire import wire_type


@wire_type
class PropsUIPromptProgress(ShownPrompt):
    """Shown while Python works; answered by PayloadTrue at once. ``percentage`` is 0 to 100, or absent when unknown."""

    description: WireText
    message: WireText
    percentage: float | None = None

    shown_by = "show_progress"
    answered_by = "itself"

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.description, self.message)


def show_progress(
    message: Text, percentage: float | None = None, *, description: Text = "", title: Text | None = None
) -> Step:
    """Show how far the script is; it goes on at once, and the page keeps showing it meanwhile.

    Args:
        message: what is being done.
        percentage: 0 to 100, or None where it cannot be known.
        description: what this is all about.
        title: stands above the page instead of the study's title.

    The ``yield`` returns None.

    Raises:
        FlowError: if the percentage is no number.
    """
    shown = None if percentage is None else _percentage(percentage)
    prompt = PropsUIPromptProgress(wire_text(description, "description"), wire_text(message, "message"), shown)
    return Step("show_progress", render(title, prompt), _nothing)


def _percentage(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        raise FlowError(f"show_progress: the percentage must be a number from 0 to 100, or None; got {value!r}")
    return min(max(number, 0.0), 100.0)


def _nothing(_payload: Any) -> None:
    return None
