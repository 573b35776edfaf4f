"""Scripts that break: what the participant sees, what the author sees, and what is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tools.serving import Server

from .participant import console, donations, log_lines, open_study, press, wait_for_heading

Serve = Callable[..., Server]
GOOD = """
from sidestage import flow

def process(session):
    yield flow.show_text("It works")
"""
RAISES = """
# /// script
# [tool.sidestage.session-data]
# first = "A number"
# ///
from sidestage import flow

def process(session):
    yield flow.show_text("Before")
    yield flow.donate("first", [1])
    count = 0
    yield flow.show_text(str(1 / count))
"""


def write(folder: Path, code: str) -> Path:
    script = folder / "study.py"
    script.write_text(code)
    return script


@pytest.mark.parametrize(
    ("code", "heading", "sentence"),
    [
        ("def process(session:\n    yield 1\n", "Something went wrong", "SyntaxError: '(' was never closed"),
        (f"import nowhere\n{GOOD}", "Something went wrong", "ModuleNotFoundError: No module named 'nowhere'"),
        ("answer = 42\n", "This study cannot start yet", "study.py defines no function named process: write 'def"),
        ("def process(session):\n    return 42\n", "Something went wrong", "process must yield its steps"),
    ],
    ids=["syntax error", "import error", "no process", "no yield"],
)
def test_a_script_that_cannot_start_says_why_and_a_mended_one_starts_by_itself(
    page: Page, serve: Serve, tmp_path: Path, code: str, heading: str, sentence: str
) -> None:
    server = serve(write(tmp_path, code))
    page.goto(server.url)
    wait_for_heading(page, heading)
    expect(page.get_by_text(sentence)).to_be_visible()
    server.wait_for(re.escape(sentence.split(":")[0]))
    write(tmp_path, GOOD)
    expect(page.get_by_text("It works")).to_be_visible()
    server.wait_for("saved: the page reloads")
    assert console(page) == []


def test_a_script_that_is_saved_while_it_is_open_starts_anew(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path, GOOD))
    open_study(page, server)
    expect(page.get_by_text("It works")).to_be_visible()
    write(tmp_path, GOOD.replace("It works", "It works better"))
    expect(page.get_by_text("It works better")).to_be_visible()
    press(page, "Continue")
    wait_for_heading(page, "Thank you")


def test_an_error_in_the_middle_is_reported_when_the_participant_agrees(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    server = serve(write(tmp_path, RAISES))
    session = open_study(page, server)
    press(page, "Continue")
    wait_for_heading(page, "Something went wrong")
    shown = page.get_by_role("region", name="Technical details").inner_text()
    assert "1 / count" in shown
    assert "ZeroDivisionError" in shown
    server.wait_for("ZeroDivisionError")
    press(page, "Report")
    wait_for_heading(page, "The study has ended")
    first, report = donations(server.data, session)
    assert (first.key, first.data) == ("first", [1])
    assert report.key == "error-report"
    assert report.data["traceback"].strip() == shown.strip()
    assert set(report.data) == {"platform", "traceback", "timestamp"}
    assert ("info", "exit 1: Error in script") in log_lines(server.data, session)
    assert console(page) == []


def test_an_error_is_not_reported_when_the_participant_skips(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path, RAISES))
    session = open_study(page, server)
    press(page, "Continue")
    press(page, "Skip")
    wait_for_heading(page, "The study has ended")
    assert [donation.key for donation in donations(server.data, session)] == ["first"]
    lines = log_lines(server.data, session)
    assert ("info", "exit 1: Error in script") in lines
    assert "ZeroDivisionError" not in str(lines)


def test_a_script_that_yields_something_else_learns_what_can_be_yielded(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    server = serve(write(tmp_path, "def process(session):\n    yield 42\n"))
    open_study(page, server)
    wait_for_heading(page, "Something went wrong")
    details = page.get_by_role("region", name="Technical details")
    expect(details).to_contain_text("a flow cannot yield 42 (a int); yield what the functions of sidestage.flow make")
    server.wait_for("a flow cannot yield 42")


def test_what_is_yielded_after_the_end_is_seen_by_nobody(page: Page, serve: Serve, tmp_path: Path) -> None:
    code = """
# /// script
# [tool.sidestage.session-data]
# log = "How it ended"
# ///
from sidestage import flow

def process(session):
    try:
        yield flow.exit(0, "enough")
    finally:
        yield flow.show_text("Too late")
"""
    server = serve(write(tmp_path, code))
    session = open_study(page, server)
    wait_for_heading(page, "Thank you")
    expect(page.get_by_text("Too late")).to_have_count(0)
    [(_, message)] = log_lines(server.data, session)
    assert message.startswith("exit 0: enough (the script yielded again after its end")


def test_a_crash_of_python_is_told_and_one_can_start_again(page: Page, serve: Serve, tmp_path: Path) -> None:
    code = """
# /// script
# [tool.sidestage.session-data]
# calm = "That it went on"
# ///
import os
from sidestage import flow

def process(session):
    if (yield flow.confirm("Crash?")):
        os._exit(3)
    yield flow.donate("calm", True)
"""
    server = serve(write(tmp_path, code))
    session = open_study(page, server)
    press(page, "Yes")
    wait_for_heading(page, "Python stopped unexpectedly")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    press(page, "Start again")
    press(page, "No")
    wait_for_heading(page, "Thank you")
    assert [donation.data for donation in donations(server.data, session)] == [True]
    assert ("error", "Python broke down again and again.") in log_lines(server.data, session)


def test_an_endless_loop_leaves_the_page_alive(page: Page, serve: Serve, tmp_path: Path) -> None:
    code = """
from sidestage import flow

def process(session):
    yield flow.show_text("Ready")
    print("round and round")
    while True:
        pass
"""
    server = serve(write(tmp_path, code))
    open_study(page, server)
    press(page, "Continue")
    expect(page.get_by_role("status")).to_have_text("One moment…")
    page.get_by_text("Output of the script").click()
    expect(page.get_by_text("round and round")).to_be_visible()
    assert page.evaluate("new Promise((resolve) => requestAnimationFrame(() => resolve(1 + 1)))") == 2


def test_a_forgotten_yield_shows_below_the_page_and_in_the_terminal(page: Page, serve: Serve, tmp_path: Path) -> None:
    body = 'steps = {"one": flow.log}\n    steps["one"]("x")\n    flow.donate("key", 1)\n    yield'
    server = serve(write(tmp_path, GOOD.replace("yield", body)))
    open_study(page, server)
    output = page.locator("pre", has_text="never yielded")
    expect(output).to_contain_text("study.py, line 7: flow.donate(...) was made and never yielded")
    expect(output).to_contain_text("study.py, line 6: flow.log(...) was made and never yielded")
    server.wait_for(re.escape("Warning: study.py, line 6: flow.log(...) was made and never yielded"))
    assert server.output.count("line 7: flow.donate") == 1
