"""The participant whom a player plays: their language, their files, and what they look at."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sidestage.flow import Step
from sidestage.flow.pages import PropsUIPageEnd
from sidestage.flow.shown import Given, Participant, ShownPage
from sidestage.protocol import Command, CommandUIRender, FileReference, Payload, Text
from sidestage.protocol.locale import in_locale


class PlayedParticipant(Participant):
    """A participant without a browser.

    Args:
        locale: their language, such as "nl" or "nl-BE".

    Attributes:
        files: the paths of files to try a script with.
        asked_for_files: whether the script wanted a file of those.
    """

    def __init__(self, locale: str) -> None:
        self.page: ShownPage = PropsUIPageEnd()
        self.details: Mapping[str, Any] = {}
        self.files: Sequence[str] = ()
        self.asked_for_files = False
        self._locale = locale
        self._asks = ""
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Remove the files that were made from bytes."""
        if self._folder is not None:
            self._folder.cleanup()

    def read(self, text: Text) -> str:
        """A text in their language."""
        return in_locale(text, self._locale)

    def look(self, command: Command, step: Step | None) -> None:
        """Look at what a command shows, if it shows something."""
        if isinstance(command, CommandUIRender) and isinstance(command.page, ShownPage):
            self.page, self.details = command.page, step.details if step else {}
            self._asks = step.asks if step and step.asks != "command" else ""

    def names(self) -> list[str]:
        """What the page may be called: by its step, by the function that shows its prompt, by the types on it."""
        waiting = self.page.waiting()
        types = [type(each).__name__ for each in (waiting, *self.page.prompts(), self.page)]
        return [name for name in (self._asks, waiting.shown_by, *types) if name]

    def texts(self) -> list[str]:
        """Every text on the page, in their language."""
        return self._read_all(self.page.visible_texts())

    def texts_of_prompts(self) -> list[str]:
        """The same without the page's title."""
        return self._read_all(text for prompt in self.page.prompts() for text in prompt.visible_texts())

    def _read_all(self, texts: Iterable[Text | None]) -> list[str]:
        return [read for text in texts if text is not None and (read := self.read(text))]

    def files_to_try(self) -> Sequence[str]:
        """The paths of files to try a script with."""
        self.asked_for_files = True
        return self.files

    def choose_file(self, file: Any, name: str | None = None) -> FileReference:
        """A file to answer with.

        Args:
            file: a path, or bytes.
            name: its name, for bytes.

        Raises:
            AssertionError: if it is not there.
        """
        path = self._written(file, name) if isinstance(file, (bytes, bytearray)) else Path(os.fspath(file))
        if not path.is_file():
            raise AssertionError(f"there is no file {path} to answer with")
        return FileReference(str(path.resolve()), name or path.name, path.stat().st_size)

    def _written(self, content: bytes | bytearray, name: str | None) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="sidestage-")
        folder = tempfile.mkdtemp(dir=self._folder.name)
        path = Path(folder, Path(name or "file").name)
        path.write_bytes(content)
        return path

    def answer(self, given: Given) -> Payload:
        """The payload that the page would send for what a test gives.

        Raises:
            AssertionError: if it does not fit the page.
        """
        waiting = self.page.waiting()
        payload = waiting.payload_in_test(given, self)
        if payload is None:
            said = ", ".join(repr(value) if name == "choice" else f"{name}={value!r}" for name, value in given.items())
            raise AssertionError(f"answer({said}) does not fit here; use {waiting.usage}")
        return payload


def arguments(given: Given) -> tuple[Sequence[Any], dict[str, Any]]:
    """What to give to ``Player.answer``: the first argument, if there is one, and the others by their names."""
    others = {name: value for name, value in given.items() if name != "choice"}
    return ([given["choice"]] if "choice" in given else []), others
