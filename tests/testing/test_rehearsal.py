"""Playing a script through in every way."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidestage.testing.rehearsal import MOST_PAGES, MOST_RUNS, Rehearsal, rehearse

HEAD = "from sidestage import flow\nfrom sidestage.tables import Table\n\ndef process(session):\n"


def rehearsed(folder: Path, code: str, files: tuple[str, ...] = ()) -> Rehearsal:
    script = folder / "study.py"
    script.write_text(HEAD + code)
    return rehearse(script, files=files)


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("if (yield flow.ask_choice('Q', ['a', 'b', 'c'])) == 'c': 1 / 0", ["chose 'c'"]),
        ("if not (yield flow.confirm('Sure?')): 1 / 0", ["pressed 'No'"]),
        ("if (yield flow.ask_file('F')) is None: 1 / 0", ["skipped the file"]),
        ("if (yield flow.review(Table('t', 'T', {'a': [1]}))) is None: 1 / 0", ["declined"]),
        (
            "left = yield flow.review(Table('t', 'T', {'a': [1]}))\n    if left and not left['t']['data']: 1 / 0",
            ["deleted a row of each table and agreed"],
        ),
        (
            "yield flow.show_text('Hello')\n    if (yield flow.donate('x', 1)) is False: 1 / 0",
            ["the server refuses donations", "went on"],
        ),
        ("1 / 0\n    yield", []),
        (
            "a = yield flow.confirm('A?')\n    b = yield flow.confirm('B?')\n    if not b and not a: 1 / 0",
            ["pressed 'No'", "pressed 'No'"],
        ),
    ],
)
def test_the_way_to_an_error_is_found(tmp_path: Path, code: str, after: list[str]) -> None:
    (failure,) = rehearsed(tmp_path, f"    {code}\n").failures
    assert failure.traceback.rstrip().endswith("ZeroDivisionError: division by zero")
    assert list(failure.after) == after


def test_files_are_given_where_they_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "export.txt"
    file.write_text("abc")
    code = "    f = yield flow.ask_file('F')\n    if f is not None: yield flow.donate(f.read().decode(), 1)\n"
    result = rehearsed(tmp_path, code, (str(file),))
    assert (result.donated, result.failures, result.no_files) == (["abc"], [], False)
    several = "    fs = yield flow.ask_file('F', multiple=True)\n    yield flow.donate(str(fs and len(fs)), 1)\n"
    assert rehearsed(tmp_path, several, (str(file),)).donated == ["1", "None"]
    assert rehearsed(tmp_path, code).no_files


def test_a_prompt_of_the_studys_own_gets_its_examples_and_is_named(tmp_path: Path) -> None:
    code = (
        "    class Wheel(flow.Prompt):\n"
        "        question: flow.Text\n"
        "        answers = str\n"
        "        examples = ('#ff0000', '#000000')\n"
        "    colour = yield Wheel('Which?')\n"
        "    yield flow.donate(colour, 1)\n"
        "    if colour == '#000000': 1 / 0\n"
    )
    result = rehearsed(tmp_path, code)
    assert (result.own_prompts, result.donated) == (["Wheel"], ["#000000", "#ff0000"])
    assert [failure.after for failure in result.failures] == [("answered '#000000'",)]


def test_a_page_that_comes_again_and_again_is_left_by_its_other_answers(tmp_path: Path) -> None:
    code = "    while (yield flow.confirm('Again?')): pass\n    yield flow.donate('done', 1)\n"
    result = rehearsed(tmp_path, code)
    assert (result.donated, result.pages, result.failures) == (["done"], 1, [])


def test_every_combination_of_a_few_answers_is_tried(tmp_path: Path) -> None:
    code = "    a = yield flow.confirm('A?')\n    b = yield flow.confirm('B?')\n    yield flow.donate(f'{a} {b}', 1)\n"
    result = rehearsed(tmp_path, code)
    assert result.donated == ["False False", "False True", "True False", "True True"]
    # Once more with a server that refuses.
    assert (result.runs, result.cut) == (5, False)


def test_what_never_ends_is_given_up(tmp_path: Path) -> None:
    code = "    for n in range(10**6): yield flow.ask_choice(f'{n}', ['a', 'b'])\n"
    result = rehearsed(tmp_path, code)
    assert result.cut
    assert result.runs == MOST_RUNS + 1
    assert result.pages == MOST_PAGES


def test_a_script_that_cannot_be_loaded_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text("import nonesuch\n")
    (failure,) = rehearse(tmp_path / "study.py").failures
    assert "No module named 'nonesuch'" in failure.traceback
