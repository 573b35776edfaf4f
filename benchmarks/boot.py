"""How long Python takes to be ready: later starts, with packages and without, and a first visit over a slow line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.figures import Comparison, Round, Row, interleaved, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.published import published
from benchmarks.stage import BARE_PAGE, REST, Stage, run_in
from tools.lines import slow_line

TITLE = "Until Python is ready"
OTHER_WAY = "a worker that runs loadPyodide() as shipped, loads the packages' wheels and imports them"
PACKAGES = ("numpy", "pandas")
MEGABITS = 20

_OURS = """
const { PythonWorker } = await import("/sidestage/sidestage.js");
const start = performance.now();
const worker = new PythonWorker({ spare: false });
await worker.init({ packages: given });
await worker.runPython(given.map((name) => `import ${name}`).join("\\n"));
const ready = performance.now() - start;
// The snapshot is kept after that; another visitor may leave at once, this one waits for it.
await new Promise((resolve) => setTimeout(resolve, 1500));
worker.destroy();
return ready;
"""
_PLAIN = f"""
{PLAIN_WORKER} {ASK}
const start = performance.now();
const worker = await plainWorker(`
  await pyodide.loadPackage(${{JSON.stringify(given)}}, {{ checkIntegrity: false }});
  pyodide.runPython(${{JSON.stringify(given.map((name) => `import ${{name}}`).join("\\n"))}});
  postMessage("ready");
`);
await heard(worker);
const ready = performance.now() - start;
worker.terminate();
return ready;
"""


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each round: for each set of packages, one fresh visitor per side who opens the page, and opens it again."""
    rows: list[Row] = []
    packages: Sequence[tuple[str, ...]] = [()] if quick else [(), PACKAGES]
    with published(quick=quick) as address:
        for names in packages:
            with_them = " and ".join(names) or "no packages"
            visits = _visits(stage, address, _OURS, names), _visits(stage, address, _PLAIN, names)
            ours, plain = interleaved(rounds, *visits)
            rows.append(Row(f"again, {with_them}", sample(ours, "again"), sample(plain, "again")))
            rows.append(Row(f"first visit, {with_them}", sample(ours, "first"), sample(plain, "first")))
        for names in () if quick else packages:
            with_them = " and ".join(names) or "no packages"
            with slow_line(address, MEGABITS) as line:
                visits = _visits(stage, line, _OURS, names), _visits(stage, line, _PLAIN, names)
                ours, plain = interleaved(rounds, *visits)
            where = f"{MEGABITS} Mbit/s"
            rows.append(Row(f"first visit, {with_them}, {where}", sample(ours, "first"), sample(plain, "first")))
            rows.append(Row(f"again, {with_them}, {where}", sample(ours, "again"), sample(plain, "again")))
    return Comparison(TITLE, OTHER_WAY, rows)


def _visits(stage: Stage, address: str, body: str, names: tuple[str, ...]) -> Callable[[], Round]:
    def visit() -> Round:
        with stage.visitor() as context:
            found: dict[str, float | str] = {}
            for which in ("first", "again"):
                page = context.new_page()
                page.goto(address + BARE_PAGE)
                page.wait_for_timeout(REST)
                found[which] = run_in(page, body, list(names))
                page.close()
            return found

    return visit
