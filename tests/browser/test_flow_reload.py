"""A page reloaded by accident: the participant goes on where they were, unless a file was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tools.serving import Server, start_server

from .participant import choose, choose_file, console, donations, open_study, press, wait_for_heading

STUDY = """
# /// script
# [tool.sidestage.session-data]
# early = "What you chose"
# late = "What you chose, once more"
# ///
import random

from sidestage import flow
from sidestage.tables import Table

def process(session):
    number = random.random()
    name = yield flow.ask_choice("Which?", ["one", "two", "a file"])
    if name == "a file":
        yield flow.ask_file("Your file")
    yield flow.donate("early", name)
    agreed = yield flow.review(Table("t", "Rows", {"n": [1, 2, 3]}))
    sure = yield flow.confirm("Sure?")
    yield flow.donate("table", agreed)
    same = number == random.Random(session).random()
    yield flow.donate("late", {"name": name, "sure": sure, "same": same})
"""
BACK = "You are back where you were."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("reload")
    (folder / "study.py").write_text(STUDY)
    server = start_server("run", folder / "study.py", data=folder / "data")
    yield server
    server.stop()


@pytest.fixture
def page(returning_page: Page) -> Page:
    """A participant who means it when the browser asks whether to leave."""
    returning_page.on("dialog", lambda dialog: dialog.accept())
    return returning_page


def go_to_question(page: Page) -> None:
    """Up to a prompt behind a choice, a donation and a review."""
    choose(page, "two")
    page.get_by_role("checkbox", name="Select row 2").check()
    press(page, "Delete selected")
    press(page, "Yes, donate")
    expect(page.get_by_text("Sure?")).to_be_visible()


def test_a_reload_goes_on_at_the_same_prompt_in_the_same_session(page: Page, server: Server) -> None:
    session = open_study(page, server)
    go_to_question(page)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    for _ in range(2):
        page.reload()
        expect(page.get_by_text("Sure?")).to_be_visible()
        expect(page.get_by_text(BACK)).to_be_visible()
    assert not [url for url in asked if "/api/session" in url or "/api/donations" in url]
    press(page, "What leaves this page")
    expect(page.get_by_role("dialog").get_by_text("Donation “early”")).to_be_visible()
    press(page, "Close")
    press(page, "Yes")
    wait_for_heading(page, "Thank you")
    expect(page.get_by_text(BACK)).to_have_count(0)
    assert [(item.key, item.data) for item in donations(server.data, session)] == [
        ("early", "two"),
        ("table", {"t": {"data": [{"n": 1}, {"n": 3}], "metadata": {"deletedRowCount": 1}}}),
        ("late", {"name": "two", "sure": True, "same": True}),
    ]
    assert console(page) == []
    page.reload()
    expect(page.get_by_text("Which?")).to_be_visible()
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_who_is_back_may_start_again(page: Page, server: Server) -> None:
    open_study(page, server)
    choose(page, "one")
    expect(page.get_by_role("table", name="Rows")).to_be_visible()
    page.reload()
    press(page, "Start again")
    expect(page.get_by_text("Which?")).to_be_visible()
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_a_flow_with_a_file_starts_anew(page: Page, server: Server, tmp_path: Path) -> None:
    first = open_study(page, server)
    choose(page, "a file")
    (tmp_path / "notes.txt").write_text("a file")
    choose_file(page, tmp_path / "notes.txt")
    expect(page.get_by_role("table", name="Rows")).to_be_visible()
    with page.expect_response("**/api/session") as answer:
        page.reload()
    assert answer.value.json()["sessionId"] != first
    expect(page.get_by_text("Which?")).to_be_visible()
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_another_script_or_one_that_takes_another_way_starts_anew(
    page: Page, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY)
    server = serve(script)
    # The page of an author at work reloads by itself; this one is kept from hearing of it.
    page.route("**/api/changes", lambda route: route.abort())
    open_study(page, server)
    choose(page, "one")
    expect(page.get_by_role("table", name="Rows")).to_be_visible()
    changed = STUDY.replace("Sure?", "Really?")
    restless = changed.replace('"Which?"', 'f"Which? {random.SystemRandom().random()}"')
    for source in (changed, restless, restless):
        script.write_text(source)
        page.reload()
        expect(page.get_by_text("Which?")).to_be_visible()
        expect(page.get_by_text(BACK)).to_have_count(0)
        choose(page, "one")
        expect(page.get_by_role("table", name="Rows")).to_be_visible()


def test_neither_a_new_visit_nor_a_second_tab_gets_the_session(page: Page, server: Server) -> None:
    first = open_study(page, server)
    choose(page, "one")
    expect(page.get_by_role("table", name="Rows")).to_be_visible()
    kept = page.evaluate("dispatchEvent(new Event('pagehide')), JSON.stringify(sessionStorage)")
    assert first in kept
    # A tab that is duplicated brings along what its twin has kept, and is loaded like one that is come back to.
    twin = page.context.new_page()
    twin.goto(server.url, wait_until="commit")
    twin.goto(server.url + "sidestage/manifest.json")
    twin.evaluate("kept => Object.assign(sessionStorage, JSON.parse(kept))", kept)
    with twin.expect_response("**/api/session") as answer:
        twin.go_back()
    assert answer.value.json()["sessionId"] != first
    expect(twin.get_by_text("Which?")).to_be_visible()
    expect(twin.get_by_text(BACK)).to_have_count(0)
    # The next person at the same machine opens the address in the same tab.
    assert open_study(page, server) != first
    expect(page.get_by_text("Which?")).to_be_visible()
    expect(page.get_by_text(BACK)).to_have_count(0)
