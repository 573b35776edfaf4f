"""Ask for one of several answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sidestage.flow.shown import Given, Participant, ShownPrompt
from sidestage.flow.step import FlowError, Step, Text, render, wire_text
from sidestage.protocol import Payload, PayloadString
from sidestage.protocol import Text as WireText
from sidestage.protocol.locale import first_language
from sidestage.protocol.wire import untagged, wire_type

#: Answers to choose from: texts, or the answer that the script gets for each text.
Choices: TypeAlias = "Sequence[str] | Mapping[str, Text]"


@untagged
@wire_type
class RadioItem:
    """One of the choices; ``value`` is shown and is the answer."""

    id: int
    value: WireText


@wire_type
class PropsUIPromptRadioInput(ShownPrompt):
    """Choose one item. Answered by PayloadString with the item's value (in the first of its languages)."""

    title: WireText
    description: WireText
    items: Sequence[RadioItem]

    shown_by = "ask_choice"
    own_buttons = True
    usage = "answer('one of the choices')"

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.title, self.description, *(item.value for item in self.items))

    def payload_in_test(self, given: Given, participant: Participant, /) -> Payload | None:
        choice = given.get("choice")
        if len(given) != 1 or not isinstance(choice, str):
            return None
        firsts = [first_language(item.value) for item in self.items]
        shown = [participant.read(item.value) for item in self.items]
        answers = participant.details.get("answers", {})
        meant = [answers.get(first, first) for first in firsts]
        for names in (shown, firsts, meant):
            if choice in names:
                return PayloadString(firsts[names.index(choice)])
        raise AssertionError(f"{choice!r} is none of the choices: {', '.join(map(repr, shown))}")

    def answers_to_try(self, participant: Participant, /) -> Sequence[tuple[str, Given]]:
        texts = [participant.read(item.value) for item in self.items]
        return [(f"chose {text!r}", {"choice": text}) for text in texts]


def ask_choice(question: Text, choices: Choices, *, description: Text = "", title: Text | None = None) -> Step:
    """Ask for one of several answers.

    Args:
        question: stands above the choices.
        choices: the texts to choose from, each also the answer; or a mapping from answers to texts, where texts need
            translating.
        description: an explanation below the question.
        title: stands above the page instead of the study's title.

    The ``yield`` returns the chosen answer, a str.

    Raises:
        FlowError: if there are no choices, two look the same, or they are one text.
    """
    if isinstance(choices, str) or not isinstance(choices, Iterable):
        raise FlowError(f'ask_choice: choices must be a list such as ["yes", "no"], or a mapping; got {choices!r}')
    pairs = choices.items() if isinstance(choices, Mapping) else [(choice, choice) for choice in choices]
    texts = [(answer, wire_text(text, "a choice")) for answer, text in pairs]
    answers = {first_language(text): answer for answer, text in texts}
    if not texts or len(answers) < len(texts):
        reason = "two choices look the same" if texts else "there is nothing to choose"
        raise FlowError(f"ask_choice: {reason}; give one text per answer")
    items = [RadioItem(position, text) for position, (_, text) in enumerate(texts)]
    prompt = PropsUIPromptRadioInput(wire_text(question, "question"), wire_text(description, "description"), items)

    def chosen(payload: Any) -> str:
        return answers[payload.value]

    return Step("ask_choice", render(title, prompt), chosen, {"answers": answers})
