"""What a prompt or a command answers: the value of the script's ``yield``, before conversion.

On the wire every payload is ``{"__type__": name, "value": value}``. Scripts read them as attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from sidestage.protocol.wire import untagged, value_type, wire_type


@wire_type
class PayloadVoid:
    """No answer: the command needed none, or the host gave none in time."""

    value: None = None


@wire_type
class PayloadTrue:
    """Yes, agreed, or done."""

    value: Literal[True] = True


@wire_type
class PayloadFalse:
    """No, declined, or skipped."""

    value: Literal[False] = False


@wire_type
class PayloadString:
    """A text that the participant chose or typed."""

    value: str


@wire_type
class PayloadJSON:
    """A JSON text."""

    value: str


@wire_type
class PayloadError:
    """The prompt could not be answered; the value says why."""

    value: str


@value_type("file")
@wire_type
class FileReference:
    """A file the participant chose. The worker opens it and reads it lazily from ``path``; nothing is copied."""

    path: str
    name: str
    size: int


@wire_type
class PayloadFile:
    """One file. Between page and worker the value is the browser's ``File``; in Python a file object."""

    value: FileReference


@wire_type
class PayloadFileArray:
    """Several files."""

    value: Sequence[FileReference]


@wire_type
class PayloadFiles:
    """Several files, under the name that some existing scripts expect."""

    value: Sequence[FileReference]


@untagged
@wire_type
class Review:
    """What the participant left out, per table id: the positions of the deleted rows, counted from 0.

    ``agreement`` is the number by which a donation may refer to what was agreed to; absent where it can only be text.
    """

    deleted: Mapping[str, Sequence[int]]
    agreement: int | None = None


@wire_type
class PayloadReview:
    """The participant agreed to the reviewed tables, less the deleted rows.

    Python, which has the tables, makes the rows of it.
    """

    value: Review


@untagged
@wire_type
class DonationResult:
    """Whether a donation arrived. ``status`` is the HTTP status; 0 is a network error."""

    success: bool
    key: str
    status: int
    error: str | None = None


@wire_type
class PayloadResponse:
    """The answer to a donation."""

    value: DonationResult


Payload: TypeAlias = (
    PayloadVoid
    | PayloadTrue
    | PayloadFalse
    | PayloadString
    | PayloadJSON
    | PayloadError
    | PayloadFile
    | PayloadFileArray
    | PayloadFiles
    | PayloadReview
    | PayloadResponse
)


@wire_type
class Response:
    """The page's answer to a command: the command's name and the payload."""

    command: str
    payload: Payload
