"""What a flow asks of the page: to show something, to send something, or to end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from sidestage.protocol.pages import Page
from sidestage.protocol.wire import untagged, wire_type

#: How serious a log line is.
LogLevel: TypeAlias = Literal["debug", "info", "warn", "error"]
#: What a donation makes of what was agreed to: an object with each part under its name, the one part, or its rows.
AgreedForm: TypeAlias = Literal["parts", "part", "rows"]


@wire_type
class CommandUIRender:
    """Show a page and wait for the participant's answer."""

    page: Page


@wire_type
class CommandSystemDonate:
    """Send ``json_string`` to the researcher under ``key``."""

    key: str
    json_string: str


@untagged
@wire_type
class AgreedPart:
    """Something that the participant agreed to: ``agreement`` is the number in the answer, ``name`` a table's id."""

    agreement: int
    name: str


@wire_type
class CommandSystemDonateAgreed:
    """Send what the participant agreed to under ``key``. The page has it, and writes it as its JSON text.

    ``form`` is "parts" for an object with each part under its name, "part" for the one part by itself, and "rows" for
    the rows of the one part.
    """

    key: str
    parts: Sequence[AgreedPart]
    form: AgreedForm


@wire_type
class CommandSystemLog:
    """Send a line to the researcher's log. ``json_string`` is ``{"level", "message"}``: some hosts parse that one."""

    level: LogLevel
    message: str
    json_string: str


@wire_type
class CommandSystemExit:
    """End the flow. Code 0 means that the participant completed it; hosts take any other code for not completed."""

    code: int
    info: str


@wire_type
class CommandSystemEvent:
    """Something the page tells its host, such as ``initialized``."""

    name: str


Command: TypeAlias = (
    CommandUIRender
    | CommandSystemDonate
    | CommandSystemDonateAgreed
    | CommandSystemLog
    | CommandSystemExit
    | CommandSystemEvent
)
