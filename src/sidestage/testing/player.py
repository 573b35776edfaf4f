"""Plays a participant: drives a flow through the run cycle, one page after another."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sidestage.flow import ScriptWrapper
from sidestage.flow.forgotten import Forgotten
from sidestage.flow.pages import PropsUIPageError
from sidestage.flow.payload import read_payload
from sidestage.flow.prompts import prompt_types
from sidestage.flow.prompts.progress import PropsUIPromptProgress
from sidestage.flow.prompts.review import tables_on
from sidestage.flow.script import start_process
from sidestage.protocol import (
    Command,
    CommandSystemDonate,
    CommandSystemDonateAgreed,
    CommandSystemEvent,
    CommandSystemExit,
    CommandSystemLog,
    CommandUIRender,
    Payload,
    PayloadFile,
    PayloadFileArray,
    PayloadTrue,
    PayloadVoid,
    to_wire,
)
from sidestage.testing.donations import ACCEPTED, PlayedAgreements, PlayedDonations
from sidestage.testing.loading import loaded, never_begun
from sidestage.testing.participant import PlayedParticipant, arguments

_NOT_GIVEN: Any = object()


class Log(NamedTuple):
    """A line that the script sent to the researcher's log."""

    level: str
    message: str


class Progress(NamedTuple):
    """How far the script said it was."""

    message: str
    percentage: float | None


