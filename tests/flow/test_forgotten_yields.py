"""Steps that are made and never yielded, and sub-flows without ``yield from``: what is told, and what is not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from sidestage.flow import ScriptWrapper, load_process
from sidestage.flow.script import start_process
from sidestage.flow.source_check import check_sources, makes_donation
from sidestage.protocol import CommandSystemExit, PayloadTrue

BEGINNING = "from sidestage import flow\n\n"

#: Bodies of ``process``, and the lines of them that are told, counted from 1.
FORGOTTEN = {
    "a statement of its own": ("flow.donate('k', 1)\nyield flow.show_text('end')", [1]),
    "a name that nothing looks at": ("done = flow.donate('k', 1)\nyield flow.show_text('end')", [1]),
    "a name that is only tested": ("sure = flow.confirm('?')\nif sure:\n    yield flow.show_text('end')", [1]),
    "a test": ("if flow.confirm('?'):\n    yield flow.show_text('end')", [1]),
    "a list that nobody has": ("[flow.log(str(n)) for n in range(2)]\nyield flow.show_text('end')", [1]),
    "one of two": ("flow.log('a') if session else flow.log('b')\nyield flow.show_text('end')", [1]),
    "at the end": ("yield flow.show_text('end')\nflow.exit(1)", [2]),
}
#: Bodies in which every step that is not yielded was meant to be left out.
MEANT = {
    "yielded later": "step = flow.show_text('a')\nyield flow.show_text('b')\nyield step",
    "yielded under a condition": "step = flow.show_text('a')\nif not session:\n    yield step\nyield flow.log('x')",
    "the rest of a list": "for step in [flow.show_text('a'), flow.show_text('b')]:\n    yield step\n    break",
    "one of a list": "yield [flow.show_text('a'), flow.show_text('b')][0]",
    "one of a dict": "yield {'a': flow.show_text('a'), 'b': flow.show_text('b')}['a']",
    "put into a list": "steps = []\nsteps.append(flow.show_text('a'))\nyield flow.show_text('b')",
    "given to a function": "print(flow.show_text('a').asks)\nyield str and flow.show_text('b')",
    "made by a function": "def first():\n    return flow.show_text('a')\nyield first()",
    "twice the same": "step = flow.show_text('a')\nyield step\nyield step",
}


def script_of(body: str) -> str:
    return f"{BEGINNING}def process(session):\n{textwrap.indent(body, '    ')}\n"


def told_when_played(tmp_path: Path, source: str) -> list[int]:
    """The lines that are told while the script runs, counted from the body's first."""
    script = tmp_path / "study.py"
    script.write_text(source)
    wrapper = ScriptWrapper(start_process(load_process(script), "session", None))
    while not isinstance(wrapper.send(PayloadTrue()), CommandSystemExit):
        pass
    return sorted(each.line - 3 for each in wrapper.take_forgotten())


def told_from_source(source: str) -> list[int]:
    return [each.line - 3 for each in check_sources({"study.py": source})]


@pytest.mark.parametrize(("body", "lines"), FORGOTTEN.values(), ids=FORGOTTEN)
def test_a_forgotten_step_is_told_with_its_line(tmp_path: Path, body: str, lines: list[int]) -> None:
    played = told_when_played(tmp_path, script_of(body))
    assert sorted(set(played)) == lines
    assert sorted(set(told_from_source(script_of(body)))) == lines


@pytest.mark.parametrize("body", MEANT.values(), ids=MEANT)
def test_a_step_that_is_kept_for_later_is_no_false_alarm(tmp_path: Path, body: str) -> None:
    assert told_when_played(tmp_path, script_of(body)) == []
    assert told_from_source(script_of(body)) == []


def test_the_sentence_says_what_to_write(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(script_of("sure = flow.confirm('?')\nyield flow.show_text('end')"))
    wrapper = ScriptWrapper(start_process(load_process(script), "session", None))
    while not isinstance(wrapper.send(PayloadTrue()), CommandSystemExit):
        pass
    expected = (
        "study.py, line 4: flow.confirm(...) was made and never yielded, so nothing comes of it: "
        "write 'sure = yield flow.confirm(...)'"
    )
    assert [str(each) for each in wrapper.take_forgotten()] == [expected]
    assert [str(each) for each in check_sources({"study.py": script.read_text()})] == [expected]


def test_a_step_of_a_helper_is_told_where_the_helper_is_called(tmp_path: Path) -> None:
    source = script_of("def thanks():\n    return flow.show_text('a')\nthanks()\nyield flow.show_text('end')")
    assert told_when_played(tmp_path, source) == [3]
    assert told_from_source(source) == [3]


def test_what_one_flow_forgot_is_told_of_no_other(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(script_of("later = flow.donate('k', 1)\nyield flow.show_text('a')"))
    stopped = start_process(load_process(script), "session", None)
    ScriptWrapper(stopped).send(None)
    stopped.close()
    assert told_when_played(tmp_path, script_of("yield flow.show_text('a')")) == []


SUB_FLOWS = """
from sidestage import flow
from parts import ask_age

class Colours(flow.Prompt):
    answers = str

class Questions:
    def first(self):
        yield flow.show_text("first")

    def both(self):
        self.first()
        yield from self.first()

def numbers():
    yield 1

def process(session):
    ask_age()
    age = ask_age()
    yield ask_age()
    rest = ask_age()
    yield from rest
    numbers()
    Colours()
    yield Colours()
    yield from flow.confirm("?")
    for part in [ask_age(), ask_age()]:
        yield from part
    questions = Questions()
"""
PARTS = """
from sidestage.flow import ask_choice

def ask_age():
    return (yield ask_choice("How old are you?", ["young", "old"]))
"""


def test_a_sub_flow_without_yield_from_is_seen_in_the_source_across_files() -> None:
    found = check_sources({"study.py": SUB_FLOWS, "parts.py": PARTS})
    lines = SUB_FLOWS.splitlines()
    assert [lines[each.line - 1].strip() for each in found] == [
        "self.first()",
        "ask_age()",
        "age = ask_age()",
        "yield ask_age()",
        "Colours()",
        'yield from flow.confirm("?")',
    ]
    assert "write 'age = yield from ask_age(...)'" in found[2].sentence
    assert "write 'yield', not 'yield from'" in found[-1].sentence


def test_a_parameter_or_a_name_of_their_own_may_stand_for_anything() -> None:
    taken = "def save(donate):\n    donate('k', 1)\n"
    source = f"from sidestage.flow import donate\n{taken}def other():\n    donate = print\n    donate(1)\n"
    assert check_sources({"study.py": source}) == []


def test_the_first_donation_is_found_by_any_of_its_names() -> None:
    assert makes_donation({"a.py": "x = 1", "b.py": "import sidestage.flow as f\n\nf.donate('k', 1)"}) == ("b.py", 3)
    assert makes_donation({"a.py": "def donate(): pass\ndonate()"}) is None
