"""A study's own prompt: a class beside the script, and a module in JavaScript that draws it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, dataclass_transform, get_args, get_type_hints

from sidestage.flow.answer_type import (
    ValuePayload,
    examples_of,
    fits,
    payload_names,
    payload_of,
    type_name,
    value_of,
)
from sidestage.flow.shown import Given, Participant, ShownPrompt
from sidestage.flow.step import FlowError, PromptError, Step, Text, render, wire_text
from sidestage.flow.system import to_json
from sidestage.protocol import Payload
from sidestage.protocol import Text as WireText
from sidestage.protocol.wire import wire_type


@wire_type
class PropsUIPromptCustom(ShownPrompt):
    """A prompt of the study's own, which its module ``prompts/<name>.js`` draws.

    ``fields`` are what the module shows; those named in ``texts`` are texts in one language or several, the others any
    JSON. ``answers`` names the payloads that can be the answer. Of these, the page takes for no answer PayloadVoid, for
    true and false PayloadTrue and PayloadFalse, for a text PayloadString, and for all that is left PayloadJSON with its
    JSON text. ``wide`` asks for more width than text has.
    """

    name: str
    fields: Mapping[str, Any]
    texts: Sequence[str]
    answers: Sequence[ValuePayload]
    wide: bool | None = None

    shown_by = "ask"
    own_buttons = True
    usage = "answer(value), the value being one that the prompt declares as its answer"
    skipping: ClassVar[Given] = {"choice": None}

    def visible_texts(self) -> Iterable[WireText | None]:
        return [self.fields[name] for name in self.texts]

    def payload_in_test(self, given: Given, participant: Participant, /) -> Payload | None:
        if given.keys() != {"choice"}:
            return None
        answer, prompt = given["choice"], _prompt_of(participant)
        payload = payload_of(answer, self.answers) if fits(answer, prompt.answers if prompt else object) else None
        if payload is None:
            kinds = type_name(prompt.answers) if prompt else ", ".join(self.answers)
            raise AssertionError(f"{answer!r} is no answer to {self.name}, which declares {kinds}")
        return payload

    def answers_to_try(self, participant: Participant, /) -> Sequence[tuple[str, Given]]:
        prompt = _prompt_of(participant)
        # Without the class, the values are those that some payload of these brings.
        answers = prompt.examples or examples_of(prompt.answers) if prompt else examples_of(object)
        fitting = [answer for answer in answers if payload_of(answer, self.answers) is not None]
        return [(f"answered {answer!r}", {"choice": answer}) for answer in fitting]


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
class Prompt:
    """The base of a study's own prompts; a subclass is a dataclass of what its page shows, and can be yielded.

    Fields of the type ``flow.Text`` are texts to show, the others anything with a JSON form. A module
    ``prompts/<name of the class>.js`` beside the script draws it. The ``yield`` returns the answer.

    Attributes:
        answers: the type of the answer: ``str``, ``bool``, ``int``, ``float``, ``list``, ``dict``, one of them with
            what it holds, such as ``list[str]``, a ``Literal``, or ``object`` for any JSON. With ``| None`` the
            participant may leave it out.
        examples: answers that ``sidestage check`` tries; a few of the type, unless given.
        wide: whether the page gives it more width than text.
    """

    answers: ClassVar[Any]
    examples: ClassVar[Sequence[Any]] = ()
    wide: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclasses.dataclass(frozen=True)(cls)
        _check_class(cls)


def ask(prompt: Prompt, *, title: Text | None = None) -> Step:
    """Ask by a prompt of the study's own; to yield the prompt itself does the same.

    Args:
        prompt: an object of a subclass of ``flow.Prompt``.
        title: stands above the page instead of the study's title.

    The ``yield`` returns the answer, of the type that the class declares.

    Raises:
        FlowError: if it is no such prompt, or something in its fields has no JSON form.
    """
    if not isinstance(prompt, Prompt):
        raise FlowError(f"ask: expected an object of a subclass of flow.Prompt, got a {type(prompt).__name__}")
    name, texts = type(prompt).__name__, _texts_of(type(prompt))
    values = {field.name: getattr(prompt, field.name) for field in dataclasses.fields(prompt)}  # type: ignore[arg-type]
    fields = {key: _on_wire(value, f"{name}.{key}", key in texts) for key, value in values.items()}
    shown = [key for key in texts if fields[key] is not None]
    custom = PropsUIPromptCustom(name, fields, shown, payload_names(prompt.answers), prompt.wide or None)

    def answer(payload: Payload) -> Any:
        try:
            return value_of(payload, prompt.answers)
        except TypeError as error:
            raise PromptError(
                f"{name} declares {type_name(prompt.answers)} as its answer, and was answered by something else "
                f"({error}): mend prompts/{name}.js, or the declaration"
            ) from None

    return Step(name, render(title, custom), answer, {"prompt": prompt})


def _on_wire(value: Any, what: str, is_text: bool) -> Any:
    """A field as the page gets it."""
    if is_text and value is not None:
        return wire_text(value, what)
    return json.loads(to_json(value, what))


def _texts_of(cls: type[Prompt]) -> list[str]:
    """The names of the fields that are texts to show."""
    try:
        hints = get_type_hints(cls)
    except (NameError, SyntaxError, TypeError) as error:
        raise FlowError(
            f"{cls.__name__}: the types of its fields cannot be read ({error}): import what they name, "
            "and not for type checkers alone"
        ) from None
    fields: Any = dataclasses.fields(cls)  # type: ignore[arg-type]
    return [field.name for field in fields if set(get_args(Text)) <= set(get_args(hints[field.name]))]


def _check_class(cls: type[Prompt]) -> None:
    name = cls.__name__
    if not (name.isascii() and name.isidentifier()):
        raise FlowError(f"{name}: the name of a prompt also names its file, so write it with plain letters and digits")
    fields: Any = dataclasses.fields(cls)  # type: ignore[arg-type]
    if taken := [field.name for field in fields if field.name in Prompt.__annotations__]:
        raise FlowError(f"{name}: write '{taken[0]} = ...' with no type; with one it is a field that the page shows")
    if not hasattr(cls, "answers"):
        raise FlowError(f"{name}: declare the type of the answer, such as 'answers = str' in the class")
    try:
        payload_names(cls.answers)
    except TypeError:
        raise FlowError(
            f"{name}: no page can answer with {type_name(cls.answers)}; declare str, bool, int, float, list, dict, "
            "a Literal of them, or object for anything with a JSON form"
        ) from None
    if unfit := [example for example in cls.examples if not fits(example, cls.answers)]:
        raise FlowError(f"{name}: the example {unfit[0]!r} is no {type_name(cls.answers)}")


def _prompt_of(participant: Participant) -> Prompt | None:
    """The study's prompt that the participant looks at."""
    prompt = participant.details.get("prompt")
    return prompt if isinstance(prompt, Prompt) else None
