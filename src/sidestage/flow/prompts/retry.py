"""Something did not work, and there is one button to go on: for scripts that yield commands."""

from __future__ import annotations

from collections.abc import Iterable

from sidestage.flow.shown import Given, Participant, ShownPrompt
from sidestage.protocol import Payload, PayloadTrue, Text
from sidestage.protocol.wire import wire_type


@wire_type
class PropsUIPromptRetry(ShownPrompt):
    """Something did not work; one button to go on. Answered by PayloadTrue."""

    text: Text
    ok: Text

    own_buttons = True

    def visible_texts(self) -> Iterable[Text | None]:
        return (self.text, self.ok)

    def payload_in_test(self, given: Given, _participant: Participant, /) -> Payload | None:
        return None if given else PayloadTrue()
