"""Ask a question with two buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sidestage.flow.shown import Given, Participant, ShownPrompt, yes_or_no
from sidestage.flow.step import Step, Text, render, wire_text
from sidestage.protocol import Payload
from sidestage.protocol import Text as WireText
from sidestage.protocol.wire import wire_type


@wire_type
class PropsUIPromptConfirm(ShownPrompt):
    """A question with two buttons. Answered by PayloadTrue (``ok``) or PayloadFalse (``cancel``)."""

    text: WireText
    ok: WireText
    cancel: WireText

    shown_by = "confirm"
    own_buttons = True
    usage = "answer(True) or answer(False)"

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.text, self.ok, self.cancel)

    def payload_in_test(self, given: Given, _participant: Participant, /) -> Payload | None:
        return yes_or_no(given)

    def answers_to_try(self, participant: Participant, /) -> Sequence[tuple[str, Given]]:
        return [
            (f"pressed {participant.read(self.ok)!r}", {"choice": True}),
            (f"pressed {participant.read(self.cancel)!r}", {"choice": False}),
        ]


def confirm(text: Text, *, yes: Text | None = None, no: Text | None = None, title: Text | None = None) -> Step:
    """Ask a question with two buttons; ``yes`` and ``no`` are their names.

    The ``yield`` returns True or False.
    """
    ok = wire_text(yes if yes is not None else {"en": "Yes", "nl": "Ja"}, "yes")
    cancel = wire_text(no if no is not None else {"en": "No", "nl": "Nee"}, "no")
    return Step("confirm", render(title, PropsUIPromptConfirm(wire_text(text, "text"), ok, cancel)), _is_true)


def _is_true(payload: Any) -> bool:
    return payload.value is True