class Player:
    """A participant without a browser. Made by ``play``.

    The script starts when the test first asks for something. Progress, log lines and donations answer themselves; the
    script runs on to the next page that waits for a person.

    Attributes:
        donations: what was donated, by key, as parsed JSON. A key used again holds the newest.
        refused: what was refused or got no answer, likewise.
        logs: the lines sent to the researcher's log.
        progress: the steps of ``show_progress``, in the player's locale.
        exit_code: the code the script ended with; None before.
        exit_info: what the script said at its end.
        participant: who is played, for those that ask pages which answers there are.
    """

    def __init__(self, script: Generator[Any, Any, Any], platform: str | None, locale: str) -> None:
        self._script = script
        self._wrapper = ScriptWrapper(script, platform)
        self.participant = PlayedParticipant(locale)
        self._agreements = PlayedAgreements()
        self._donations = PlayedDonations(self._agreements)
        self._files = contextlib.ExitStack()
        self._command: Command | None = None
        self._failure: str | None = None
        self._forgotten: list[Forgotten] = []
        self._logs: list[Log] = []
        self._progress: list[Progress] = []

    @property
    def donations(self) -> dict[str, Any]:  # noqa: D102  # these are told of in the class's own docstring
        self._start()
        return self._donations.arrived

    @property
    def refused(self) -> dict[str, Any]:  # noqa: D102
        self._start()
        return self._donations.refused

    @property
    def logs(self) -> list[Log]:  # noqa: D102
        self._start()
        return self._logs

    @property
    def progress(self) -> list[Progress]:  # noqa: D102
        self._start()
        return self._progress

    @property
    def ended(self) -> bool:
        """Whether the script has ended."""
        return isinstance(self._start(), CommandSystemExit)

    @property
    def exit_code(self) -> int | None:  # noqa: D102
        command = self._start()
        return command.code if isinstance(command, CommandSystemExit) else None

    @property
    def exit_info(self) -> str:  # noqa: D102
        command = self._start()
        return command.info if isinstance(command, CommandSystemExit) else ""

    @property
    def text(self) -> str:
        """Every text on the page, in the player's locale, one per line; cells of tables are in ``tables``."""
        return "" if self.ended else "\n".join(self.participant.texts())

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of each table under review, by the table's id."""
        return {} if self.ended else {table.id: table.table().rows() for table in tables_on(self.participant.page)}

    @property
    def prompt(self) -> dict[str, Any]:
        """The prompt that waits for the participant, as the page gets it; empty at the end."""
        return {} if self.ended else _over_the_wire(self.participant.page.waiting())

    def expect(self, step: Callable[..., Any]) -> Player:
        """Check what the script asks for now.

        Args:
            step: a function of ``sidestage.flow`` that waits for a person, such as ``flow.ask_file``; the class of a
                prompt of the study's own; ``flow.exit`` for the end of the script; or, for scripts that yield commands,
                a class of ``sidestage.protocol`` such as ``PropsUIPromptConfirm``.

        Raises:
            AssertionError: if the script asks for something else, has ended, or has failed.
        """
        wanted = step.__name__
        going_on = [prompt.shown_by for prompt in prompt_types() if prompt.answered_by == "itself"]
        if wanted in ("donate", "log", *going_on):
            raise AssertionError(
                f"{wanted} waits for nobody, so it cannot be expected; look at donations, logs or progress"
            )
        self._start()
        self._raise_failure()
        if wanted not in (["exit"] if self.ended else self.participant.names()):
            raise AssertionError(f"expected {wanted}, but {self._situation()}")
        return self

    def expect_error(self, expected: str | type[BaseException] = "") -> str:
        """Check that the script failed, and go on: the page then asks whether to report it.

        Answer it with ``answer(True)`` or ``answer(False)``, or leave it.

        Args:
            expected: the exception's class or name, or any other part of the traceback.

        Returns the traceback that the participant sees.

        Raises:
            AssertionError: if the script did not fail, or otherwise.
        """
        self._start()
        wanted = expected if isinstance(expected, str) else expected.__name__
        if self._failure is None:
            raise AssertionError(f"expected the script to fail with {wanted or 'an error'}, but {self._situation()}")
        if wanted not in self._failure:
            raise AssertionError(f"expected {wanted}, but the script failed with:\n{self._failure}")
        failure, self._failure = self._failure, None
        return failure

    def answer(
        self,
        choice: Any = _NOT_GIVEN,
        /,
        *,
        file: Any = _NOT_GIVEN,
        name: str = _NOT_GIVEN,
        delete: Mapping[str, Sequence[int]] = _NOT_GIVEN,
        agree: bool = _NOT_GIVEN,
        **others: Any,
    ) -> Player:
        """Do what the page asks, and run the script to the next page that waits.

        Args:
            choice: for a choice, its text as the participant sees it, or the answer the script gets for it; for a
                question with two buttons, True or False; for a prompt of the study's own, the answer.
            file: a path, or bytes; a list of them where several files are asked for; None skips.
            name: the file's name, for bytes.
            delete: under review, per table id the positions of the rows to delete, from 0.
            agree: under review, whether the participant agrees.
            others: what else a prompt takes; its page in the documentation says so.

        Raises:
            AssertionError: if the answer does not fit the page.
        """
        self._start()
        self._raise_failure()
        arguments = {"choice": choice, "file": file, "name": name, "delete": delete, "agree": agree, **others}
        given = {key: value for key, value in arguments.items() if value is not _NOT_GIVEN}
        if self.ended:
            raise AssertionError(f"there is nothing to answer: {self._situation()}")
        try:
            payload = self.participant.answer(given)
        except AssertionError as error:
            raise AssertionError(f"{error} ({self._situation()})") from None
        self._run(self._agreements.answered(self.participant.page, payload))
        return self

    def skip(self) -> Player:
        """Skip a file, or decline a review, a question or the report of an error."""
        self._start()
        choice, others = arguments(self.participant.page.waiting().skipping)
        return self.answer(*choice, **others)

    def accept_donations(self) -> None:
        """Take donations from now on, as a player does from the start."""
        self._donations.outcome = ACCEPTED

    def refuse_donations(self, status: int = 413, error: str = "The donation was refused.") -> None:
        """Refuse donations from now on; 0 is the status of a network that is down."""
        self._donations.outcome = {"success": False, "status": status, "error": error}

    def ignore_donations(self) -> None:
        """Leave donations from now on without an answer, as some hosts do."""
        self._donations.outcome = None

    def close(self, failing: BaseException | None = None) -> None:
        """Close the script and its files; ``play`` does this.

        Raises:
            AssertionError: if the script failed and the test did not expect it, or forgot a ``yield``.
        """
        with contextlib.suppress(Exception):
            self._script.close()
        self._files.close()
        self.participant.close()
        if failing is None:
            self._raise_failure()
            return
        for forgotten in self.take_forgotten():
            failing.add_note(f"A yield was forgotten: {forgotten}")
        if self._failure is not None and self._failure not in str(failing):
            failing.add_note(f"Before that the script had failed:\n{self._failure}")

    def _start(self) -> Command:
        if self._command is None:
            self._run(None)
        assert self._command is not None
        return self._command

    def _run(self, payload: Payload | None) -> None:
        """Answer, and go on to the next page that waits for a person."""
        while True:
            self._command = self._wrapper.send(self._as_page_sends(payload))
            self._forgotten += self._wrapper.take_forgotten()
            # What has no form on the wire would not reach a page.
            _over_the_wire(self._command)
            self.participant.look(self._command, self._wrapper.step)
            payload = self._answer_of_machine(self._command)
            if payload is None:
                return

    def _as_page_sends(self, payload: Payload | None) -> Payload:
        """The payload through its form on the wire; files are kept, to close them in the end."""
        read = read_payload(None if payload is None else _over_the_wire(payload))
        if isinstance(read, (PayloadFile, PayloadFileArray)):
            files: Any = read.value if isinstance(read, PayloadFileArray) else [read.value]
            for file in files:
                self._files.callback(file.close)
        return read

    def _answer_of_machine(self, command: Command) -> Payload | None:
        """The payload for what waits for no person; None for what does."""
        if isinstance(command, (CommandSystemDonate, CommandSystemDonateAgreed)):
            return self._donations.take(command)
        if isinstance(command, CommandSystemLog):
            self._logs.append(Log(**json.loads(command.json_string)))
            return PayloadVoid()
        if isinstance(command, CommandSystemEvent):
            return PayloadVoid()
        page = self.participant.page
        if isinstance(command, CommandUIRender) and page.answers_itself():
            shown = [each for each in page.prompts() if isinstance(each, PropsUIPromptProgress)]
            self._progress += [Progress(self.participant.read(each.message), each.percentage) for each in shown]
            return PayloadTrue()
        if isinstance(command, CommandUIRender) and isinstance(page, PropsUIPageError):
            self._failure = page.message
        return None

    def _look_through(self, process: Callable[..., Any]) -> None:
        """Look in the source for sub-flows that are never begun: while the script runs nothing tells."""
        self._forgotten += never_begun(process)

    def take_forgotten(self) -> list[Forgotten]:
        """The steps that the script made and never yielded; those that are taken here are no error any more."""
        taken, self._forgotten = self._forgotten, []
        return taken

    def _raise_failure(self) -> None:
        if forgotten := self.take_forgotten():
            raise AssertionError("a yield was forgotten:\n" + "\n".join(map(str, forgotten)))
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise AssertionError(f"the script failed:\n{failure}")

    def _situation(self) -> str:
        if self.ended:
            return f"the script has ended with code {self.exit_code}: {self.exit_info}"
        texts = self.participant.texts_of_prompts()
        return f"the script asks {self.participant.names()[0]}" + (f": {texts[0]!r}" if texts else "")


def _over_the_wire(value: Any) -> Any:
    return json.loads(json.dumps(to_wire(value)))


@contextlib.contextmanager
def play(
    process: Callable[..., Any] | str | os.PathLike[str],
    session: str = "test-session",
    platform: str | None = None,
    locale: str = "en",
) -> Iterator[Player]:
    """Drive a flow with no browser.

    Args:
        process: the script's ``process`` function, or the path to a script.
        session: the session's id, which the script gets.
        platform: the platform, for a ``process`` with two parameters.
        locale: the participant's language, such as "nl" or "nl-BE".

    Raises:
        AssertionError: at the end of the ``with`` block, if the script failed and the test did not expect it, or made a
            step that it never yielded.
    """
    with contextlib.ExitStack() as stack:

        def run() -> Generator[Any, Any, Any]:
            # Loading belongs to the flow, as in the worker: what fails there ends in the flow's error page.
            found = process if callable(process) else stack.enter_context(loaded(Path(process)))
            player._look_through(found)
            return (yield from start_process(found, session, platform))

        player = Player(run(), platform, locale)
        try:
            yield player
        except BaseException as error:
            player.close(error)
            raise
        player.close()
