"""A worker killed at every prompt: the participant goes on, and the donation is that of an undisturbed run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tools.serving import Server, sidestage

SCRIPT = """
# /// script
# [tool.sidestage.session-data]
# early = "What was chosen"
# late = "All of it"
# ///
import random

from sidestage import flow
from sidestage.tables import Table


def process(session):
    number = random.random()
    yield flow.show_text("Welcome")
    name = yield flow.ask_choice("Which?", ["one", "two"])
    file = yield flow.ask_file("A file")
    lines = file.read().decode().split()
    yield flow.donate("early", {"name": name})
    agreed = yield flow.review(Table("lines", "Lines", {"line": lines}))
    sure = yield flow.confirm("Sure?")
    same = number == random.Random(session).random()
    yield flow.donate("lines", agreed)
    yield flow.donate("late", {"agreed": agreed, "sure": sure, "same": same})
    yield flow.show_text("Goodbye")
"""


def kill_worker(page: Page) -> None:
    """Let an error nobody catches end the worker, as a fatal error of the interpreter does."""
    for worker in page.workers:
        worker.evaluate("setTimeout(() => { throw new Error('killed by a test') })")
    page.wait_for_timeout(200)


def test_a_worker_killed_at_every_prompt_loses_nothing(
    page: Page, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    script.write_text(SCRIPT)
    file = tmp_path / "lines.txt"
    file.write_text("a\nb\nc\n")
    server = serve(script)
    page.goto(server.url)
    go_on = page.get_by_role("button", name="Continue")

    expect(page.get_by_text("Welcome")).to_be_visible()
    kill_worker(page)
    go_on.click()
    page.get_by_label("two").check()
    kill_worker(page)
    go_on.click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    kill_worker(page)
    go_on.click()
    page.get_by_role("checkbox", name="Select row 2").check()
    page.get_by_role("button", name="Delete selected").click()
    kill_worker(page)
    page.get_by_role("button", name="Yes, donate").click()
    expect(page.get_by_text("Sure?")).to_be_visible()
    kill_worker(page)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Goodbye")).to_be_visible()

    out = tmp_path / "out"
    assert sidestage("donations", "export", "--to", out, "--data", server.data).returncode == 0
    index = [json.loads(line) for line in (out / "index.jsonl").read_text().splitlines()]
    donated = {entry["key"]: json.loads((out / entry["file"]).read_text()) for entry in index}
    assert len(index) == 3, "what was sent is not sent again"
    assert donated["early"] == {"name": "two"}
    assert donated["lines"] == donated["late"]["agreed"]
    assert donated["late"]["agreed"]["lines"]["data"] == [{"line": "a"}, {"line": "c"}]
    assert donated["late"]["sure"] is True
    assert donated["late"]["same"] is True, "random numbers follow from the session"
