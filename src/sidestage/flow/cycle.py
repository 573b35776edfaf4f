"""The run cycle: one answer in, one command out.

The wrapper turns what a script yields into commands and answers into the values of the ``yield``. A script that
fails ends in a page of its own, where the participant decides whether the error may be reported.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Generator
from typing import Any, get_args

from sidestage.errors import author_traceback
from sidestage.flow.forgotten import Forgotten, forget_dropped, forgotten_steps
from sidestage.flow.pages import PropsUIHeader, PropsUIPageDataSubmission, PropsUIPageError
from sidestage.flow.payload import read_payload
from sidestage.flow.prompts import Prompt, ask
from sidestage.flow.shown import ShownPage
from sidestage.flow.step import FlowError, PromptError, Step, wire_text
from sidestage.flow.system import strict_json
from sidestage.protocol import (
    Command,
    CommandSystemDonate,
    CommandSystemExit,
    CommandUIRender,
    Payload,
    PayloadError,
    PayloadTrue,
)

_COMMANDS = get_args(Command)


class ScriptWrapper:
    """Drives a script's generator.

    Args:
        script: what the script's ``process`` returned.
        platform: names whose data the flow is about; stands in error reports and on pages that name none.
        title: stands above every page that has none of its own; one text, or one per language.
    """

    def __init__(self, script: Generator[Any, Any, Any], platform: str | None = None, title: Any = "") -> None:
        self._script = script
        self._platform = platform or ""
        self._title = wire_text(title or "", "title")
        self._step: Step | None = None
        self._exit: CommandSystemExit | None = None
        self._forgotten: list[Forgotten] = []

    def take_forgotten(self) -> list[Forgotten]:
        """The steps that the script made and never yielded, as far as they were not taken before."""
        taken, self._forgotten = self._forgotten, []
        return taken

    @property
    def step(self) -> Step | None:
        """The step that waits for its answer."""
        return self._step

    def send(self, payload: Any = None) -> Command:
        """Give the answer to the last command and get the next one.

        Args:
            payload: a payload object, its form on the wire, or None; ignored the first time.

        After the end this returns the same ``CommandSystemExit`` again and again. It never raises for what the script
        does.
        """
        if self._exit is not None:
            return self._exit
        forget_dropped()
        try:
            value = self._meaning(read_payload(payload))
        except Exception as error:
            value = error.with_traceback(None)
        command = self._resume(value)
        self._forgotten += [each for each in forgotten_steps() if each not in self._forgotten]
        return command

    def _meaning(self, payload: Payload) -> Any:
        if self._step is None:
            return None
        if isinstance(payload, PayloadError):
            raise PromptError(payload.value)
        try:
            return self._step.meaning(payload)
        except (AttributeError, LookupError, TypeError):
            kind = type(payload).__name__
            raise FlowError(f"{self._step.asks} was answered by a {kind}, which does not fit") from None

    def _resume(self, value: Any) -> Command:
        """Run the script to its next command, whatever it does on the way."""
        while True:
            try:
                yielded = self._script.throw(value) if isinstance(value, Exception) else self._script.send(value)
            except StopIteration:
                return self._end(CommandSystemExit(0, "End of script"))
            except SystemExit as error:
                return self._end(_exit_of(error))
            except BaseException as error:
                return self._fail(error)
            value = None
            if yielded is not None:
                try:
                    return self._take(yielded)
                except FlowError as error:
                    value = error.with_traceback(None)

    def _take(self, yielded: Any) -> Command:
        """What the script yielded, as a command."""
        self._step = as_step(yielded)
        self._step.yielded()
        command = self._step.command
        if isinstance(command, CommandSystemExit):
            return self._end(command)
        if isinstance(command, CommandUIRender) and isinstance(command.page, PropsUIPageDataSubmission):
            return CommandUIRender(self._filled_in(command.page))
        if isinstance(command, CommandSystemDonate):
            return CommandSystemDonate(command.key, strict_json(command.json_string))
        return command

    def _filled_in(self, page: PropsUIPageDataSubmission) -> PropsUIPageDataSubmission:
        return dataclasses.replace(
            page,
            platform=page.platform or self._platform,
            header=page.header if page.header.title else PropsUIHeader(self._title),
            body=page.whole_body(),
        )

    def _fail(self, error: BaseException) -> Command:
        """Go on with the page that says what broke; the exit code is then 1, which hosts take for not completed."""
        self._script = error_flow(self._platform, script_traceback(error))
        self._step = None
        return self._resume(None)

    def _end(self, command: CommandSystemExit) -> CommandSystemExit:
        self._exit = command
        self._step = None
        try:
            self._script.close()
        except BaseException as error:
            # A script that yields or raises while it is being closed has nobody to ask any more; its flow is over.
            self._exit = dataclasses.replace(command, info=f"{command.info} ({_late(error)})".strip())
        return self._exit


def as_step(yielded: Any) -> Step:
    """What a script yielded, as a step; a command of the protocol is one whose answer is its payload.

    Raises:
        FlowError: if it is neither, nor a prompt of the study's own.
    """
    if isinstance(yielded, Step):
        return yielded
    if isinstance(yielded, CommandUIRender) and isinstance(page := yielded.page, ShownPage):
        return Step("command", yielded, lambda payload: page.waiting().existing_payload(payload, page))
    if isinstance(yielded, _COMMANDS):
        return Step("command", yielded, lambda payload: payload)
    if isinstance(yielded, Prompt):
        return ask(yielded)
    raise FlowError(
        f"a flow cannot yield {_shortened(yielded)}; yield what the functions of sidestage.flow make, "
        "such as flow.ask_file(...) or flow.donate(...)"
    )


def error_flow(platform: str, trace: str) -> Generator[Command, Any, None]:
    """Show what broke; report it only if the participant agrees; exit with code 1."""
    answer = yield CommandUIRender(PropsUIPageError(trace))
    if isinstance(answer, PayloadTrue):
        now = datetime.datetime.now(datetime.UTC).isoformat()
        report = json.dumps({"platform": platform, "traceback": trace, "timestamp": now})
        yield CommandSystemDonate("error-report", report)
    yield CommandSystemExit(1, "Error in script")


def script_traceback(error: BaseException) -> str:
    """The traceback from the script's own first line on, without the frames that drive it."""
    if isinstance(error, KeyboardInterrupt):
        error = FlowError("the script was stopped because it took too long").with_traceback(error.__traceback__)
    return author_traceback(error)


def _exit_of(error: SystemExit) -> CommandSystemExit:
    if error.code is None or isinstance(error.code, int):
        return CommandSystemExit(error.code or 0, "The script called sys.exit")
    return CommandSystemExit(1, str(error.code))


def _late(error: BaseException) -> str:
    """What a script did after its end."""
    if isinstance(error, RuntimeError) and "ignored GeneratorExit" in str(error):
        return "the script yielded again after its end, which nobody sees; yield nothing in a finally block"
    return f"after its end the script raised {type(error).__name__}"


def _shortened(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} (a {type(value).__name__})"
