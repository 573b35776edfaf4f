"""A study's own prompt: what its page gets, what its ``yield`` returns, how a test answers it, and its mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from typing import Any, ClassVar, Literal

import pytest

from sidestage import flow
from sidestage.flow.pages import PropsUIHeader, PropsUIPageDataSubmission
from sidestage.flow.prompts.own import PropsUIPromptCustom
from sidestage.protocol import CommandUIRender, to_wire
from sidestage.testing import play

Script = Generator[Any, Any, Any]


class ColourWheel(flow.Prompt):
    """Choose a colour; the answer is its hex code."""

    question: flow.Text
    start: str = "#ff0000"
    hint: flow.Text | None = None
    answers = str
    examples = ("#00ff00",)


def declaring(kind: Any, **more: Any) -> type[flow.Prompt]:
    """A prompt whose answer is of a type."""
    return type("Asked", (flow.Prompt,), {"answers": kind, "__module__": __name__, **more})


def on_the_page(step: flow.Step) -> Any:
    return json.loads(json.dumps(to_wire(step.command)))["page"]


def returned_by(prompt: flow.Prompt, *payload: Any) -> Any:
    """What the ``yield`` returns for a payload's type and value, or raises there."""
    got: list[Any] = []

    def process() -> Script:
        try:
            got.append((yield prompt))
        except flow.FlowError as error:
            got.append(error)

    wrapper = flow.ScriptWrapper(process())
    wrapper.send()
    wrapper.send({"__type__": payload[0], "value": payload[1]})
    return got[0]


def test_the_page_gets_the_fields_and_knows_which_are_texts() -> None:
    page = on_the_page(flow.ask(ColourWheel({"en": "Which?", "nl": "Welke?"}), title="Colours"))
    assert page["header"]["title"] == "Colours"
    assert page["body"] == [
        {
            "__type__": "PropsUIPromptCustom",
            "name": "ColourWheel",
            "fields": {
                "question": {"translations": {"en": "Which?", "nl": "Welke?"}},
                "start": "#ff0000",
                "hint": None,
            },
            "texts": ["question"],
            "answers": ["PayloadString"],
        }
    ]


def test_a_prompt_may_be_yielded_by_itself() -> None:
    assert returned_by(ColourWheel("Which?"), "PayloadString", "#abcdef") == "#abcdef"


def test_fields_may_be_anything_with_a_json_form() -> None:
    class Timeline(flow.Prompt):
        days: list[dict[str, Any]]
        answers = list
        wide = True

    days = [{"day": "Monday", "hours": (1, 2.5), "off": None}]
    (prompt,) = on_the_page(flow.ask(Timeline(days)))["body"]
    assert prompt["fields"] == {"days": [{"day": "Monday", "hours": [1, 2.5], "off": None}]}
    assert (prompt["texts"], prompt["wide"]) == ([], True)


def test_a_prompt_is_made_of_another_one() -> None:
    class ShortWheel(ColourWheel):
        steps: int = 7

    (prompt,) = on_the_page(flow.ask(ShortWheel("Which?", steps=5)))["body"]
    assert (prompt["name"], prompt["fields"]["steps"], prompt["fields"]["question"]) == ("ShortWheel", 5, "Which?")


@pytest.mark.parametrize(
    ("kind", "names", "payload", "value"),
    [
        (str, ["PayloadString"], ("PayloadString", "red"), "red"),
        (bool, ["PayloadTrue", "PayloadFalse"], ("PayloadFalse", False), False),
        (int, ["PayloadJSON"], ("PayloadJSON", "3"), 3),
        (float, ["PayloadJSON"], ("PayloadJSON", "3"), 3.0),
        (list[float], ["PayloadJSON"], ("PayloadJSON", "[1, 2.5]"), [1, 2.5]),
        (dict[str, list[int]], ["PayloadJSON"], ("PayloadJSON", '{"a": [1]}'), {"a": [1]}),
        (dict, ["PayloadJSON"], ("PayloadJSON", '{"a": null}'), {"a": None}),
        (object, ["PayloadJSON"], ("PayloadJSON", '"red"'), "red"),
        (Any, ["PayloadJSON"], ("PayloadJSON", "null"), None),
        (str | None, ["PayloadString", "PayloadVoid"], ("PayloadVoid", None), None),
        (int | str, ["PayloadJSON", "PayloadString"], ("PayloadString", "many"), "many"),
        (Literal["yes", "no"], ["PayloadString"], ("PayloadString", "no"), "no"),
        (Literal[1, 2], ["PayloadJSON"], ("PayloadJSON", "2"), 2),
    ],
)
def test_the_answer_is_of_the_declared_type(kind: Any, names: list[str], payload: Any, value: Any) -> None:
    prompt = declaring(kind)()
    (shown,) = on_the_page(flow.ask(prompt))["body"]
    assert shown["answers"] == names
    answer = returned_by(prompt, *payload)
    assert (answer, type(answer)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (str, ("PayloadJSON", '"red"')),
        (str, ("PayloadVoid", None)),
        (str, ("PayloadTrue", True)),
        (int, ("PayloadJSON", "2.5")),
        (int, ("PayloadJSON", "true")),
        (float, ("PayloadJSON", "null")),
        (float, ("PayloadJSON", "one")),
        (list[int], ("PayloadJSON", '[1, "2"]')),
        (dict[str, int], ("PayloadJSON", '{"a": 1.5}')),
        (Literal["yes", "no"], ("PayloadString", "perhaps")),
        (list, ("PayloadFileArray", [])),
    ],
)
def test_another_answer_raises_where_the_script_asked(kind: Any, payload: Any) -> None:
    error = returned_by(declaring(kind)(), *payload)
    assert isinstance(error, flow.PromptError)
    assert "as its answer, and was answered by something else" in str(error)
    assert "mend prompts/Asked.js, or the declaration" in str(error)
    assert "perhaps" not in str(error), "what a participant answered is put into no error"


