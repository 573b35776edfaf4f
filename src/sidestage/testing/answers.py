"""From what a test says a participant does to the payload that a page would send."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sidestage.testing.page import in_locale, rows_of, shown_tables, waiting_prompt

#: What a test can say of each prompt.
USAGE = {
    "PropsUIPromptFileInput": "answer(file=path), answer(file=bytes, name='a.zip') or skip()",
    "PropsUIPromptFileInputMultiple": "answer(file=[path, ...]) or skip()",
    "PropsUIPromptConfirm": "answer(True) or answer(False)",
    "PropsUIPromptRetry": "answer()",
    "PropsUIPromptRadioInput": "answer('one of the choices')",
    "PropsUIPromptConsentForm": "answer(), answer(delete={'table_id': [positions]}) or answer(agree=False)",
    "PropsUIDataSubmissionButtons": "answer(), answer(delete={'table_id': [positions]}) or answer(agree=False)",
    "PropsUIPageError": "answer(True) to report the error, answer(False) not to",
}


class Answers:
    """Makes payloads in their form on the wire for the pages of one player.

    Args:
        locale: the participant's, to match choices by their visible text.
    """

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Remove the files that were made from bytes."""
        if self._folder is not None:
            self._folder.cleanup()

    def payload(self, command: Mapping[str, Any], given: Mapping[str, Any], answers: Mapping[str, str]) -> Any:
        """The payload for a page.

        Args:
            command: the render command.
            given: the arguments of ``Player.answer`` that were given: choice, file, name, delete, agree.
            answers: per choice, in its first language, what the script gets for it.
        """
        prompt = waiting_prompt(command)
        kind = prompt["__type__"]
        if kind.startswith("PropsUIPromptFileInput") and "file" in given and given.keys() <= {"file", "name"}:
            return self._files(given["file"], given.get("name"), several=kind.endswith("Multiple"))
        if kind == "PropsUIPromptRadioInput" and isinstance(given.get("choice"), str) and len(given) == 1:
            return {"__type__": "PayloadString", "value": self._choice(prompt, given["choice"], answers)}
        if kind in ("PropsUIPromptConfirm", "PropsUIPageError") and isinstance(given.get("choice"), bool):
            return _yes(given["choice"]) if len(given) == 1 else _misfit(kind, given)
        if kind in ("PropsUIPromptConsentForm", "PropsUIDataSubmissionButtons") and given.keys() <= {"delete", "agree"}:
            return self._review(command, given.get("delete") or {}, given.get("agree", True))
        if not given and kind not in USAGE:
            return {"__type__": "PayloadVoid", "value": None}
        return _yes(True) if kind == "PropsUIPromptRetry" and not given else _misfit(kind, given)

    def _choice(self, prompt: Mapping[str, Any], choice: str, answers: Mapping[str, str]) -> str:
        firsts = [_first(item["value"]) for item in prompt["items"]]
        shown = [in_locale(item["value"], self._locale) for item in prompt["items"]]
        meant = [answers.get(first, first) for first in firsts]
        for names in (shown, firsts, meant):
            if choice in names:
                return firsts[names.index(choice)]
        raise AssertionError(f"{choice!r} is none of the choices: {', '.join(map(repr, shown))}")

    def _files(self, file: Any, name: str | None, several: bool) -> Any:
        if file is None:
            return _yes(False)
        if several:
            if not isinstance(file, (list, tuple)) or not file:
                raise AssertionError("the script asks for several files: answer(file=[path, ...]), or skip()")
            return {"__type__": "PayloadFileArray", "value": [self._file(item, name) for item in file]}
        if isinstance(file, (list, tuple)):
            raise AssertionError(
                "the script asks for one file, the answer has a list; it lacks ask_file(multiple=True)"
            )
        return {"__type__": "PayloadFile", "value": self._file(file, name)}

    def _file(self, file: Any, name: str | None) -> dict[str, Any]:
        path = self._written(file, name) if isinstance(file, (bytes, bytearray)) else Path(os.fspath(file))
        if not path.is_file():
            raise AssertionError(f"there is no file {path} to answer with")
        return {"path": str(path.resolve()), "name": name or path.name, "size": path.stat().st_size}

    def _written(self, content: bytes | bytearray, name: str | None) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="sidestage-")
        folder = tempfile.mkdtemp(dir=self._folder.name)
        path = Path(folder, Path(name or "file").name)
        path.write_bytes(content)
        return path

    def _review(self, command: Mapping[str, Any], delete: Mapping[str, Sequence[int]], agree: bool) -> Any:
        if not agree:
            return _yes(False)
        lengths = {table["id"]: len(rows_of(table)) for table in shown_tables(command)}
        for table, positions in delete.items():
            if table not in lengths:
                raise AssertionError(f"there is no table {table!r} to delete from; shown are {', '.join(lengths)}")
            missing = [position for position in positions if not 0 <= position < lengths[table]]
            if missing:
                raise AssertionError(f"table {table!r} has no row {missing[0]}; it has {lengths[table]} rows, from 0")
        deleted = {table: list(positions) for table, positions in delete.items()}
        return {"__type__": "PayloadReview", "value": {"deleted": deleted}}


def _yes(answer: bool) -> dict[str, Any]:
    return {"__type__": "PayloadTrue" if answer else "PayloadFalse", "value": answer}


def _first(text: Any) -> str:
    return text if isinstance(text, str) else next(iter(text["translations"].values()))


def _misfit(kind: str, given: Mapping[str, Any]) -> Any:
    said = ", ".join(repr(value) if name == "choice" else f"{name}={value!r}" for name, value in given.items())
    raise AssertionError(f"answer({said}) does not fit here; use {USAGE.get(kind, 'answer()')}")
