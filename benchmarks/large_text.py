"""Long texts that are not English: a table of them to review, and one text as the result of code."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.figures import Comparison, Round, Row, interleaved, sample
from benchmarks.javascript import ELEMENTS
from benchmarks.processes import memory_of, remember_peaks
from benchmarks.stage import Stage, run_in

TITLE = "1,000,000 rows of 60 Arabic letters, and a text of 300 MB"
OTHER_WAY = "the same with ASCII letters; for memory, the text itself"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_ASCII = "abcdefghijklmnopqrstuvwxyzab"
_STUDY = """
from sidestage import flow
from sidestage.tables import Table

LETTERS = {letters!r} * 4


def process(session):
    yield flow.show_text("Everything is ready.", button="Show the table")
    cells = [LETTERS[row % 28 : row % 28 + 52] + f"{{row:08}}" for row in range({rows})]
    yield flow.review(Table("messages", "Messages", {{"message": cells}}))
"""
_SHOW = (
    ELEMENTS
    + """
const inSight = (selector, text) => {
  for (const element of elements(document)) {
    if (element.matches(selector) && element.textContent.includes(text) && element.checkVisibility()) return element;
  }
};
const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
window.show = async () => {
  performance.mark("asked");
  inSight("button", "Show the table").click();
  while (!inSight("td", "00000000")) await drawn();
  performance.mark("shown");
};
"""
)
_TEXT = """
const { PythonWorker } = await import("/sidestage/sidestage.js");
window.python = new PythonWorker({ spare: false });
await python.init();
window.ask = async () => {
  const began = performance.now();
  const text = await python.runPython(given.code);
  if (text.length !== given.length) throw new Error(`${text.length} characters came`);
  return performance.now() - began;
};
"""
_NOT_HERE = "measured on Linux only"


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each round a fresh visitor per side."""
    rows, characters = (500, 100_000) if quick else (1_000_000, 300_000_000)

    def side(letters: str, of_text: int) -> Callable[[], Round]:
        address = stage.serve(_STUDY.format(letters=letters, rows=rows))
        return lambda: {**_reviewed(stage, address), **_returned(stage, address, letters[0], of_text)}

    arabic, ascii_ = interleaved(rounds, side(_ARABIC, characters // 2), side(_ASCII, characters))
    lines = (
        ("shown", "review: from the button until the first rows are in sight", "ms"),
        ("task", "review: longest task of the page meanwhile", "ms"),
        ("text", "text: until it is there", "ms"),
    )
    compared = [Row(name, sample(arabic, key, unit), sample(ascii_, key, unit)) for key, name, unit in lines]
    size = [{"size": characters / 1e6} for _ in range(rounds)]
    memory = [
        Row(f"{name} text: what the page's processes grew by", sample(found, "grown", "MB"), sample(size, "size", "MB"))
        for name, found in (("Arabic", arabic), ("ASCII", ascii_))
    ]
    return Comparison(TITLE, OTHER_WAY, [*compared, *memory])


def _reviewed(stage: Stage, address: str) -> Round:
    with stage.visitor() as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Show the table").wait_for()
        run_in(page, _SHOW)
        return _traced(stage, page)


def _traced(stage: Stage, page: Page) -> Round:
    """Have the table shown, and read from the browser's own trace how long that and its longest task took."""
    stage.browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline", "blink.user_timing"])
    run_in(page, "await show();")
    events = json.loads(stage.browser.stop_tracing())["traceEvents"]
    marks = {event["name"]: event for event in events if event["name"] in ("asked", "shown")}
    asked, shown = marks["asked"], marks["shown"]
    tasks = [
        event.get("dur", shown["ts"] - event["ts"])
        for event in events
        if event["name"] == "RunTask"
        and (event["pid"], event["tid"]) == (asked["pid"], asked["tid"])
        and asked["ts"] <= event["ts"] <= shown["ts"]
    ]
    return {"shown": (shown["ts"] - asked["ts"]) / 1000, "task": max(tasks) / 1000}


def _returned(stage: Stage, address: str, letter: str, characters: int) -> Round:
    """A text as the result of code: how long it takes, and what the page's processes grew by at most."""
    with stage.bare_page(address) as page:
        run_in(page, _TEXT, {"code": f"{letter!r} * {characters}", "length": characters})
        before = memory_of(stage.browser, "VmRSS")
        remember_peaks(stage.browser)
        took = run_in(page, "return ask();")
        peak = memory_of(stage.browser, "VmHWM")
    return {"text": took, "grown": peak - before if peak is not None and before is not None else _NOT_HERE}
