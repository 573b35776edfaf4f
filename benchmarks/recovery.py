"""How soon Python answers again after it died or had to be stopped."""

from __future__ import annotations

from benchmarks.figures import Comparison, Row, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.stage import Stage, run_in

TITLE = "The next answer after Python has died or was stopped"
OTHER_WAY = "the worker is terminated; another runs loadPyodide() as shipped, and answers"
SCRIPT = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n"
#: What ends, and by which time limit in milliseconds; with a spare worker held ready, or without.
_ENDS = {
    "a crash, with a spare": ("import os; os._exit(1)", None, True),
    "a time limit that ended the worker, with a spare": ("import time; time.sleep(60)", 100, True),
    "an endless loop that was interrupted": ("while True: pass", 100, True),
    "a crash, without a spare": ("import os; os._exit(1)", None, False),
}
_PAGE = (
    PLAIN_WORKER
    + ASK
    + """
const { PythonWorker } = await import("/sidestage/sidestage.js");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const timed = async (answer) => {
  const before = performance.now();
  await answer();
  return performance.now() - before;
};
const python = {};
for (const spare of [true, false]) {
  python[spare] = new PythonWorker({ spare });
  await python[spare].init();
}
const answers = "onmessage = async ({ data }) => postMessage(await pyodide.runPythonAsync(data));";
let plain = await plainWorker("postMessage(null);");
await heard(plain);
plain.terminate();
const rounds = [];
for (let round = 0; round < given.rounds; round += 1) {
  const times = {};
  for (const [name, [code, timeout, spare]] of Object.entries(given.ends)) {
    // A spare is begun when Python has had nothing to do for a second.
    await pause(given.pause);
    await python[spare].runPython(code, timeout ? { timeout } : {}).catch(() => undefined);
    times[name] = await timed(() => python[spare].runPython("1 + 1"));
  }
  times.plain = await timed(async () => {
    plain = await plainWorker(`${answers} postMessage("ready");`);
    await heard(plain);
    await ask(plain, "1 + 1");
  });
  plain.terminate();
  rounds.push(times);
}
return rounds;
"""
)


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """Each end and the other way once per round, in one page."""
    given = {"rounds": rounds, "ends": _ENDS, "pause": 100 if quick else 5_000}
    with stage.bare_page(stage.serve(SCRIPT)) as page:
        times = run_in(page, _PAGE, given)
    return Comparison(
        TITLE, OTHER_WAY, [Row(f"after {end}", sample(times, end), sample(times, "plain")) for end in _ENDS]
    )
