"""What each function of ``sidestage.flow`` asks, what its ``yield`` returns, and which mistakes it tells of."""

import datetime
import json
import math
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest

from sidestage import flow
from sidestage.flow import ScriptWrapper
from sidestage.protocol import CommandSystemDonate, to_wire
from sidestage.tables import Table

YES = {"__type__": "PayloadTrue", "value": True}
NO = {"__type__": "PayloadFalse", "value": False}
VOID = {"__type__": "PayloadVoid", "value": None}


def returned_by(step: flow.Step, payload: Any) -> Any:
    got = []

    def process() -> Generator[Any, Any, Any]:
        got.append((yield step))

    wrapper = ScriptWrapper(process())
    wrapper.send(None)
    wrapper.send(json.loads(json.dumps(payload)))
    return got[0]


def prompts_of(step: flow.Step) -> list[Any]:
    """The prompts as they go over the wire."""
    return list(json.loads(json.dumps(to_wire(step.command)))["page"]["body"])


def donation(data: Any) -> Any:
    command = flow.donate("key", data).command
    assert isinstance(command, CommandSystemDonate)
    return json.loads(command.json_string)


def string(value: str) -> dict[str, Any]:
    return {"__type__": "PayloadString", "value": value}


def test_a_file_is_an_ordinary_file_object(tmp_path: Path) -> None:
    path = tmp_path / "4711"
    path.write_bytes(b"one\ntwo\n")
    reference = {"path": str(path), "name": "export.txt", "size": 8}
    with returned_by(flow.ask_file("Your export"), {"__type__": "PayloadFile", "value": reference}) as file:
        assert (file.name, file.size, file.readlines()) == ("export.txt", 8, [b"one\n", b"two\n"])
    for kind in ("PayloadFileArray", "PayloadFiles"):
        files = returned_by(flow.ask_file("Some", multiple=True), {"__type__": kind, "value": [reference, reference]})
        assert [file.read(3) for file in files] == [b"one", b"one"]
        for file in files:
            file.close()


def test_a_skipped_file_is_none() -> None:
    assert returned_by(flow.ask_file("Your export"), NO) is None
    assert returned_by(flow.ask_file("Your exports", multiple=True), NO) is None


@pytest.mark.parametrize(
    "accept", [[".zip", " application/json"], ".zip, application/json", iter([".zip", "application/json"])]
)
def test_what_a_file_prompt_accepts(accept: Any) -> None:
    (prompt,) = prompts_of(flow.ask_file({"en": "Export", "nl": "Uitvoer"}, accept=accept))
    assert prompt == {
        "__type__": "PropsUIPromptFileInput",
        "description": {"translations": {"en": "Export", "nl": "Uitvoer"}},
        "extensions": ".zip, application/json",
    }
    assert prompts_of(flow.ask_file("Any", multiple=True))[0] == {
        "__type__": "PropsUIPromptFileInputMultiple",
        "description": "Any",
        "extensions": "",
    }


def test_a_choice_is_the_chosen_text() -> None:
    step = flow.ask_choice("Which?", ["yes", "no"], description="Take one")
    assert prompts_of(step)[0]["items"] == [{"id": 0, "value": "yes"}, {"id": 1, "value": "no"}]
    assert returned_by(step, string("no")) == "no"


def test_choices_in_several_languages_answer_with_their_key() -> None:
    choices: dict[str, Any] = {"y": {"nl": "Ja", "en": "Yes"}, "n": "No"}
    step = flow.ask_choice("Which?", choices)
    assert returned_by(step, string("Ja")) == "y"
    assert returned_by(step, string("No")) == "n"


def test_a_question_with_two_buttons_is_true_or_false() -> None:
    step = flow.confirm("Sure?", yes="Oh yes")
    assert [returned_by(step, YES), returned_by(step, NO)] == [True, False]
    (prompt,) = prompts_of(step)
    assert prompt["ok"] == "Oh yes"
    assert prompt["cancel"] == {"translations": {"en": "No", "nl": "Nee"}}


@pytest.mark.parametrize(
    "step", [flow.show_text("Hello", title="Title", button="On"), flow.show_progress("Reading", 5)]
)
def test_what_is_only_shown_returns_none(step: flow.Step) -> None:
    assert returned_by(step, YES) is None
    assert returned_by(step, VOID) is None


@pytest.mark.parametrize(
    ("given", "shown"), [(None, None), (50, 50), (-1, 0), (math.inf, 100), (numpy.float32(2.5), 2.5)]
)
def test_progress_goes_from_0_to_100(given: Any, shown: float | None) -> None:
    (prompt,) = prompts_of(flow.show_progress("Reading", given))
    assert prompt.get("percentage") == shown


def test_a_review_returns_the_kept_rows_with_their_cells_as_they_were() -> None:
    day = datetime.date(2024, 3, 1)
    tables = [
        Table("a", "A", {"n": [1, 2, 3], "day": [day, None, day]}),
        Table("b", {"en": "B", "nl": "Bé"}, {"x": ["y"]}),
    ]
    step = flow.review(iter(tables), question="Donate?", button="Yes", description="Look")
    kinds = [prompt["__type__"] for prompt in prompts_of(step)]
    assert kinds == ["PropsUIPromptText", *["PropsUIPromptConsentFormTable"] * 2, "PropsUIDataSubmissionButtons"]
    assert [prompt.get("number") for prompt in prompts_of(step)[1:3]] == [1, 2]
    answer = {"__type__": "PayloadReview", "value": {"deleted": {"a": [1, 1, 7]}}}
    assert returned_by(step, answer) == {
        "a": {
            "data": [{"n": 1, "day": "2024-03-01"}, {"n": 3, "day": "2024-03-01"}],
            "metadata": {"deletedRowCount": 1},
        },
        "b": {"data": [{"x": "y"}], "metadata": {"deletedRowCount": 0}},
    }
    assert returned_by(step, NO) is None


