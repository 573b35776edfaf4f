"""Ask for a file, or for several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, ClassVar

from sidestage.flow.shown import Given, Participant, ShownPrompt
from sidestage.flow.step import FlowError, Step, Text, render, wire_text
from sidestage.protocol import Payload, PayloadFalse, PayloadFile, PayloadFileArray
from sidestage.protocol import Text as WireText
from sidestage.protocol.wire import wire_type


class _FileInput(ShownPrompt):
    shown_by = "ask_file"
    own_buttons = True
    skipping: ClassVar[Given] = {"file": None}

    description: WireText

    def visible_texts(self) -> Iterable[WireText | None]:
        return (self.description,)

    def payload_in_test(self, given: Given, participant: Participant, /) -> Payload | None:
        if "file" not in given or not given.keys() <= {"file", "name"}:
            return None
        if given["file"] is None:
            return PayloadFalse()
        return self._chosen(given["file"], given.get("name"), participant)

    def _chosen(self, file: Any, name: str | None, participant: Participant) -> Payload:
        raise NotImplementedError

    def answers_to_try(self, participant: Participant, /) -> Sequence[tuple[str, Given]]:
        paths = participant.files_to_try()
        given = [(f"gave {PurePath(path).name}", {"file": self._as_given(path)}) for path in paths]
        return [*given, ("skipped the file", {"file": None})]

    def _as_given(self, path: str) -> Any:
        return path


@wire_type
class PropsUIPromptFileInput(_FileInput):
    """Ask for one file. Answered by PayloadFile, or PayloadFalse when skipped.

    ``extensions`` is a comma-separated list of what is accepted, such as ``.zip, application/json``.
    """

    description: WireText
    extensions: str

    usage = "answer(file=path), answer(file=bytes, name='a.zip') or skip()"

    def _chosen(self, file: Any, name: str | None, participant: Participant) -> Payload:
        if isinstance(file, (list, tuple)):
            raise AssertionError(
                "the script asks for one file, the answer has a list; it lacks ask_file(multiple=True)"
            )
        return PayloadFile(participant.choose_file(file, name))


@wire_type
class PropsUIPromptFileInputMultiple(_FileInput):
    """Ask for one file or more. Answered by PayloadFileArray, or PayloadFalse when skipped."""

    description: WireText
    extensions: str

    usage = "answer(file=[path, ...]) or skip()"

    def _chosen(self, file: Any, name: str | None, participant: Participant) -> Payload:
        if not isinstance(file, (list, tuple)) or not file:
            raise AssertionError("the script asks for several files: answer(file=[path, ...]), or skip()")
        return PayloadFileArray([participant.choose_file(item, name) for item in file])

    def _as_given(self, path: str) -> Any:
        return [path]


def ask_file(
    description: Text, *, accept: Iterable[str] = (), multiple: bool = False, title: Text | None = None
) -> Step:
    """Ask for a file by button or drop.

    Args:
        description: what file is asked for, and where the participant finds it.
        accept: name endings or media types, such as ``[".zip", "application/json"]``; none accepts every file.
        multiple: let the participant choose several.
        title: stands above the page instead of the study's title.

    The ``yield`` returns a ``ParticipantFile`` (a list of them with ``multiple``), or None if the participant skipped.

    Raises:
        FlowError: if ``accept`` is no list of texts.
    """
    extensions = ", ".join(_accepted(accept))
    kind = PropsUIPromptFileInputMultiple if multiple else PropsUIPromptFileInput
    command = render(title, kind(wire_text(description, "description"), extensions))
    return Step("ask_file", command, _file_unless_skipped)


def _accepted(accept: Any) -> list[str]:
    endings = accept.split(",") if isinstance(accept, str) else list(accept) if isinstance(accept, Iterable) else [None]
    if not all(isinstance(item, str) for item in endings):
        raise FlowError(f'ask_file: accept must be a list of name endings such as [".zip"]; got {accept!r}')
    return [item.strip() for item in endings if item]


def _file_unless_skipped(payload: Any) -> Any:
    return None if isinstance(payload, PayloadFalse) else payload.value
