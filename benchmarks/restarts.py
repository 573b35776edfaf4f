"""What 200 restarts in a row leave behind in the browser's memory."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

from benchmarks.figures import Comparison, Round, Row, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.processes import memory_of
from benchmarks.stage import Stage, run_in

TITLE = "Many restarts of a worker in a row"
SCRIPT = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n"
_OURS = """
const { PythonWorker } = await import("/sidestage/sidestage.js");
const python = new PythonWorker({ spare: false });
await python.init();
window.restart = async () => {
  await python.runPython("import os; os._exit(1)").catch(() => undefined);
  await python.runPython("1 + 1");
};
"""
_PLAIN = (
    PLAIN_WORKER
    + ASK
    + """
const answers = "onmessage = async ({ data }) => postMessage(await pyodide.runPythonAsync(data));";
const start = async () => {
  const worker = await plainWorker(`${answers} postMessage("ready");`);
  await heard(worker);
  return worker;
};
let plain = await start();
window.restart = async () => {
  plain.terminate();
  plain = await start();
  await ask(plain, "1 + 1");
};
"""
)
_RESTART = """
const began = performance.now();
for (let turn = 0; turn < given; turn += 1) await window.restart();
return (performance.now() - began) / given;
"""


@dataclass(frozen=True)
class Plan:
    """How often to restart before the first look at the memory, until when caches fill, and before the second."""

    before: int
    between: int
    #: How long the browser has to tidy up before it is looked at, in milliseconds.
    rest: int


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each side once: so many restarts need no second round. The other way has fewer, each of which takes seconds."""
    del rounds
    many, some = (Plan(1, 2, 0), Plan(1, 1, 0)) if quick else (Plan(20, 200, 3_000), Plan(5, 40, 3_000))
    other_way = f"the worker is terminated, and another runs loadPyodide() as shipped; {some.between} times"
    address = stage.serve(SCRIPT)
    ours, plain = [_side(stage, address, _OURS, many)], [_side(stage, address, _PLAIN, some)]
    names = {
        f"growth of the page's heap over {many.between} restarts": ("heap", ""),
        f"growth of all memory of pages and frames over {many.between} restarts": ("memory", ""),
        "all memory of pages and frames at the end": ("left", "MB"),
        "a restart, on average": ("time", "ms"),
    }
    rows = [Row(name, sample(ours, key, unit), sample(plain, key, unit)) for name, (key, unit) in names.items()]
    return Comparison(TITLE, other_way, rows)


def _side(stage: Stage, address: str, script: str, plan: Plan) -> Round:
    with stage.bare_page(address) as page:
        run_in(page, script)
        run_in(page, _RESTART, plan.before)
        heap, memory = _look(stage, page, plan.rest)
        time = run_in(page, _RESTART, plan.between)
        heap_after, memory_after = _look(stage, page, plan.rest)
    found: dict[str, float | str] = {"heap": f"{heap_after / heap - 1:+.1%}", "time": time}
    if memory is None or memory_after is None:
        return found | {"memory": "measured on Linux only", "left": "measured on Linux only"}
    return found | {"memory": f"{memory_after / memory - 1:+.1%}", "left": memory_after}


def _look(stage: Stage, page: Page, rest: int) -> tuple[float, float | None]:
    """The bytes of the page's heap, and the megabytes of all processes, once garbage has gone."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    devtools.send("Memory.simulatePressureNotification", {"level": "critical"})
    page.wait_for_timeout(rest)
    devtools.send("HeapProfiler.collectGarbage")
    used = devtools.send("Runtime.getHeapUsage")["usedSize"]
    devtools.detach()
    return used, memory_of(stage.browser, "VmRSS")
