"""A step of a flow: a command, and what its answer means in Python."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from sidestage.errors import SidestageError
from sidestage.flow.forgotten import Remembered
from sidestage.flow.pages import PropsUIHeader, PropsUIPageDataSubmission
from sidestage.protocol import Command, CommandUIRender, Prompt, Translatable
from sidestage.protocol import Text as WireText

#: A text as authors write it: one string, or one per language.
Text: TypeAlias = str | Mapping[str, str]


class FlowError(SidestageError):
    """A script used the flow in a way that cannot work; the message says which and what would."""


class PromptError(FlowError):
    """The page could not answer a prompt; the message is the page's own reason."""


@dataclasses.dataclass(frozen=True)
class Step(Remembered):
    """What a flow yields.

    Attributes:
        asks: the name of the function of ``sidestage.flow`` that made it.
        command: what the page or its host is asked.
        meaning: makes the value of the ``yield`` from the answer's payload.
        details: what a test of the flow may want to look at, such as the tables under review.
    """

    asks: str
    command: Command
    meaning: Callable[[Any], Any]
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def wire_text(text: Text | WireText, what: str) -> WireText:
    """A text as the protocol has it.

    Raises:
        FlowError: if it is neither a string nor a non-empty mapping of locales to strings.
    """
    if isinstance(text, (str, Translatable)):
        return text
    if isinstance(text, Mapping) and isinstance(text.get("translations"), Mapping):
        text = cast("Mapping[str, str]", text["translations"])
    if isinstance(text, Mapping) and text and all(isinstance(item, str) for pair in text.items() for item in pair):
        return Translatable(dict(text))
    raise FlowError(f'{what} must be a string, or one string per language such as {{"en": "..."}}; got {text!r}')


def render(title: Text | None, *body: Prompt) -> CommandUIRender:
    """A page of prompts. An empty title and platform are filled in by the run cycle."""
    header = PropsUIHeader(wire_text(title, "title") if title is not None else "")
    return CommandUIRender(PropsUIPageDataSubmission(platform="", header=header, body=body))
