"""Texts of all directions where there is little room: each cell shows its beginning, and marks what is not seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.serving import Server

from .visitor import FINDERS, Visitor

WORDS = [
    "שלום, מה שלומך היום? " * 12,
    "(שלום!)",
    "مرحبا، كيف حالك؟ " * 12,
    "می\u200cروم 👨\u200d👩\u200d👧 🇮🇷",
    "English words, and more of them, " * 12,
    "tea\u200b\ufe0f",
    "नमस्ते क्\u200dष",
]
STUDY = f"""
from sidestage import flow
from sidestage.tables import Table

def process(session):
    agreed = yield flow.review(Table("words", "מה אמרת", {{"words": {WORDS!r}}}))
"""
#: Where the first letter of each cell is, against the window on the table.
BEGINNINGS = """
const scroller = seen(".scroller")[0].getBoundingClientRect();
return seen("td.cell").map((cell) => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (!/\\p{L}/u.test(node.data)) node = walker.nextNode();
  const at = node.data.search(/\\p{L}/u);
  const range = document.createRange();
  range.setStart(node, at);
  range.setEnd(node, at + 1);
  const letter = range.getBoundingClientRect();
  const outer = cell.getBoundingClientRect();
  return {
    inSight: letter.left >= scroller.left - 1 && letter.right <= scroller.right + 1,
    side: letter.left - outer.left < outer.right - letter.right ? "left" : "right",
    more: cell.querySelector(".more")?.textContent ?? "",
    marks: [...cell.querySelectorAll(".mark")].map((mark) => mark.textContent),
  };
});
"""


def test_with_the_room_of_a_phone_each_cell_shows_its_beginning(
    visitor: Visitor, serve: Callable[..., Server], tmp_path: Path
) -> None:
    script = tmp_path / "study.py"
    script.write_text(STUDY)
    server = serve(script)
    visitor.open(server.url)
    # Browsers make no window as narrow as a phone: this leaves as much room for the table as one does.
    visitor.evaluate("document.body.style.width = '460px';")
    visitor.wait_for(f"{len(WORDS)} rows kept")
    visitor.wait_for("2 characters here cannot be seen.")
    cells: list[dict[str, Any]] = visitor.evaluate(FINDERS + BEGINNINGS)
    assert [cell["inSight"] for cell in cells] == [True] * len(WORDS)
    assert [cell["side"] for cell in cells] == ["right", "right", "right", "right", "left", "left", "left"]
    assert [bool(cell["more"]) for cell in cells] == [True, False, True, False, True, False, False]
    assert [cell["marks"] for cell in cells] == [[], [], [], [], [], ["U+200B U+FE0F"], []]
