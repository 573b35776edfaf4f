"""A long table to review: from the moment the page has it until its rows are in sight."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from benchmarks.figures import Comparison, Round, Row, interleaved, sample
from benchmarks.javascript import ASK, ELEMENTS, PLAIN_WORKER
from benchmarks.stage import BARE_PAGE, Stage, run_in

TITLE = "A table of 50,000 rows, once the page has it"
OTHER_WAY = "one JSON.parse of the whole table, and an HTML table of all its rows"
_STUDY = """
from sidestage import flow
from sidestage.tables import Table


def process(session):
    yield flow.show_text("Everything is ready.", button="Show the table")
    numbers = range({rows})
    columns = {{
        "day": [f"2024-{{1 + number % 12:02}}-{{1 + number % 28:02}}" for number in numbers],
        "sender": [f"Person {{number % 40}}" for number in numbers],
        "message": [f"This is what was said in message {{number}} of the chat" for number in numbers],
        "length": [number % 300 for number in numbers],
    }}
    yield flow.review(Table("messages", "Messages", columns))
"""
#: Notes when the worker's message with the table is there; it comes from the worker itself, or over a port.
_WATCHER = """
const note = ({ data }) => {
  if (data?.type !== "command") return;
  performance.clearMarks("came");
  performance.mark("came");
};
window.Worker = class extends Worker {
  constructor(...words) {
    super(...words);
    this.addEventListener("message", note);
  }
};
const { get, set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
Object.defineProperty(MessagePort.prototype, "onmessage", {
  get,
  set(listener) {
    set.call(this, (event) => {
      note(event);
      listener?.call(this, event);
    });
  },
});
"""
_DRAWN = "const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));"
_OURS = (
    _DRAWN
    + ELEMENTS
    + """
const inSight = (selector, text) => {
  for (const element of elements(document)) {
    if (element.matches(selector) && element.textContent.includes(text) && element.checkVisibility()) return element;
  }
};
window.show = async () => {
  inSight("button", "Show the table").click();
  while (!inSight("td", "in message 0 of the chat")) await drawn();
  performance.mark("shown");
};
"""
)
#: The same columns as Sidestage's page gets, from a worker that needs no Python for it.
_PLAIN = (
    _DRAWN
    + PLAIN_WORKER
    + ASK
    + """
const worker = workerOf(`
  const numbers = Array.from({ length: ${given} }, (_, number) => number);
  const two = (number) => String(number).padStart(2, "0");
  const table = JSON.stringify({
    day: numbers.map((number) => "2024-" + two(1 + number % 12) + "-" + two(1 + number % 28)),
    sender: numbers.map((number) => "Person " + number % 40),
    message: numbers.map((number) => "This is what was said in message " + number + " of the chat"),
    length: numbers.map((number) => number % 300),
  });
  onmessage = () => postMessage({ type: "command", table });
`);
window.show = async () => {
  const columns = Object.entries(JSON.parse((await ask(worker, null)).table));
  const table = document.createElement("table");
  const addRow = (texts) => {
    const row = document.createElement("tr");
    for (const text of texts) row.appendChild(document.createElement("td")).textContent = text;
    table.appendChild(row);
  };
  addRow(columns.map(([name]) => name));
  for (let row = 0; row < columns[0][1].length; row += 1) addRow(columns.map(([, values]) => values[row]));
  document.body.append(table);
  await drawn();
  performance.mark("shown");
};
"""
)


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each round a fresh visitor per side."""
    rows = 500 if quick else 50_000
    address = stage.serve(_STUDY.format(rows=rows))
    ours, plain = interleaved(rounds, lambda: _ours(stage, address), lambda: _plain(stage, address, rows))
    lines = (("shown", "until its first rows are in sight"), ("task", "longest task of the page meanwhile"))
    return Comparison(TITLE, OTHER_WAY, [Row(name, sample(ours, key), sample(plain, key)) for key, name in lines])


def _ours(stage: Stage, address: str) -> Round:
    """The page as a participant sees it."""
    with stage.visitor() as context:
        page = context.new_page()
        page.add_init_script(_WATCHER)
        page.goto(address)
        page.get_by_role("button", name="Show the table").wait_for()
        run_in(page, _OURS)
        return _shown(stage, page)


def _plain(stage: Stage, address: str, rows: int) -> Round:
    with stage.visitor() as context:
        page = context.new_page()
        page.add_init_script(_WATCHER)
        page.goto(address + BARE_PAGE)
        run_in(page, _PLAIN, rows)
        return _shown(stage, page)


def _shown(stage: Stage, page: Page) -> Round:
    """Have the table shown, and read from the browser's own trace how long that and its longest task took."""
    stage.browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline", "blink.user_timing"])
    run_in(page, "await show();")
    events = json.loads(stage.browser.stop_tracing())["traceEvents"]
    marks = {event["name"]: event for event in events if event["name"] in ("came", "shown")}
    came, shown = marks["came"], marks["shown"]
    tasks = [
        # One that has not ended when the trace does has no duration: it counts as far as it is looked at.
        (event["ts"], event.get("dur", shown["ts"] - event["ts"]))
        for event in events
        if event["name"] == "RunTask"
        and (event["pid"], event["tid"]) == (came["pid"], came["tid"])
        and event["ts"] <= shown["ts"]
    ]
    longest = max(duration for start, duration in tasks if start + duration >= came["ts"])
    return {"shown": (shown["ts"] - came["ts"]) / 1000, "task": longest / 1000}
