"""What each prompt says of itself, and that every one of them says all of it."""

from __future__ import annotations

import collections.abc
import dataclasses
import inspect
import itertools
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sidestage import flow
from sidestage.flow import prompts
from sidestage.flow.pages import PropsUIHeader, PropsUIPageDataSubmission
from sidestage.flow.prompts.own import PropsUIPromptCustom
from sidestage.flow.shown import AnsweredBy, ShownPrompt
from sidestage.flow.wire_types import alternatives
from sidestage.protocol import Prompt, Translatable
from sidestage.testing.participant import PlayedParticipant

FOLDER = Path(prompts.__file__).parent
TYPES = prompts.prompt_types()
FUNCTIONS = [name for name in prompts.__all__ if inspect.isfunction(getattr(flow, name))]
each_prompt = pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)


def filled(kind: Any, new_text: Callable[[], str]) -> Any:
    """A value of a type; wherever it holds a text to show, that is a new one."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if Translatable in inner:
        return new_text()
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        fields = dataclasses.fields(kind)
        return typing.cast("Any", kind)(**{field.name: filled(hints[field.name], new_text) for field in fields})
    if origin in (typing.Union, types.UnionType):
        return filled(inner[0], new_text)
    if origin is collections.abc.Sequence:
        return [filled(inner[0], new_text)]
    if origin in (dict, collections.abc.Mapping):
        return {"key": filled(inner[1], new_text)}
    return {int: 1, float: 1.0, bool: True, str: '{"words": ["tea", "jam"]}'}[kind]


def example_of(kind: type[ShownPrompt]) -> tuple[ShownPrompt, list[str]]:
    """A prompt, and every text in it."""
    numbers, texts = itertools.count(1), []

    def new_text() -> str:
        texts.append(f"text {next(numbers)}")
        return texts[-1]

    if kind is PropsUIPromptCustom:
        # Which of its fields are texts is data, too.
        return PropsUIPromptCustom("Scale", {"question": new_text(), "steps": 7}, ["question"], ["PayloadJSON"]), texts
    return filled(kind, new_text), texts


def test_every_module_of_the_folder_is_in_the_list() -> None:
    there = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    listed = {module.__name__.rpartition(".")[2] for module in prompts.prompt_modules()}
    assert there == listed, "import each module of flow/prompts in flow/prompts/__init__.py"


def test_every_function_that_authors_get_is_named_by_its_prompt() -> None:
    assert {kind.shown_by for kind in TYPES if kind.shown_by} == set(FUNCTIONS)
    for kind in TYPES:
        if kind.shown_by:
            assert getattr(flow, kind.shown_by).__module__ == kind.__module__, kind


def test_every_prompt_can_stand_in_the_place_of_one() -> None:
    assert alternatives()[Prompt] == TYPES


@each_prompt
def test_a_prompt_says_who_answers_it(kind: type[ShownPrompt]) -> None:
    assert kind.answered_by in typing.get_args(AnsweredBy), "set answered_by"
    assert not kind.own_buttons or kind.answered_by == "participant"


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind.answered_by == "participant"], ids=str)
def test_a_prompt_that_waits_says_how_a_test_answers_it(kind: type[ShownPrompt]) -> None:
    assert kind.payload_in_test is not ShownPrompt.payload_in_test, f"write {kind.__name__}.payload_in_test"
    assert kind.usage


@each_prompt
def test_a_prompt_tells_every_text_that_it_shows(kind: type[ShownPrompt]) -> None:
    prompt, texts = example_of(kind)
    assert sorted(map(str, prompt.visible_texts())) == sorted(texts), f"{kind.__name__}.visible_texts"


@each_prompt
def test_a_prompt_takes_the_answers_that_it_says_are_there_to_try(kind: type[ShownPrompt], tmp_path: Path) -> None:
    prompt, _ = example_of(kind)
    file = tmp_path / "export.zip"
    file.touch()
    participant = PlayedParticipant("en")
    participant.files = [str(file)]
    participant.page = PropsUIPageDataSubmission("", PropsUIHeader(""), [prompt])
    answers = prompt.answers_to_try(participant)
    assert answers
    for words, given in answers:
        assert words
        assert prompt.payload_in_test(given, participant) is not None, given
    if "skip()" in prompt.usage:
        assert prompt.payload_in_test(prompt.skipping, participant) is not None
    assert prompt.payload_in_test({"nonsense": 1}, participant) is None