def test_a_donation_tells_whether_it_arrived() -> None:
    def response(success: bool) -> dict[str, Any]:
        return {"__type__": "PayloadResponse", "value": {"success": success, "key": "key", "status": 200}}

    step = flow.donate("key", {})
    assert [returned_by(step, response(True)), returned_by(step, response(False)), returned_by(step, VOID)] == [
        True,
        False,
        None,
    ]


def test_donated_data_keeps_its_meaning_in_json() -> None:
    data = {
        "text": "Ü 🙃",
        "day": datetime.date(2024, 3, 1),
        "missing": float("nan"),
        "count": numpy.int64(3),
        "list": numpy.arange(3),
        "yes": True,
        "pair": (1, None),
    }
    assert donation(data) == {
        "text": "Ü 🙃",
        "day": "2024-03-01",
        "missing": None,
        "count": 3,
        "list": [0, 1, 2],
        "yes": True,
        "pair": [1, None],
    }


def test_text_that_is_not_valid_unicode_still_makes_valid_json() -> None:
    command = flow.donate("key", ["\ud83d"]).command
    assert isinstance(command, CommandSystemDonate)
    command.json_string.encode()
    assert json.loads(command.json_string) == ["\ud83d"]


def test_a_log_line_is_also_there_as_json() -> None:
    assert to_wire(flow.log('2 "odd" lines', level="warn").command) == {
        "__type__": "CommandSystemLog",
        "level": "warn",
        "message": '2 "odd" lines',
        "json_string": '{"level": "warn", "message": "2 \\"odd\\" lines"}',
    }
    assert returned_by(flow.log("x"), VOID) is None


#: The functions again, for calls that a type checker would refuse.
anyhow: Any = flow
circular: list[Any] = []
circular.append(circular)
TABLE = Table("a", "A", {"x": [1]})
AnyTable: Any = Table


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (lambda: anyhow.show_text(["a", "list"]), "text must be a string, or one string per language"),
        (lambda: anyhow.show_text({}), "text must be a string"),
        (lambda: anyhow.show_text({"en": 5}), "text must be a string"),
        (lambda: anyhow.confirm("Sure?", yes=True), "yes must be a string"),
        (lambda: anyhow.ask_file("x", title=5), "title must be a string"),
        (
            lambda: anyhow.ask_file("x", accept=5),
            r"ask_file: accept must be a list of name endings such as \[\".zip\"\]",
        ),
        (lambda: anyhow.ask_file("x", accept=[5]), "ask_file: accept must be a list"),
        (lambda: anyhow.ask_choice("x", []), "ask_choice: there is nothing to choose"),
        (lambda: anyhow.ask_choice("x", ["a", "b", "a"]), "ask_choice: two choices look the same"),
        (lambda: anyhow.ask_choice("x", {"a": "same", "b": {"en": "same"}}), "two choices look the same"),
        (lambda: anyhow.ask_choice("x", [1, 2]), "a choice must be a string"),
        (lambda: anyhow.ask_choice("x", "yes"), "choices must be a list such as"),
        (lambda: anyhow.ask_choice("x", None), "choices must be a list such as"),
        (
            lambda: anyhow.show_progress("x", "half"),
            "the percentage must be a number from 0 to 100, or None; got 'half'",
        ),
        (lambda: anyhow.show_progress("x", math.nan), "the percentage must be a number from 0 to 100"),
        (lambda: anyhow.review([]), "there is no table to review; yield flow.show_text"),
        (
            lambda: anyhow.review([{"a": 1}]),
            "expected a sidestage.tables.Table, got a dict; a DataFrame becomes one by",
        ),
        (lambda: anyhow.review(pandas.DataFrame({"a": [1]})), "expected a sidestage.tables.Table, got a DataFrame; a"),
        (lambda: anyhow.review(5), "expected a sidestage.tables.Table, got a int"),
        (lambda: anyhow.review(None), "expected a sidestage.tables.Table, got a NoneType"),
        (lambda: anyhow.review([TABLE, Table("a", "Other", {})]), "two tables have the id 'a'; give each its own"),
        (lambda: anyhow.review([AnyTable("b", 5, {})]), "the title of table 'b' must be a string"),
        (lambda: anyhow.review([AnyTable("b", "B", {}, headers={"x": 5})]), "the header of 'x' must be"),
        (lambda: anyhow.donate("", {}), "the key must be a text of 1 to 200 printable characters; got ''"),
        (lambda: anyhow.donate("x" * 201, {}), "the key must be a text of 1 to 200"),
        (lambda: anyhow.donate("a\nb", {}), "the key must be a text of 1 to 200 printable"),
        (lambda: anyhow.donate(5, {}), "the key must be a text"),
        (lambda: anyhow.donate("k", {"x": object()}), r"donate\('k'\): the data has no JSON form: .* object"),
        (lambda: anyhow.donate("k", {(1, 2): 3}), r"donate\('k'\): the data has no JSON form: keys must be"),
        (lambda: anyhow.donate("k", circular), r"donate\('k'\): the data has no JSON form"),
        (lambda: anyhow.log("x", level="fatal"), "log: the level must be one of debug, info, warn, error; got 'fatal'"),
        (lambda: anyhow.exit("done"), "exit: the code must be a whole number, 0 for completed; got 'done'"),
    ],
)
def test_a_mistake_gets_a_sentence(mistake: Any, sentence: str) -> None:
    with pytest.raises(flow.FlowError, match=sentence):
        mistake()
