"""How long someone who opens the page waits for the first prompt; the first time, and again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from benchmarks.figures import Comparison, Round, Row, interleaved, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.stage import BARE_PAGE, KEPT, PATIENCE, REST, Stage

TITLE = "From opening the page to the first prompt"
OTHER_WAY = "a page whose worker runs loadPyodide() as shipped, then a trivial script, and shows a button"
SCRIPT = """
from sidestage import flow


def process(session):
    yield flow.show_text("Welcome", button="Go to the study")
"""

#: Looks at the page whenever something in it has changed and is about to be drawn, and keeps when each step first came
#: into sight. Also keeps the longest task; the browser tells of those over 50 ms only. Frames in it are left alone.
_WATCHER = """
window.seen = { longestTask: 0 };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) seen.longestTask = Math.max(seen.longestTask, duration);
}).observe({ type: "longtask", buffered: true });
const steps = {
  words: ["h1, p", () => true],
  downloading: ["#stage", (element) => element.textContent.trim() === "Downloading Python"],
  downloaded: ["progress", (element) => element.value >= 60],
  prompt: ["button", (element) => element.textContent.trim() === "Go to the study"],
};
const roots = new Set();
const look = () => {
  for (const root of roots) {
    for (const [step, [selector, fits]] of Object.entries(steps)) {
      if (step in seen) continue;
      const found = [...root.querySelectorAll(selector)].some((each) => fits(each) && each.checkVisibility());
      if (found) seen[step] = performance.now();
    }
  }
  if (seen.prompt) console.debug("seen");
};
let waiting = 0;
const changed = () => {
  if (!seen.prompt) waiting ||= requestAnimationFrame(() => { waiting = 0; look(); });
};
const watch = (root) => {
  roots.add(root);
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(changed).observe(root, all);
};
if (window === top) {
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    watch(root);
    return root;
  };
  watch(document);
}
"""
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


#: How long the machine rests after a prompt, in milliseconds. By then whatever was begun for later has long been done.
_REST_AFTER = 4_000


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each round two fresh people, one per side, who each open the page twice."""
    address = stage.serve(SCRIPT)
    rest = 0 if quick else _REST_AFTER

    def visits(page: str, kept: str, *scripts: str) -> Callable[[], Round]:
        return lambda: _two_visits(stage, page, scripts, kept, rest)

    ours = visits(address, KEPT, _WATCHER)
    # The other way keeps nothing but what the browser does of its own.
    plain = visits(address + BARE_PAGE, "true", _WATCHER, _PLAIN_PAGE)
    measured, others = interleaved(rounds, ours, plain)
    rows = []
    for visit in ("first visit", "second visit"):
        rows.append(Row(f"{visit}: the prompt", *(sample(side, f"{visit} prompt") for side in (measured, others))))
        rows += [Row(f"{visit}: {meaning}", sample(measured, f"{visit} {step}")) for step, meaning in _STEPS.items()]
        tasks = (sample(side, f"{visit} longestTask") for side in (measured, others))
        rows.append(Row(f"{visit}: longest task of the page over 50 ms", *tasks))
    return Comparison(TITLE, OTHER_WAY, rows)


def _two_visits(stage: Stage, page: str, scripts: tuple[str, ...], kept: str, rest: int) -> Round:
    found: dict[str, float | str] = {}
    with stage.person() as (context, _):
        for visit in ("first visit", "second visit"):
            found |= {f"{visit} {step}": figure for step, figure in _visit(context, page, scripts, kept, rest).items()}
    return found


def _visit(context: BrowserContext, address: str, scripts: tuple[str, ...], kept: str, rest: int) -> Round:
    page = context.new_page()
    page.wait_for_timeout(REST)
    for script in scripts:
        page.add_init_script(script)
    # Told by the page: asking it again and again would take it time.
    with page.expect_console_message(lambda message: message.text == "seen", timeout=PATIENCE):
        page.goto(address)
    seen: dict[str, float | str] = page.evaluate("seen")
    # A second visit comes when the first one has done all that it does for a later one. Asked from outside: the page's
    # policy allows no eval, which Playwright's own waiting needs.
    while not page.evaluate(kept):
        page.wait_for_timeout(100)
    page.wait_for_timeout(rest)
    page.close()
    return {**seen, "longestTask": seen["longestTask"] or "none"}
