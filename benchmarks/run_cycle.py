"""From an answer to the next command: a flow of many steps that the page answers at once."""

from __future__ import annotations

from benchmarks.figures import Comparison, Round, Row, percentile, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.stage import Stage, run_in

TITLE = "Run cycle: from an answer to the next command, 500 steps"
OTHER_WAY = "a plain Pyodide worker: runPythonAsync('next(steps)') and toJs() for each step"
_OURS = """
from sidestage import flow


def process(session):
    for number in range({steps} // 2):
        yield flow.show_progress(f"Reading message {{number}}", 100 * number / {steps})
        yield flow.log(f"message {{number}} read")
"""
#: The same commands, as the dicts that they are on the wire.
_PLAIN = """
def process(session):
    for number in range({steps} // 2):
        message = f"Reading message {{number}}"
        share = 100 * number / {steps}
        progress = dict(__type__="PropsUIPromptProgress", description="", message=message, percentage=share)
        page = dict(__type__="PropsUIPageDataSubmission", platform="", header=dict(title=""), body=[progress])
        yield dict(__type__="CommandUIRender", page=page)
        yield dict(__type__="CommandSystemLog", level="info", message=f"message {{number}} read")

steps = process("1")
"""
_PAGE = (
    PLAIN_WORKER
    + ASK
    + """
const { PythonWorker } = await import("/sidestage/sidestage.js");
const payload = { __type__: "PayloadVoid", value: null };
const python = new PythonWorker();
await python.init({ files: { "study.py": given.ours } });
const plain = await plainWorker(`
  onmessage = async ({ data }) => {
    if (data.code) {
      await pyodide.runPythonAsync(data.code);
      return postMessage(null);
    }
    const command = await pyodide.runPythonAsync("next(steps, None)");
    const value = command?.toJs({ dict_converter: Object.fromEntries });
    command?.destroy();
    postMessage(value ?? null);
  };
  postMessage("ready");
`);
await heard(plain);
const sides = {
  ours: {
    start: () => python.startFlow({ script: "study.py", sessionId: "1" }),
    next: (command) => python.answer({ __type__: "Response", command: command.__type__, payload }),
    ended: (command) => command.__type__ === "CommandSystemExit",
  },
  plain: {
    start: async () => {
      await ask(plain, { code: given.plain });
      return ask(plain, {});
    },
    next: (command) => ask(plain, { __type__: "Response", command: command.__type__, payload }),
    ended: (command) => command === null,
  },
};
const timed = async ({ start, next, ended }) => {
  const times = [];
  let command = await start();
  for (;;) {
    const before = performance.now();
    command = await next(command);
    if (ended(command)) return times;
    times.push(performance.now() - before);
  }
};
for (const side of Object.values(sides)) await timed(side);
const rounds = [];
for (let round = 0; round < given.rounds; round += 1) {
  const times = {};
  for (const [name, side] of Object.entries(sides)) times[name] = await timed(side);
  rounds.push(times);
}
python.destroy();
return rounds;
"""
)


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """The whole flow per side and round, in one page, the sides in turn."""
    steps = 20 if quick else 500
    ours, plain = _OURS.format(steps=steps), _PLAIN.format(steps=steps)
    with stage.bare_page(stage.serve(ours)) as page:
        times = run_in(page, _PAGE, {"rounds": rounds, "ours": ours, "plain": plain})
    rows = []
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        sides: list[list[Round]] = [
            [{"time": percentile(found[side], share)} for found in times] for side in ("ours", "plain")
        ]
        rows.append(Row(name, sample(sides[0], "time"), sample(sides[1], "time")))
    return Comparison(TITLE, OTHER_WAY, rows)
