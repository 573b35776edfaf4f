"""Pages, and the prompts that stand on them. The names are those that existing scripts and hosts use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sidestage.protocol.wire import Text, named, untagged, wire_type


@wire_type
class PropsUIHeader:
    """The title above a page."""

    title: Text


@wire_type
class PropsUIPromptFileInput:
    """Ask for one file. Answered by PayloadFile, or PayloadFalse when skipped.

    ``extensions`` is a comma-separated list of what is accepted, such as ``.zip, application/json``.
    """

    description: Text
    extensions: str


@wire_type
class PropsUIPromptFileInputMultiple:
    """Ask for one file or more. Answered by PayloadFileArray, or PayloadFalse when skipped."""

    description: Text
    extensions: str


@wire_type
class PropsUIPromptConfirm:
    """A question with two buttons. Answered by PayloadTrue (``ok``) or PayloadFalse (``cancel``)."""

    text: Text
    ok: Text
    cancel: Text


@wire_type
class PropsUIPromptRetry:
    """Something did not work; one button to go on. Answered by PayloadTrue."""

    text: Text
    ok: Text


@untagged
@wire_type
class RadioItem:
    """One of the choices; ``value`` is shown and is the answer."""

    id: int
    value: Text


@wire_type
class PropsUIPromptRadioInput:
    """Choose one item. Answered by PayloadString with the item's value (in the first of its languages)."""

    title: Text
    description: Text
    items: Sequence[RadioItem]


@wire_type
class PropsUIPromptProgress:
    """Shown while Python works; answered by PayloadTrue at once. ``percentage`` is 0 to 100, or absent when unknown."""

    description: Text
    message: Text
    percentage: float | None = None


@wire_type
class PropsUIPromptText:
    """A text without an answer of its own. A page of texts alone gets a button to continue, answered by PayloadVoid.

    ``button`` names that button.
    """

    text: Text
    title: Text | None = None
    button: Text | None = None


@wire_type
class PropsUIPromptHelloWorld:
    """A text, for a first try."""

    text: Text


@wire_type
class PropsUIPromptConsentFormTable:
    """A table to review.

    ``data_frame`` is column-oriented JSON text, ``{column: {row: cell}}`` or ``{column: [cell]}``; a long table comes
    as a list of such texts, one after another, so that the page can read it in small pieces. ``headers`` gives
    columns other names to show.
    """

    id: str
    number: int
    title: Text
    description: Text
    data_frame: str | Sequence[str]
    headers: dict[str, Text] | None = None


@wire_type
class PropsUIDataSubmissionButtons:
    """The question and the buttons below the tables of a page. Answered by PayloadReview or PayloadFalse."""

    donate_question: Text | None = named("donateQuestion", default=None)
    donate_button: Text | None = named("donateButton", default=None)
    waiting: bool | None = None


@wire_type
class PropsUIPromptConsentForm:
    """Tables, question and buttons in one prompt. Answered by PayloadReview or PayloadFalse."""

    tables: Sequence[PropsUIPromptConsentFormTable]
    meta_tables: Sequence[PropsUIPromptConsentFormTable] = named("metaTables", default=())
    description: Text | None = None
    donate_question: Text | None = named("donateQuestion", default=None)
    donate_button: Text | None = named("donateButton", default=None)


Prompt: TypeAlias = (
    PropsUIPromptFileInput
    | PropsUIPromptFileInputMultiple
    | PropsUIPromptConfirm
    | PropsUIPromptRetry
    | PropsUIPromptRadioInput
    | PropsUIPromptProgress
    | PropsUIPromptText
    | PropsUIPromptHelloWorld
    | PropsUIPromptConsentFormTable
    | PropsUIDataSubmissionButtons
    | PropsUIPromptConsentForm
)


@wire_type
class PropsUIPageDataSubmission:
    """A page of prompts. ``platform`` names whose data it is about."""

    platform: str
    header: PropsUIHeader
    body: Sequence[Prompt]


@wire_type
class PropsUIPageEnd:
    """The clear last page."""


@wire_type
class PropsUIPageError:
    """Something broke in the script; ``message`` is the traceback.

    Answered by PayloadTrue (report) or PayloadFalse (skip).
    """

    message: str


Page: TypeAlias = PropsUIPageDataSubmission | PropsUIPageEnd | PropsUIPageError
