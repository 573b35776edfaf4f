"""What a flow asks of the page: to show something, to send something, or to end."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sidestage.protocol.pages import Page
from sidestage.protocol.wire import wire_type

#: How serious a log line is.
LogLevel: TypeAlias = Literal["debug", "info", "warn", "error"]


@wire_type
class CommandUIRender:
    """Show a page and wait for the participant's answer."""

    page: Page


@wire_type
class CommandSystemDonate:
    """Send ``json_string`` to the researcher under ``key``."""

    key: str
    json_string: str


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


Command: TypeAlias = CommandUIRender | CommandSystemDonate | CommandSystemLog | CommandSystemExit | CommandSystemEvent
