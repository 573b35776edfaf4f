"""One answer in, one command out: what becomes of whatever a script yields, raises and returns."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from sidestage import flow
from sidestage.flow import ScriptWrapper
from sidestage.flow.pages import PropsUIHeader, PropsUIPageDataSubmission, PropsUIPageError
from sidestage.flow.prompts.review import (
    PropsUIDataSubmissionButtons,
    PropsUIPromptConsentForm,
    PropsUIPromptConsentFormTable,
)
from sidestage.flow.prompts.text import PropsUIPromptText
from sidestage.flow.script import start_process
from sidestage.protocol import (
    CommandSystemDonate,
    CommandSystemEvent,
    CommandSystemExit,
    CommandSystemLog,
    CommandUIRender,
    PayloadFalse,
    PayloadJSON,
    PayloadString,
    PayloadTrue,
    PayloadVoid,
    Translatable,
)

Script = Generator[Any, Any, Any]
END = CommandSystemExit(0, "End of script")
VOID = {"__type__": "PayloadVoid", "value": None}
TRUE = {"__type__": "PayloadTrue", "value": True}
FALSE = {"__type__": "PayloadFalse", "value": False}


def wrap(process: Callable[[str], Script], platform: str | None = None, title: Any = "") -> ScriptWrapper:
    return ScriptWrapper(process("session"), platform, title)


def shown(command: Any) -> str:
    """The text of a page with one text."""
    return str(command.page.body[0].text)


def traceback_of(command: Any) -> str:
    assert isinstance(command, CommandUIRender)
    assert isinstance(command.page, PropsUIPageError), command.page
    return command.page.message


def returned_by(step: Any, *payloads: Any) -> Any:
    """What the ``yield`` of a step returns for an answer."""
    got = []

    def process(session: str) -> Script:
        got.append((yield step))

    wrapper = wrap(process)
    for payload in (None, *payloads):
        wrapper.send(payload)
    return got[0]


def test_the_first_send_starts_the_script_whatever_it_is_given() -> None:
    def process(session: str) -> Script:
        yield flow.show_text(session)

    assert shown(wrap(process).send(TRUE)) == "session"


def test_the_answer_is_the_value_of_the_yield_and_the_end_is_an_exit() -> None:
    def process(session: str) -> Script:
        answer = yield flow.confirm("Sure?")
        yield flow.show_text(repr(answer))

    wrapper = wrap(process)
    wrapper.send(None)
    assert shown(wrapper.send(TRUE)) == "True"
    assert wrapper.send(VOID) == END


def test_after_the_end_the_same_exit_comes_again_and_again() -> None:
    def process(session: str) -> Script:
        yield flow.exit(2, "enough")

    wrapper = wrap(process)
    assert [wrapper.send(None), wrapper.send(TRUE), wrapper.send({"nonsense": 1})] == [
        CommandSystemExit(2, "enough")
    ] * 3


def test_a_yielded_none_is_skipped() -> None:
    def process(session: str) -> Script:
        got = [(yield None), (yield)]
        yield flow.show_text(repr(got))
        yield

    wrapper = wrap(process)
    assert shown(wrapper.send(None)) == "[None, None]"
    assert wrapper.send(VOID) == END


@pytest.mark.parametrize(
    "rubbish", [5, "show this", {"__type__": "CommandUIRender"}, [flow.show_text("in a list")], flow]
)
def test_what_a_flow_cannot_yield_is_named_with_the_authors_line(rubbish: Any) -> None:
    def process(session: str) -> Script:
        yield rubbish  # the author's line

    trace = traceback_of(wrap(process).send(None))
    assert "yield rubbish  # the author's line" in trace
    assert f"a flow cannot yield {repr(rubbish)[:20]}" in trace
    assert f"(a {type(rubbish).__name__})" in trace
    assert "flow/cycle.py" not in trace


def test_a_script_may_go_on_after_yielding_what_it_cannot() -> None:
    def process(session: str) -> Script:
        with pytest.raises(flow.FlowError):
            yield 5
        yield flow.show_text("recovered")

    assert shown(wrap(process).send(None)) == "recovered"


def broken(session: str) -> Script:
    yield flow.show_text("Hello")
    raise ZeroDivisionError("the author's mistake")


def test_a_script_that_raises_ends_in_a_page_with_its_traceback_alone() -> None:
    wrapper = wrap(broken)
    wrapper.send(None)
    trace = traceback_of(wrapper.send(VOID))
    assert trace.splitlines()[0] == "Traceback (most recent call last):"
    assert "in broken" in trace.splitlines()[1]
    assert trace.splitlines()[-1] == "ZeroDivisionError: the author's mistake"


def test_a_reported_error_is_donated_and_the_exit_code_is_1() -> None:
    wrapper = wrap(broken, platform="Chats")
    wrapper.send(None)
    trace = traceback_of(wrapper.send(VOID))
    donation = wrapper.send(TRUE)
    assert isinstance(donation, CommandSystemDonate)
    report = json.loads(donation.json_string)
    assert donation.key == "error-report"
    assert report.keys() == {"platform", "traceback", "timestamp"}
    assert (report["platform"], report["traceback"]) == ("Chats", trace)
    assert wrapper.send(VOID) == CommandSystemExit(1, "Error in script")
    assert wrapper.send(VOID) == CommandSystemExit(1, "Error in script")


def test_an_error_that_is_skipped_is_not_donated_and_the_exit_code_is_1() -> None:
    wrapper = wrap(broken)
    wrapper.send(None)
    wrapper.send(VOID)
    assert wrapper.send(FALSE) == CommandSystemExit(1, "Error in script")


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit, asyncio.CancelledError, RecursionError])
def test_no_error_of_a_script_leaves_the_cycle(error: type[BaseException]) -> None:
    def process(session: str) -> Script:
        yield flow.show_text("Hello")
        raise error

    wrapper = wrap(process)
    wrapper.send(None)
    assert "raise error" in traceback_of(wrapper.send(VOID))


def test_a_script_that_was_stopped_says_so() -> None:
    def process(session: str) -> Script:
        yield None
        raise KeyboardInterrupt

    assert "the script was stopped because it took too long" in traceback_of(wrap(process).send(None))


@pytest.mark.parametrize(
    ("status", "command"),
    [
        (None, CommandSystemExit(0, "The script called sys.exit")),
        (3, CommandSystemExit(3, "The script called sys.exit")),
        ("no data", CommandSystemExit(1, "no data")),
    ],
)
def test_sys_exit_ends_the_flow(status: Any, command: CommandSystemExit) -> None:
    def process(session: str) -> Script:
        yield None
        sys.exit(status)

    assert wrap(process).send(None) == command


def test_nothing_runs_after_the_exit_but_what_tidies_up() -> None:
    ran = []

    def process(session: str) -> Script:
        try:
            yield flow.exit()
            ran.append("after the exit")
        finally:
            ran.append("finally")

    wrapper = wrap(process)
    assert wrapper.send(None) == CommandSystemExit(0, "")
    wrapper.send(VOID)
    assert ran == ["finally"]


@pytest.mark.parametrize("late", ["yield", "raise", "exit"])
def test_what_a_script_does_after_its_exit_is_told_and_changes_nothing(late: str) -> None:
    def process(session: str) -> Script:
        try:
            yield flow.exit(0, "done")
        finally:
            if late == "yield":
                yield flow.show_text("too late")
            elif late == "raise":
                raise ValueError("too late")
            else:
                sys.exit(5)

    wrapper = wrap(process)
    command = wrapper.send(None)
    sentences = {"yield": "yielded again after its end", "raise": "raised ValueError", "exit": "raised SystemExit"}
    assert isinstance(command, CommandSystemExit)
    assert (command.code, command.info.startswith("done (")) == (0, True)
    assert sentences[late] in command.info
    assert wrapper.send(VOID) == command


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"__type__": "PayloadMagic", "value": 1}, "'PayloadMagic' is no payload that Sidestage knows"),
        ({"value": 1}, "None is no payload that Sidestage knows"),
        (5, "a payload must be an object with a __type__, got a int"),
        ({"__type__": "PayloadResponse", "value": {"success": True}}, "the value of a PayloadResponse does not fit"),
        (
            {"__type__": "PayloadReview", "value": {"deleted": {"a": ["x"]}}},
            "the value of a PayloadReview does not fit",
        ),
        (VOID, "ask_choice was answered by a PayloadVoid, which does not fit"),
        ({"__type__": "PayloadString", "value": "maybe"}, "ask_choice was answered by a PayloadString"),
    ],
)
def test_an_answer_that_does_not_fit_is_an_error_at_the_authors_yield(payload: Any, sentence: str) -> None:
    def process(session: str) -> Script:
        yield flow.ask_choice("Which?", ["yes", "no"])  # the author's line

    wrapper = wrap(process)
    wrapper.send(None)
    trace = traceback_of(wrapper.send(payload))
    assert sentence in trace
    assert "# the author's line" in trace
    assert "maybe" not in trace
    assert "flow/cycle.py" not in trace


def test_a_prompt_that_the_page_cannot_answer_raises_at_the_yield() -> None:
    def process(session: str) -> Script:
        try:
            yield flow.ask_file("Your export")
        except flow.PromptError as error:
            yield flow.show_text(f"caught: {error}")

    wrapper = wrap(process)
    wrapper.send(None)
    assert shown(wrapper.send({"__type__": "PayloadError", "value": "no such prompt"})) == "caught: no such prompt"


def test_the_step_that_waits_can_be_looked_at() -> None:
    def process(session: str) -> Script:
        yield flow.confirm("Sure?")

    wrapper = wrap(process)
    assert wrapper.step is None
    wrapper.send(None)
    assert wrapper.step is not None
    assert wrapper.step.asks == "confirm"
    wrapper.send(TRUE)
    assert wrapper.step is None


# How a process is called


def one(session_id: str) -> Script:
    yield flow.show_text(session_id)


def two(session_id: str, platform: str) -> Script:
    yield flow.show_text(f"{session_id} {platform}")


def two_with_default(session_id: str, platform: str = "none") -> Script:
    yield flow.show_text(f"{session_id} {platform}")


def any_number(*given: str) -> Script:
    yield flow.show_text(" ".join(given))


def one_and_a_keyword(session_id: str, *, verbose: bool = False) -> Script:
    yield flow.show_text(f"{session_id} {verbose}")


class Study:
    def process(self, session_id: str) -> Script:
        yield flow.show_text(f"{session_id} of a method")


@pytest.mark.parametrize(
    ("process", "text"),
    [
        (one, "s1"),
        (two, "s1 Chats"),
        (two_with_default, "s1 Chats"),
        (any_number, "s1 Chats"),
        (one_and_a_keyword, "s1 False"),
        (Study().process, "s1 of a method"),
    ],
)
def test_process_takes_the_session_and_where_it_wants_the_platform(process: Callable[..., Any], text: str) -> None:
    assert shown(ScriptWrapper(start_process(process, "s1", "Chats")).send(None)) == text


async def a_coroutine(session: str) -> None:
    """A process that somebody made async."""


async def an_async_generator(session: str) -> AsyncIterator[Any]:
    yield flow.show_text("never")


def no_generator(session: str) -> list[Any]:
    return [flow.show_text("never")]


def without_parameters() -> Script:
    yield flow.show_text("never")


def with_three(session: str, platform: str, more: str) -> Script:
    yield flow.show_text("never")


@pytest.mark.parametrize(
    ("process", "sentence"),
    [
        (without_parameters, "too many positional arguments.*write 'def process"),
        (with_three, "missing a required argument: 'more'"),
        (a_coroutine, "process is an async function; a flow is an ordinary generator"),
        (an_async_generator, "process is an async function; a flow is an ordinary generator"),
        (no_generator, "there is no yield in it"),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine")
def test_a_process_that_is_no_generator_is_refused_with_a_sentence(process: Callable[..., Any], sentence: str) -> None:
    with pytest.raises(flow.FlowError, match=sentence):
        start_process(process, "s1", None)


# Scripts as they are loaded


def load(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> Any:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    path = folder / "a study.py"
    path.write_text(source)
    return flow.load_process(path)


def test_a_script_finds_the_modules_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reading_beside.py").write_text("NAME = 'beside'")
    process = load(
        tmp_path, monkeypatch, "from reading_beside import NAME\nclass Row: pass\ndef process(s):\n    return NAME, Row"
    )
    name, row = process("s")
    assert name == "beside"
    assert getattr(sys.modules[row.__module__], "Row", None) is row


@pytest.mark.parametrize(
    ("source", "error", "sentence"),
    [
        ("x = 1", flow.FlowError, "a study.py defines no function process; write 'def process"),
        ("process = 5", flow.FlowError, "defines no function process"),
        ("def process(:", SyntaxError, "invalid syntax"),
        ("import no_such_module_anywhere", ModuleNotFoundError, "no_such_module_anywhere"),
    ],
)
def test_a_script_that_cannot_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        load(tmp_path, monkeypatch, source)


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(flow.FlowError, match=r"there is no script 'study.py' in "):
        flow.load_process(tmp_path / "study.py")


# Scripts that yield the protocol's own commands


def test_a_command_of_the_protocol_is_answered_by_its_payload() -> None:
    page = PropsUIPageDataSubmission("Chats", PropsUIHeader("Title"), [PropsUIPromptText("Hello")])
    assert returned_by(CommandUIRender(page), TRUE) == PayloadTrue()
    assert returned_by(CommandSystemDonate("k", "{}"), None) == PayloadVoid()
    assert returned_by(CommandSystemLog("info", "m", "{}"), VOID) == PayloadVoid()
    assert returned_by(CommandSystemEvent("initialized"), VOID) == PayloadVoid()
    response = {"success": False, "key": "k", "status": 0, "error": "down"}
    answer = returned_by(CommandSystemDonate("k", "{}"), {"__type__": "PayloadResponse", "value": response})
    assert (answer.value.success, answer.value.key, answer.value.status, answer.value.error) == (False, "k", 0, "down")


def test_a_payload_may_also_come_as_an_object() -> None:
    page = PropsUIPageDataSubmission("", PropsUIHeader(""), [])
    assert returned_by(CommandUIRender(page), PayloadString("typed")) == PayloadString("typed")


def test_an_exit_command_ends_the_flow() -> None:
    def process(session: str) -> Script:
        yield CommandSystemExit(4, "stopped")

    assert wrap(process).send(None) == CommandSystemExit(4, "stopped")


TABLES = [
    PropsUIPromptConsentFormTable(
        "a", 1, "A", "", '{"x": {"0": 1, "1": null, "2": 3}, "y": {"0": "p", "1": "q", "2": "r"}}'
    ),
    PropsUIPromptConsentFormTable("b", 2, "B", "", ['{"z": [1]}', '{"z": [2, 3]}'], headers={"z": "Zed"}),
]


@pytest.mark.parametrize(
    "body",
    [
        [PropsUIPromptConsentForm([TABLES[0]], [TABLES[1]])],
        [PropsUIPromptText("Look"), *TABLES, PropsUIDataSubmissionButtons()],
        PropsUIPromptConsentForm(TABLES),
    ],
    ids=["a form", "tables on the page", "a body that is one prompt"],
)
def test_a_consent_form_of_an_existing_script_is_answered_with_the_kept_rows(body: Any) -> None:
    page = PropsUIPageDataSubmission("Chats", PropsUIHeader("Title"), body)
    review = {"__type__": "PayloadReview", "value": {"deleted": {"a": [0], "b": [1, 2, 9]}}}
    answer = returned_by(CommandUIRender(page), review)
    assert isinstance(answer, PayloadJSON)
    assert json.loads(answer.value) == {
        "a": {"data": [{"x": None, "y": "q"}, {"x": 3, "y": "r"}], "metadata": {"deletedRowCount": 1}},
        "b": {"data": [{"z": 1}], "metadata": {"deletedRowCount": 2}},
    }
    assert returned_by(CommandUIRender(page), FALSE) == PayloadFalse()


# Pages that leave something open


def test_a_page_without_title_or_platform_gets_the_studys() -> None:
    def process(session: str) -> Script:
        yield flow.show_text("Hello")
        yield flow.show_text("Hello", title="Its own")

    wrapper = wrap(process, platform="Chats", title={"en": "A study", "nl": "Een studie"})
    first, second = wrapper.send(None), wrapper.send(VOID)
    assert isinstance(first, CommandUIRender)
    assert isinstance(second, CommandUIRender)
    assert isinstance(first.page, PropsUIPageDataSubmission)
    assert isinstance(second.page, PropsUIPageDataSubmission)
    assert first.page.header.title == Translatable({"en": "A study", "nl": "Een studie"})
    assert second.page.header.title == "Its own"
    assert first.page.platform == second.page.platform == "Chats"


def test_a_donation_with_nan_becomes_json_that_every_reader_takes() -> None:
    def process(session: str) -> Generator[Any, Any, None]:
        yield CommandSystemDonate("k", json.dumps({"a": [float("nan"), float("-inf"), 1.5], "text": "NaN stays"}))

    command = ScriptWrapper(process("s")).send(None)
    assert isinstance(command, CommandSystemDonate)
    assert json.loads(command.json_string) == {"a": [None, None, 1.5], "text": "NaN stays"}
