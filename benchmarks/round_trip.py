"""The shortest way there and back: a request to Python that does next to nothing, awaited, again and again."""

from __future__ import annotations

from typing import Any

from benchmarks.figures import Comparison, Round, Row, Sample, percentile, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.stage import Stage, run_in

TITLE = "Round trip of one request (runPython)"
OTHER_WAY = "an echo worker, raw postMessage; and runPythonAsync per message in a plain Pyodide worker"
SCRIPT = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n"

_PAGE = (
    PLAIN_WORKER
    + ASK
    + """
const { PythonWorker } = await import("/sidestage/sidestage.js");
const python = new PythonWorker();
await python.init({ globals: { x: 1 } });
const echo = workerOf("onmessage = ({ data }) => postMessage(data);");
const plain = await plainWorker(`
  pyodide.globals.set("x", 1);
  onmessage = async ({ data }) => postMessage({ id: data.id, value: await pyodide.runPythonAsync(data.payload.code) });
  postMessage("ready");
`);
await heard(plain);
const message = (code) => ({ type: "runPython", id: 1, payload: { code } });
const sides = {
  none: () => python.runPython("None"),
  sum: () => python.runPython("x + 1"),
  echo: () => ask(echo, message("None")),
  plain: () => ask(plain, message("x + 1")),
};
// The browser's clock counts in 5 microseconds, a seventh of an echo: so the middle one is looked for among tens.
const timed = async (call, count) => {
  const times = { one: [], ten: [] };
  let began = performance.now();
  for (let n = 1; n <= count; n += 1) {
    const before = performance.now();
    await call();
    const after = performance.now();
    times.one.push(after - before);
    if (n % 10 === 0) {
      times.ten.push((after - began) / 10);
      began = after;
    }
  }
  return times;
};
for (const call of Object.values(sides)) await timed(call, Math.min(200, given.calls));
const rounds = [];
for (let round = 0; round < given.rounds; round += 1) {
  const times = {};
  for (const [name, call] of Object.entries(sides)) times[name] = await timed(call, given.calls);
  rounds.push(times);
}
python.destroy();
return rounds;
"""
)


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """2,000 requests per side and round, in one page, the sides in turn."""
    calls = 20 if quick else 2_000
    with stage.bare_page(stage.serve(SCRIPT)) as page:
        times = run_in(page, _PAGE, {"rounds": rounds, "calls": calls})
    rows = []
    for name, share, group in (("p50", 0.5, "ten"), ("p99", 0.99, "one")):
        none, total, echo, plain = (_side(times, side, group, share) for side in ("none", "sum", "echo", "plain"))
        rows += [
            Row(f"{name}, `None`, against raw postMessage", none, echo),
            Row(f"{name}, `x + 1`, against raw postMessage", total, echo),
            Row(f"{name}, `x + 1`, against runPythonAsync", total, plain),
        ]
    return Comparison(TITLE, OTHER_WAY, rows)


def _side(times: list[dict[str, Any]], side: str, group: str, share: float) -> Sample | str:
    rounds: list[Round] = [{"time": percentile(found[side][group], share)} for found in times]
    return sample(rounds, "time")