def test_a_page_that_cannot_show_it_raises_its_own_reason() -> None:
    error = returned_by(ColourWheel("Which?"), "PayloadError", "prompts/ColourWheel.js is not there")
    assert isinstance(error, flow.PromptError)
    assert str(error) == "prompts/ColourWheel.js is not there"


def choosing(session: str) -> Script:
    colour = yield ColourWheel({"en": "Which?", "nl": "Welke?"}, hint="Any will do")
    count = yield flow.ask(declaring(int | None)())
    yield flow.donate("chosen", [colour, count])


def test_a_test_answers_with_the_value() -> None:
    with play(choosing, locale="nl") as p:
        p.expect(ColourWheel).expect(flow.ask)
        assert p.text == "Welke?\nAny will do"
        assert p.prompt["fields"]["start"] == "#ff0000"
        p.answer("#123456").answer(3)
        assert p.donations["chosen"] == ["#123456", 3]


def test_a_test_skips_what_may_be_left_out_and_nothing_else() -> None:
    with play(choosing) as p:
        with pytest.raises(AssertionError, match="None is no answer to ColourWheel, which declares str"):
            p.skip()
        p.answer("#123456").skip()
        assert p.donations["chosen"] == ["#123456", None]


@pytest.mark.parametrize("given", [True, 3, ["#123456"], {"#123456"}])
def test_a_value_of_another_type_fails_the_test(given: Any) -> None:
    with (
        play(choosing) as p,
        pytest.raises(AssertionError, match="is no answer to ColourWheel, which declares str"),
    ):
        p.answer(given)


def test_arguments_for_other_prompts_fail_the_test() -> None:
    with play(choosing) as p, pytest.raises(AssertionError, match=r"does not fit here; use answer\(value\)"):
        p.answer(agree=True)


def test_a_script_of_commands_is_answered_by_the_payloads_it_names() -> None:
    def process(session: str) -> Script:
        prompt = PropsUIPromptCustom("Scale", {"question": "How much?"}, ["question"], ["PayloadJSON", "PayloadVoid"])
        answer = yield CommandUIRender(PropsUIPageDataSubmission("", PropsUIHeader(""), [prompt]))
        yield flow.donate("answer", [answer.__type__, answer.value])

    with play(process) as p:
        assert p.text == "How much?"
        p.answer(3)
        assert p.donations["answer"] == ["PayloadJSON", "3"]


def define(namespace: dict[str, Any]) -> Callable[[], Any]:
    return lambda: type("Wheel", (flow.Prompt,), namespace)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (define({}), "Wheel: declare the type of the answer, such as 'answers = str' in the class"),
        (define({"answers": set}), "Wheel: no page can answer with set; declare str"),
        (define({"answers": list[bytes]}), r"Wheel: no page can answer with list\[bytes\]; declare str"),
        (define({"answers": dict[int, str]}), r"Wheel: no page can answer with dict\[int, str\]"),
        (define({"answers": "text"}), "Wheel: no page can answer with text; declare str"),
        (define({"answers": str, "examples": [3]}), "Wheel: the example 3 is no str"),
        (
            define({"answers": str, "__annotations__": {"answers": "type"}}),
            r"Wheel: write 'answers = \.\.\.' with no type; with one it is a field that the page shows",
        ),
        (
            lambda: type("Färbung", (flow.Prompt,), {"answers": str}),
            "Färbung: the name of a prompt also names its file",
        ),
        (lambda: type("../wheel", (flow.Prompt,), {"answers": str}), r"\.\./wheel: the name of a prompt also names"),
        (lambda: flow.ask("Which?"), "ask: expected an object of a subclass of flow.Prompt, got a str"),  # type: ignore[arg-type]
        (lambda: flow.ask(ColourWheel), "ask: expected an object of a subclass of flow.Prompt, got a type"),  # type: ignore[arg-type]
        (lambda: flow.ask(ColourWheel(3)), "ColourWheel.question must be a string, or one string per language"),  # type: ignore[arg-type]
        (lambda: flow.ask(ColourWheel("?", start=object())), "ColourWheel.start: the data has no JSON form"),  # type: ignore[arg-type]
    ],
)
def test_a_mistake_is_told(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(flow.FlowError, match=sentence):
        make()


def test_types_of_fields_must_be_there_when_the_script_runs() -> None:
    class Lost(flow.Prompt):
        question: Nowhere  # type: ignore[name-defined]  # noqa: F821
        answers: ClassVar[Any] = str

    with pytest.raises(flow.FlowError, match=r"Lost: the types of its fields cannot be read .*'Nowhere'"):
        flow.ask(Lost("Which?"))


def test_a_mistake_in_a_field_is_raised_at_the_yield() -> None:
    raised = []

    def process() -> Script:
        try:
            yield ColourWheel(3)  # type: ignore[arg-type]
        except flow.FlowError as error:
            raised.append(str(error))

    flow.ScriptWrapper(process()).send()
    assert raised[0].startswith("ColourWheel.question must be a string")
