"""What a prompt or a page says of itself: to the page that draws it, and to a test that answers it.

A test is whatever plays a participant without a browser: ``sidestage.testing``, and ``sidestage check``. In the browser
none of that runs, so it is plain code and imports nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from sidestage.protocol import FileReference, Page, Payload, PayloadFalse, PayloadTrue, PayloadVoid, Prompt, Text

#: Who answers a prompt: the participant; the prompt itself, at once; or nobody, since it is only there to be read.
AnsweredBy: TypeAlias = Literal["participant", "itself", "nobody"]
#: What a test gave to ``Player.answer``, by the names of its parameters; the first is called ``choice``.
Given: TypeAlias = Mapping[str, Any]


class Shown:
    """What prompts and pages have in common.

    Attributes:
        shown_by: the name of the function of ``sidestage.flow`` that shows it; empty where there is none.
        usage: what a test can say to answer it.
        skipping: what a test says by ``skip()``.
    """

    shown_by: ClassVar[str] = ""
    usage: ClassVar[str] = "answer()"
    skipping: ClassVar[Given] = {"choice": False}

    def visible_texts(self) -> Iterable[Text | None]:
        """Its texts, in the order in which they are read; the cells of tables are none."""
        return ()

    def payload_in_test(self, given: Given, _participant: Participant, /) -> Payload | None:
        """The payload that the page would send for what a test gives; None if that does not fit.

        Raises:
            AssertionError: if it nearly fits; the message says what is wrong.
        """
        return None if given else PayloadVoid()

    def answers_to_try(self, _participant: Participant, /) -> Sequence[tuple[str, Given]]:
        """The answers that a rehearsal tries, each with words for it, such as "pressed 'Yes'"."""
        return [("went on", {})]

    def agreed_to(self, _payload: Payload, _page: ShownPage, /) -> Mapping[str, Any] | None:
        """What the participant agrees to by a payload, by the names it has in a donation; None where to nothing."""
        return None

    def existing_payload(self, payload: Payload, _page: ShownPage, /) -> Payload:
        """A payload as scripts expect it that yield commands themselves."""
        return payload


class ShownPrompt(Shown, Prompt):
    """A prompt that the page draws.

    Attributes:
        answered_by: who answers it.
        own_buttons: whether it has the buttons that answer it; the page adds them to the others.
        is_wide: whether it wants more width than text.
    """

    answered_by: ClassVar[AnsweredBy] = "participant"
    own_buttons: ClassVar[bool] = False
    is_wide: ClassVar[bool] = False


class ShownPage(Shown, Page):
    """A page."""

    def prompts(self) -> Sequence[ShownPrompt]:
        """What stands on it."""
        return ()

    def waiting(self) -> Shown:
        """What the participant answers: the page itself, or a prompt on it."""
        return self

    def answers_itself(self) -> bool:
        """Whether it waits for nobody."""
        return False


class Participant:
    """Who answers in a test.

    Attributes:
        page: what they look at.
        details: what the step that shows it tells tests.
    """

    page: ShownPage
    details: Mapping[str, Any]

    def read(self, text: Text) -> str:
        """A text in their language."""
        raise NotImplementedError

    def choose_file(self, file: Any, name: str | None = None) -> FileReference:
        """A file to answer with.

        Args:
            file: a path, or bytes.
            name: its name, for bytes.

        Raises:
            AssertionError: if it is not there.
        """
        raise NotImplementedError

    def files_to_try(self) -> Sequence[str]:
        """The paths of files that there are to try a script with."""
        raise NotImplementedError


def yes_or_no(given: Given) -> Payload | None:
    """The payload for ``answer(True)`` or ``answer(False)``."""
    if given.keys() == {"choice"} and isinstance(given["choice"], bool):
        return PayloadTrue() if given["choice"] else PayloadFalse()
    return None
