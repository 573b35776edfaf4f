"""Plays a participant: drives a flow through the run cycle, one page after another."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sidestage.flow import ScriptWrapper
from sidestage.flow.payload import read_payload
from sidestage.flow.script import start_process
from sidestage.protocol import PayloadFile, PayloadFileArray, to_wire
from sidestage.testing.answers import Answers
from sidestage.testing.loading import loaded
from sidestage.testing.page import (
    WAITING,
    body_of,
    in_locale,
    is_progress,
    rows_of,
    shown_tables,
    visible_texts,
    waiting_prompt,
)

_NOT_GIVEN: Any = object()
_VOID = {"__type__": "PayloadVoid", "value": None}


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
    """

    def __init__(self, script: Generator[Any, Any, Any], platform: str | None, locale: str) -> None:
        self._script = script
        self._wrapper = ScriptWrapper(script, platform)
        self._locale = locale
        self._answers = Answers(locale)
        self._files = contextlib.ExitStack()
        self._command: dict[str, Any] | None = None
        self._failure: str | None = None
        self._outcome: dict[str, Any] | None = {"success": True, "status": 200}
        self._donations: dict[str, Any] = {}
        self._refused: dict[str, Any] = {}
        self._logs: list[Log] = []
        self._progress: list[Progress] = []

    @property
    def donations(self) -> dict[str, Any]:  # noqa: D102  # these are told of in the class's own docstring
        self._start()
        return self._donations

    @property
    def refused(self) -> dict[str, Any]:  # noqa: D102
        self._start()
        return self._refused

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
        return bool(self._start()["__type__"] == "CommandSystemExit")

    @property
    def exit_code(self) -> int | None:  # noqa: D102
        return self._start()["code"] if self.ended else None

    @property
    def exit_info(self) -> str:  # noqa: D102
        return str(self._start()["info"]) if self.ended else ""

    @property
    def text(self) -> str:
        """Every text on the page, in the player's locale, one per line; cells of tables are in ``tables``."""
        return "\n".join(visible_texts(self._start(), self._locale))

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of each table under review, by the table's id."""
        return {table["id"]: rows_of(table) for table in shown_tables(self._start())}

    @property
    def prompt(self) -> dict[str, Any]:
        """The prompt that waits for the participant, as the page gets it; empty at the end."""
        return {} if self.ended else waiting_prompt(self._start())

    def expect(self, step: Callable[..., Any]) -> Player:
        """Check what the script asks for now.

        Args:
            step: a function of ``sidestage.flow`` that waits for a person, such as ``flow.ask_file``; ``flow.exit``
                for the end of the script; or, for scripts that yield commands, a class of ``sidestage.protocol`` such
                as ``PropsUIPromptConfirm``.

        Raises:
            AssertionError: if the script asks for something else, has ended, or has failed.
        """
        wanted = step.__name__
        if wanted in ("donate", "log", "show_progress"):
            raise AssertionError(
                f"{wanted} waits for nobody, so it cannot be expected; look at donations, logs or progress"
            )
        command = self._start()
        self._raise_failure()
        names = {self._asked(), *(prompt["__type__"] for prompt in body_of(command))}
        if wanted not in names | {command.get("page", {}).get("__type__")}:
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
        choice: str | bool = _NOT_GIVEN,
        /,
        *,
        file: Any = _NOT_GIVEN,
        name: str = _NOT_GIVEN,
        delete: Mapping[str, Sequence[int]] = _NOT_GIVEN,
        agree: bool = _NOT_GIVEN,
    ) -> Player:
        """Do what the page asks, and run the script to the next page that waits.

        Args:
            choice: for a choice, its text as the participant sees it, or the answer the script gets for it; for a
                question with two buttons, True or False.
            file: a path, or bytes; a list of them where several files are asked for; None skips.
            name: the file's name, for bytes.
            delete: under review, per table id the positions of the rows to delete, from 0.
            agree: under review, whether the participant agrees.

        Raises:
            AssertionError: if the answer does not fit the page.
        """
        command = self._start()
        self._raise_failure()
        arguments = {"choice": choice, "file": file, "name": name, "delete": delete, "agree": agree}
        given = {key: value for key, value in arguments.items() if value is not _NOT_GIVEN}
        if self.ended:
            raise AssertionError(f"there is nothing to answer: {self._situation()}")
        step = self._wrapper.step
        answers = step.details.get("answers", {}) if step is not None else {}
        try:
            payload = self._answers.payload(command, given, answers)
        except AssertionError as error:
            raise AssertionError(f"{error} ({self._situation()})") from None
        self._run(payload)
        return self

    def skip(self) -> Player:
        """Skip a file, or decline a review, a question or the report of an error."""
        kind = waiting_prompt(self._start())["__type__"] if not self.ended else ""
        if kind.startswith("PropsUIPromptFileInput"):
            return self.answer(file=None)
        return self.answer(agree=False) if WAITING.get(kind) == "review" else self.answer(False)

    def accept_donations(self) -> None:
        """Take donations from now on, as a player does from the start."""
        self._outcome = {"success": True, "status": 200}

    def refuse_donations(self, status: int = 413, error: str = "The donation was refused.") -> None:
        """Refuse donations from now on; 0 is the status of a network that is down."""
        self._outcome = {"success": False, "status": status, "error": error}

    def ignore_donations(self) -> None:
        """Leave donations from now on without an answer, as some hosts do."""
        self._outcome = None

    def close(self, failing: BaseException | None = None) -> None:
        """Close the script and its files; ``play`` does this.

        Raises:
            AssertionError: if the script failed and the test did not expect it.
        """
        with contextlib.suppress(Exception):
            self._script.close()
        self._files.close()
        self._answers.close()
        if failing is None:
            self._raise_failure()
        elif self._failure is not None and self._failure not in str(failing):
            failing.add_note(f"Before that the script had failed:\n{self._failure}")

    def _start(self) -> dict[str, Any]:
        if self._command is None:
            self._run(None)
        assert self._command is not None
        return self._command

    def _run(self, payload: Any) -> None:
        """Answer, and go on to the next page that waits for a person."""
        while True:
            command = to_wire(self._wrapper.send(self._as_page_sends(payload)))
            self._command = json.loads(json.dumps(command))
            payload = self._answer_of_machine(self._command)
            if payload is None:
                return

    def _as_page_sends(self, payload: Any) -> Any:
        """The payload through its form on the wire; files are kept, to close them in the end."""
        read = read_payload(json.loads(json.dumps(payload)))
        if isinstance(read, (PayloadFile, PayloadFileArray)):
            files: Any = read.value if isinstance(read, PayloadFileArray) else [read.value]
            for file in files:
                self._files.callback(file.close)
        return read

    def _answer_of_machine(self, command: dict[str, Any]) -> Any:
        """The payload for what waits for no person; None for what does."""
        kind = command["__type__"]
        if kind == "CommandSystemDonate":
            return self._donated(command["key"], command["json_string"])
        if kind == "CommandSystemLog":
            self._logs.append(Log(**json.loads(command["json_string"])))
            return _VOID
        if kind == "CommandUIRender" and is_progress(command):
            shown = next(prompt for prompt in body_of(command) if prompt["__type__"] == "PropsUIPromptProgress")
            self._progress.append(Progress(in_locale(shown["message"], self._locale), shown.get("percentage")))
            return {"__type__": "PayloadTrue", "value": True}
        if kind == "CommandUIRender" and command["page"]["__type__"] == "PropsUIPageError":
            self._failure = command["page"]["message"]
        return _VOID if kind == "CommandSystemEvent" else None

    def _donated(self, key: str, text: str) -> Any:
        try:
            data = json.loads(text)
        except ValueError as error:
            raise AssertionError(f"the donation {key!r} is no JSON: {error}") from None
        arrived = self._outcome is not None and self._outcome["success"]
        (self._donations if arrived else self._refused)[key] = data
        if self._outcome is None:
            return _VOID
        return {"__type__": "PayloadResponse", "value": {"key": key, **self._outcome}}

    def _raise_failure(self) -> None:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise AssertionError(f"the script failed:\n{failure}")

    def _asked(self) -> str:
        """The function of ``sidestage.flow`` that the current page comes from, or would."""
        command = self._start()
        if command["__type__"] == "CommandSystemExit":
            return "exit"
        step = self._wrapper.step
        if step is not None and step.asks != "command":
            return step.asks
        kind = waiting_prompt(command).get("__type__", command["__type__"])
        return WAITING.get(kind, "show_text" if kind == "PropsUIPromptText" else kind)

    def _situation(self) -> str:
        if self.ended:
            return f"the script has ended with code {self.exit_code}: {self.exit_info}"
        texts = visible_texts({"page": {"body": body_of(self._start())}}, self._locale)
        return f"the script asks {self._asked()}" + (f": {texts[0]!r}" if texts else "")


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
        AssertionError: at the end of the ``with`` block, if the script failed and the test did not expect it.
    """
    with contextlib.ExitStack() as stack:

        def run() -> Generator[Any, Any, Any]:
            # Loading belongs to the flow, as in the worker: what fails there ends in the flow's error page.
            found = process if callable(process) else stack.enter_context(loaded(Path(process)))
            return (yield from start_process(found, session, platform))

        player = Player(run(), platform, locale)
        try:
            yield player
        except BaseException as error:
            player.close(error)
            raise
        player.close()
