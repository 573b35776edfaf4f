"""Show a text until the participant goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sidestage.flow.shown import ShownPrompt
from sidestage.flow.step import Step, Text, render, wire_text
from sidestage.protocol import Text as WireText
from sidestage.protocol.wire import wire_type


@wire_type
class PropsUIPromptText(ShownPrompt):
    """A text without an answer of its own. A page of texts alone gets a button to continue, answered by PayloadVoid.

    ``button`` names that button.
    """

    text: WireText
    title: WireText | None = None
    button: WireText | None = None

    shown_by = "show_text"
    answered_by = "nobody"

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.title, self.text, self.button)


@wire_type
class PropsUIPromptHelloWorld(ShownPrompt):
    """A text, for a first try."""

    text: WireText

    answered_by = "nobody"

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.text,)


def show_text(text: Text, *, title: Text | None = None, button: Text | None = None) -> Step:
    """Show a text until the participant goes on; ``button`` is the name of the button, "Continue" unless given.

    Empty lines in the text divide paragraphs. The ``yield`` returns None.
    """
    named_button = wire_text(button, "button") if button is not None else None
    return Step("show_text", render(title, PropsUIPromptText(wire_text(text, "text"), button=named_button)), _nothing)


def _nothing(_payload: Any) -> None:
    return None
