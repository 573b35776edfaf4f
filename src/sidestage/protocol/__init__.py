"""What the page, the worker and the server say to one another: messages, commands, payloads, pages.

Data only. Nothing here decides anything; nothing here may import another room of Sidestage. The TypeScript
types are generated from these definitions, and ``examples/`` holds one file per message that the tests of both
languages replay.

The types of pages and prompts are above this room, in ``sidestage.flow``, each beside what is done with it. Existing
scripts know them by this room's name: ``types_gen`` tells where each is, and this room knows none of them.

``messages`` is asked for by its own name: in the browser nobody needs its classes, and each takes its time there.
"""

from importlib import import_module
from typing import Any

from sidestage.protocol.commands import (
    AgreedForm,
    AgreedPart,
    Command,
    CommandSystemDonate,
    CommandSystemDonateAgreed,
    CommandSystemEvent,
    CommandSystemExit,
    CommandSystemLog,
    CommandUIRender,
    LogLevel,
)
from sidestage.protocol.pages import Page, Prompt
from sidestage.protocol.payloads import (
    DonationResult,
    FileReference,
    Payload,
    PayloadError,
    PayloadFalse,
    PayloadFile,
    PayloadFileArray,
    PayloadFiles,
    PayloadJSON,
    PayloadResponse,
    PayloadReview,
    PayloadString,
    PayloadTrue,
    PayloadVoid,
    Response,
    Review,
)
from sidestage.protocol.types_gen import PLACES
from sidestage.protocol.wire import Text, Translatable, to_wire

__all__ = [
    "AgreedForm",
    "AgreedPart",
    "Command",
    "CommandSystemDonate",
    "CommandSystemDonateAgreed",
    "CommandSystemEvent",
    "CommandSystemExit",
    "CommandSystemLog",
    "CommandUIRender",
    "DonationResult",
    "FileReference",
    "LogLevel",
    "Page",
    "Payload",
    "PayloadError",
    "PayloadFalse",
    "PayloadFile",
    "PayloadFileArray",
    "PayloadFiles",
    "PayloadJSON",
    "PayloadResponse",
    "PayloadReview",
    "PayloadString",
    "PayloadTrue",
    "PayloadVoid",
    "Prompt",
    "Response",
    "Review",
    "Text",
    "Translatable",
    "to_wire",
]


def __getattr__(name: str) -> Any:
    """The type of a page, a prompt or a part of one; whoever only speaks of messages does not load them."""
    if name in PLACES:
        return getattr(import_module(PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
