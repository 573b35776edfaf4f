"""How much memory a page takes that has Python with numpy and pandas, and now does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.figures import Comparison, Round, Row, interleaved, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.processes import shares_of
from benchmarks.stage import BARE_PAGE, KEPT, REST, WHEELS, Stage, run_in

TITLE = "Memory of a page at rest, with numpy and pandas imported"
OTHER_WAY = "a worker that runs loadPyodide() as shipped, loads the packages' wheels and imports them"
PACKAGES = ("numpy", "pandas")
SCRIPT = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n"
#: How long nothing is done before the memory is looked at, in milliseconds.
_AT_REST = 10_000

_OURS = f"""
const {{ PythonWorker }} = await import("/sidestage/sidestage.js");
window.python = new PythonWorker({{ spare: false }});
await python.init({{ packages: given }});
await python.runPython(given.map((name) => `import ${{name}}`).join("\\n"));
while (!({KEPT})) await new Promise((resolve) => setTimeout(resolve, 50));
"""
_PLAIN = f"""
{PLAIN_WORKER} {ASK}
window.python = await plainWorker(`
  await pyodide.loadPackage(${{JSON.stringify(given)}}, {{ checkIntegrity: false }});
  pyodide.runPython(${{JSON.stringify(given.map((name) => `import ${{name}}`).join("\\n"))}});
  postMessage("ready");
`);
await heard(python);
"""
_NOT_HERE = "measured on Linux only"


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each round: one fresh person per side, who opens the page, and opens it again."""
    names, rest = ((), 0) if quick else (PACKAGES, _AT_REST)
    words: list[str | Path] = [] if quick else ["--find-links", WHEELS]
    address = stage.serve(SCRIPT, *words) + BARE_PAGE

    def visits(body: str) -> Callable[[], Round]:
        return lambda: _two_visits(stage, address, body, names, rest)

    ours, plain = interleaved(rounds, visits(_OURS), visits(_PLAIN))
    rows = []
    for visit in ("first visit", "again"):
        for what in ("pages and frames", "what the browser's other processes have grown by"):
            name = f"{visit}: {what}"
            rows.append(Row(name, sample(ours, name, "MB"), sample(plain, name, "MB")))
    return Comparison(TITLE, OTHER_WAY, rows)


def _two_visits(stage: Stage, address: str, body: str, names: tuple[str, ...], rest: int) -> Round:
    found: dict[str, float | str] = {}
    with stage.person() as (context, profile):
        page = context.pages[0]
        for visit in ("first visit", "again"):
            page = _opened_anew(page, address)
            before = shares_of(profile)
            run_in(page, body, list(names))
            page.wait_for_timeout(rest)
            after = shares_of(profile)
            grown = after.others - before.others if after and before else _NOT_HERE
            found[f"{visit}: pages and frames"] = after.pages if after else _NOT_HERE
            found[f"{visit}: what the browser's other processes have grown by"] = grown
    return found


def _opened_anew(before: Page, address: str) -> Page:
    """The page at this address, in a tab of its own; the one before is closed."""
    page = before.context.new_page()
    before.close()
    page.goto(address)
    page.wait_for_timeout(REST)
    return page
