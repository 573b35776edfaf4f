"""How long someone who opens the page waits for the first prompt; the first time, and again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from benchmarks.figures import Comparison, Round, Row, interleaved, sample
from benchmarks.javascript import ASK, ELEMENTS, PLAIN_WORKER
from benchmarks.stage import BARE_PAGE, Stage

TITLE = "From opening the page to the first prompt"
OTHER_WAY = "a page whose worker runs loadPyodide() as shipped, then a trivial script, and shows a button"
SCRIPT = """
from sidestage import flow


def process(session):
    yield flow.show_text("Welcome", button="Go to the study")
"""

#: Looks at the page with every frame, and keeps when each step first came into sight. Also keeps the longest task; the
#: browser tells of those over 50 ms only.
_WATCHER = (
    ELEMENTS
    + """
window.seen = { longestTask: 0 };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) seen.longestTask = Math.max(seen.longestTask, duration);
}).observe({ type: "longtask", buffered: true });
const steps = {
  words: (element) => element.matches("h1, p"),
  downloading: (element) => element.matches("#stage") && element.textContent.trim() === "Downloading Python",
  downloaded: (element) => element.matches("progress") && element.value >= 60,
  prompt: (element) => element.matches("button") && element.textContent.trim() === "Go to the study",
};
const look = () => {
  for (const element of elements(document)) {
    for (const [step, fits] of Object.entries(steps)) {
      if (!(step in seen) && fits(element) && element.checkVisibility()) seen[step] = performance.now();
    }
  }
  if (!seen.prompt) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
)
_PLAIN_PAGE = f"""
(async () => {{
  {PLAIN_WORKER} {ASK}
  const worker = await plainWorker('postMessage(await pyodide.runPythonAsync("\\'Go to the study\\'"));');
  const button = document.createElement("button");
  button.textContent = await heard(worker);
  document.body.append(button);
}})();
"""
#: What is in sight on the way to the prompt, on Sidestage's page.
_STEPS = {
    "words": "the first words",
    "downloading": "Python begins to download",
    "downloaded": "all of Python is here, and starts",
}


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each round two fresh visitors, one per side, who each open the page twice."""
    del quick  # There is nothing to make smaller.
    address = stage.serve(SCRIPT)

    def visits(page: str, *scripts: str) -> Callable[[], Round]:
        return lambda: _two_visits(stage, page, scripts)

    ours, plain = interleaved(rounds, visits(address, _WATCHER), visits(address + BARE_PAGE, _WATCHER, _PLAIN_PAGE))
    rows = []
    for visit in ("first visit", "second visit"):
        rows.append(Row(f"{visit}: the prompt", sample(ours, f"{visit} prompt"), sample(plain, f"{visit} prompt")))
        rows += [Row(f"{visit}: {meaning}", sample(ours, f"{visit} {step}")) for step, meaning in _STEPS.items()]
        tasks = sample(ours, f"{visit} longestTask"), sample(plain, f"{visit} longestTask")
        rows.append(Row(f"{visit}: longest task of the page over 50 ms", *tasks))
    return Comparison(TITLE, OTHER_WAY, rows)


def _two_visits(stage: Stage, page: str, scripts: tuple[str, ...]) -> Round:
    found: dict[str, float | str] = {}
    with stage.visitor() as context:
        for script in scripts:
            context.add_init_script(script)
        for visit in ("first visit", "second visit"):
            _visit(context, page, visit, found)
    return found


def _visit(context: BrowserContext, address: str, visit: str, found: dict[str, float | str]) -> None:
    page = context.new_page()
    page.goto(address)
    # Asked from outside, and seldom: the page's policy allows no eval, which Playwright's own waiting needs.
    while not page.evaluate("seen.prompt > 0"):
        page.wait_for_timeout(50)
    seen = page.evaluate("seen")
    seen["longestTask"] = seen["longestTask"] or "none"
    found |= {f"{visit} {step}": figure for step, figure in seen.items()}
    page.close()
