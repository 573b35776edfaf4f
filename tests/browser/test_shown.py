"""What is shown is what is there: characters that are not seen, directions of writing, and cells that are cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tools.serving import Server

from .participant import console, donations, open_study, press, shown_rows, table, wait_for_heading

#: A chat behind a word, in characters of which nothing is seen.
HIDDEN = "".join(chr(0xE0100 + ord(letter)) for letter in "Nobody may read this")
HEBREW = "שלום, מה שלומך היום? " * 12
STUDY = f"""
from sidestage import flow
from sidestage.tables import Table

def process(session):
    yield flow.confirm("Is this \\u202ealright\\u202c?", title="Before\\u200b we begin")
    words = ["tea{HIDDEN}", "می\\u200cروم 👨\\u200d👩\\u200d👧", {HEBREW!r}, "long " * 400, "10:05\\u202fPM"]
    agreed = yield flow.review(Table("words", "What you said", {{"number": [1, 2, 3, 4, 5], "words": words}}))
    yield flow.donate("other", {{"words": "jam\\u2066"}})
"""


@pytest.fixture
def study(serve: Callable[..., Server], tmp_path: Path) -> Server:
    script = tmp_path / "study.py"
    script.write_text(STUDY)
    return serve(script)


def marks(place: Locator) -> list[str]:
    """The marks that a place shows for characters that are not seen."""
    return place.locator(".mark").all_inner_texts()


def test_what_is_not_seen_is_marked_and_counted_wherever_it_stands(returning_page: Page, study: Server) -> None:
    page = returning_page
    session = open_study(page, study)
    expect(page.get_by_role("heading", level=1)).to_have_text("BeforeU+200B we begin")
    question = page.locator("sidestage-confirm")
    expect(question.get_by_text("2 characters here cannot be seen.")).to_be_visible()
    assert marks(question) == ["U+202E", "U+202C"]
    press(page, "Yes")

    said = table(page, "What you said")
    expect(said.get_by_text("20 characters here cannot be seen.")).to_be_visible()
    rows = shown_rows(page, "What you said")
    assert rows[0] == ["1", "teaU+E014E… ×20"]
    # What makes a text look right is part of it, and bears no mark.
    assert rows[1] == ["2", "می\u200cروم 👨\u200d👩\u200d👧"]
    said.get_by_role("button", name="Show row 1 in full").click()
    row = page.get_by_role("dialog")
    expect(row.get_by_text("20 characters here cannot be seen.")).to_be_visible()
    assert marks(row) == ["U+E014E… ×20"]
    row.get_by_role("button", name="Close").click()

    press(page, "Yes, donate")
    wait_for_heading(page, "This study wants to send this too")
    asked = page.locator("sidestage-asking-page")
    press(page, "Send")
    wait_for_heading(page, "Thank you")
    assert [donation.data for donation in donations(study.data, session)] == [{"words": "jam\u2066"}]
    assert asked.count() == 0
    assert console(page) == []


def test_a_cut_cell_tells_how_much_of_it_is_not_shown(returning_page: Page, study: Server) -> None:
    page = returning_page
    open_study(page, study)
    press(page, "Yes")
    said = table(page, "What you said")
    cells = said.get_by_role("row").locator("td.cell")
    long = cells.filter(has_text="long long")
    expect(long.locator(".more")).to_have_text(re.compile(r"^\+1,\d{3}$"))
    expect(long.locator(".more")).to_have_attribute("title", re.compile(r"^1,\d{3} more characters$"))
    assert 1_000 < int(long.locator(".more").inner_text().replace(",", "")) < 2_000
    right_edge = "(element) => element.getBoundingClientRect().right"
    assert long.locator(".more").evaluate(right_edge) <= long.evaluate(right_edge)
    expect(cells.filter(has_text="10:05").locator(".more")).to_have_count(0)


def test_a_hebrew_cell_shows_its_beginning(returning_page: Page, study: Server) -> None:
    page = returning_page
    open_study(page, study)
    press(page, "Yes")
    cell = table(page, "What you said").locator("td.cell").filter(has_text="שלום")
    expect(cell.locator(".more")).to_have_text(re.compile(r"^\+\d+$"))
    # The first word stands at the right edge, and what has no room is beyond the left one.
    first = cell.evaluate(
        """(cell) => {
          const text = document.createNodeIterator(cell, NodeFilter.SHOW_TEXT);
          let node;
          do node = text.nextNode(); while (!node.data.includes("שלום"));
          const range = document.createRange();
          range.setStart(node, node.data.indexOf("שלום"));
          range.setEnd(node, node.data.indexOf("שלום") + 4);
          const word = range.getBoundingClientRect(), box = cell.getBoundingClientRect();
          return { gap: box.right - word.right, direction: getComputedStyle(cell).direction };
        }"""
    )
    assert first["direction"] == "rtl"
    assert 0 <= first["gap"] < 30


def test_a_search_finds_what_a_phone_wrote_with_a_narrow_space(returning_page: Page, study: Server) -> None:
    page = returning_page
    open_study(page, study)
    press(page, "Yes")
    said = table(page, "What you said")
    said.get_by_label("Search in What you said").fill("10:05 pm")
    expect(said.get_by_text("1 row found")).to_be_visible()
    assert [row[0] for row in shown_rows(page, "What you said")] == ["5"]
