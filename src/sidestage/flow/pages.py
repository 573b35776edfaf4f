"""The pages. The names are those that existing scripts and hosts use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from sidestage.flow.shown import Given, Participant, Shown, ShownPage, ShownPrompt, yes_or_no
from sidestage.protocol import Payload, Prompt, Text
from sidestage.protocol.wire import wire_type


@wire_type
class PropsUIHeader:
    """The title above a page."""

    title: Text


@wire_type
class PropsUIPageDataSubmission(ShownPage):
    """A page of prompts. ``platform`` names whose data it is about."""

    platform: str
    header: PropsUIHeader
    body: Sequence[Prompt]

    def prompts(self) -> Sequence[ShownPrompt]:
        return [prompt for prompt in self.whole_body() if isinstance(prompt, ShownPrompt)]

    def whole_body(self) -> Sequence[Prompt]:
        """The body as a list; existing scripts may give one prompt instead."""
        return self.body if isinstance(self.body, (list, tuple)) else (cast("Prompt", self.body),)

    def waiting(self) -> Shown:
        """The prompt that waits for the participant; on a page without one the last, which is answered by going on."""
        prompts = self.prompts()
        asking = [prompt for prompt in prompts if prompt.answered_by == "participant"]
        return [self, *prompts, *asking][-1]

    def answers_itself(self) -> bool:
        """Whether it only shows how far the script is."""
        kinds = {prompt.answered_by for prompt in self.prompts()}
        return "itself" in kinds and "participant" not in kinds

    def visible_texts(self) -> Iterable[Text | None]:
        yield self.header.title
        for prompt in self.prompts():
            yield from prompt.visible_texts()


@wire_type
class PropsUIPageEnd(ShownPage):
    """The clear last page."""


@wire_type
class PropsUIPageError(ShownPage):
    """Something broke in the script; ``message`` is the traceback.

    Answered by PayloadTrue (report) or PayloadFalse (skip).
    """

    message: str

    usage = "answer(True) to report the error, answer(False) not to"

    def visible_texts(self) -> Iterable[Text | None]:
        return (self.message,)

    def payload_in_test(self, given: Given, _participant: Participant, /) -> Payload | None:
        return yes_or_no(given)
