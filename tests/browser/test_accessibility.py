"""Axe, which knows most of what makes a page hard to use with a screen reader, finds nothing on any page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REPOSITORY
from tools.serving import Server, start_server

from .participant import choose, choose_file, open_study, press, table, wait_for_heading

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
#: The ways in which a page is looked at: its colours, its width and its height.
LOOKS: list[tuple[Literal["light", "dark"], int, int]] = [
    ("light", 1280, 800),
    ("light", 360, 740),
    ("dark", 360, 740),
    ("dark", 1280, 800),
]
STUDY = """
from sidestage import flow
from sidestage.tables import Table

class ColourWheel(flow.Prompt):
    question: flow.Text
    answers = str

def everything():
    yield flow.show_text("Tea\\u200b is ready.\\n\\nJam, too.", title="Welcome")
    yield flow.confirm("Shall we begin?")
    yield flow.ask_choice("Which drink?", ["tea", "coffee", "milk"], description="Choose one.")
    files = yield flow.ask_file("Any file", accept=[".txt"], multiple=True)
    yield flow.show_progress("Working", 40)
    files[0].read()
    yield flow.ask_file("Another file")
    drinks = {"number": [1, 2, None], "drink": ["tea\\u200b", "long " * 200, "שלום"]}
    tables = [Table("drinks", "Drinks", drinks, description="All of them."), Table("none", "Nothing", {"a": []})]
    yield flow.review(tables)
    yield ColourWheel("Which colour?")
    yield flow.donate("more", {"drinks": "milk"})

def broken():
    yield flow.show_text("Something is about to break.")
    raise RuntimeError("a sentence of the script")

def process(session):
    part = yield flow.ask_choice("Part?", ["everything", "broken"])
    yield from {"everything": everything, "broken": broken}[part]()
"""
WHEEL = """
customElements.define("prompt-colour-wheel", class extends HTMLElement {
  connectedCallback() {
    const button = document.createElement("button");
    button.textContent = "Red";
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("answer", { detail: "red" })));
    this.append(button);
  }
});
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("accessible")
    (folder / "prompts").mkdir()
    (folder / "prompts/ColourWheel.js").write_text(WHEEL)
    (folder / "study.py").write_text(STUDY)
    server = start_server("run", folder / "study.py", data=folder / "data")
    yield server
    server.stop()


#: What axe finds: the rule, and each place with what is wrong there.
FIND = """async () => (await axe.run(document, { iframes: false })).violations.map(
  ({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])],
)"""


def look(page: Page, name: str) -> list[Any]:
    """What axe finds on the page, light and dark, on a screen and on a phone."""
    found = []
    for scheme, width, height in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        found += [[name, scheme, width, violation] for violation in page.evaluate(FIND)]
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


@pytest.fixture
def watched(returning_page: Page) -> Page:
    returning_page.add_init_script(AXE.read_text())
    return returning_page


def test_axe_finds_nothing_on_any_page_of_a_flow(watched: Page, study: Server, tmp_path: Path) -> None:
    page = watched
    found: list[Any] = []
    open_study(page, study)
    found += look(page, "a choice")
    choose(page, "everything")
    wait_for_heading(page, "Welcome")
    found += look(page, "a text")
    press(page, "Continue")
    expect(page.get_by_text("Shall we begin?")).to_be_visible()
    found += look(page, "a question")
    press(page, "Yes")
    expect(page.get_by_role("radio", name="tea")).to_be_visible()
    press(page, "Continue")
    found += look(page, "a choice that was not made")
    choose(page, "tea")
    file = tmp_path / "a.txt"
    file.write_text("a")
    choose_file(page, file, button="Choose files", then=None)
    found += look(page, "files")
    press(page, "Continue")
    expect(page.get_by_text("Choose a file")).to_be_visible()
    found += look(page, "a file")
    press(page, "Skip")
    expect(table(page, "Drinks")).to_be_visible()
    expect(table(page, "Drinks").get_by_text("1 character here")).to_be_visible()
    found += look(page, "tables")
    table(page, "Drinks").get_by_role("button", name="Show row 2 in full").click()
    found += look(page, "a row")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    press(page, "Yes, donate")
    expect(page.frame_locator("sidestage-own-prompt iframe").get_by_role("button", name="Red")).to_be_visible()
    found += look(page, "a prompt of the study's own")
    page.frame_locator("sidestage-own-prompt iframe").get_by_role("button", name="Red").click()
    wait_for_heading(page, "This study wants to send this too")
    found += look(page, "a question of the page")
    press(page, "Send")
    wait_for_heading(page, "Thank you")
    found += look(page, "the end")
    press(page, "What leaves this page")
    page.get_by_role("dialog").locator("summary").first.click()
    found += look(page, "what leaves the page")
    assert found == []


def test_axe_finds_nothing_where_something_fails(watched: Page, study: Server) -> None:
    page = watched
    found: list[Any] = []
    page.route("**/api/session", lambda route: route.abort())
    page.goto(study.url)
    wait_for_heading(page, "This page could not be loaded")
    found += look(page, "a message")
    page.unroute("**/api/session")
    press(page, "Try again")
    choose(page, "broken")
    press(page, "Continue")
    wait_for_heading(page, "Something went wrong")
    found += look(page, "an error")
    assert found == []
