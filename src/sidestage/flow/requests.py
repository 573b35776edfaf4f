"""The requests that drive a flow."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from typing import Annotated, Any

from sidestage.flow.cycle import ScriptWrapper
from sidestage.flow.forgotten import FORGOTTEN_YIELD
from sidestage.flow.script import load_process, seed_random, start_process
from sidestage.flow.step import FlowError
from sidestage.protocol import Command, Response
from sidestage.protocol.requests import Context, Handlers, request
from sidestage.protocol.wire import Text, WireForm, named, untagged, wire_type


@untagged
@wire_type
class StartFlowRequest:
    """Which flow, and for whom.

    Attributes:
        script: the script's path in the worker's folder.
        session_id: the participant's session; random numbers follow from it.
        platform: names whose data the flow is about.
        title: stands above every page that has none of its own.
    """

    script: str
    session_id: str = named("sessionId")
    platform: str | None = None
    title: Annotated[Any, WireForm(Text)] = None


@untagged
@wire_type
class CommandReply:
    """What the flow asks for next. Who performs it checks it, and tells the flow what does not fit."""

    command: Annotated[Any, WireForm(Command)]


class Requests(Handlers):
    """One flow at a time: what was started last."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._flow: ScriptWrapper | None = None

    @request(returns="command")
    def start_flow(self, asked: StartFlowRequest) -> CommandReply:
        """Load a script from the worker's folder and run its flow to the first command, which is returned.

        With a time limit, a script that takes longer is interrupted; the flow then goes on to its error page.
        """

        def run() -> Generator[Any, Any, Any]:
            # What fails while the script is loaded fails inside its flow, and so ends in the flow's error page.
            seed_random(asked.session_id)
            process = load_process(asked.script)
            # Once more: the script may have imported numpy, which has random numbers of its own.
            seed_random(asked.session_id)
            return (yield from start_process(process, asked.session_id, asked.platform))

        self._flow = ScriptWrapper(run(), asked.platform, asked.title or "")
        return self._go_on(self._flow, None)

    @request(returns="command")
    def answer(self, response: Annotated[dict[str, Any], WireForm(Response)]) -> CommandReply:
        """Answer the flow's last command and run it to the next.

        A file in the payload stays where it is: Python opens it there.
        """
        if self._flow is None:
            raise FlowError("no flow is under way in this worker; start one first")
        return self._go_on(self._flow, response.get("payload"))

    def _go_on(self, flow: ScriptWrapper, payload: Any) -> CommandReply:
        command = flow.send(payload)
        for forgotten in flow.take_forgotten():
            # For the author; on a participant's page nobody sees it.
            with contextlib.suppress(Exception):
                sys.stderr.write(f"{FORGOTTEN_YIELD}{forgotten}\n")
        return CommandReply(command)
