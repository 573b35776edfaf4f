"""Steps of an environment, each asked for by the page and answered with its observation; and a thousand at once."""

from __future__ import annotations

from typing import Any

from benchmarks.figures import Comparison, Round, Row, Sample, percentile, sample
from benchmarks.javascript import ASK, PLAIN_WORKER
from benchmarks.stage import ENVIRONMENT_WHEELS, WHEELS, Stage, run_in

TITLE = "Steps of CartPole, from the page and back"
OTHER_WAY = (
    "a code string per step with runPythonAsync and toJs(), in a plain Pyodide worker; raw postMessage; a plain loop"
)
SCRIPT = "from sidestage import flow\n\n\ndef process(session):\n    yield flow.show_text('Hello')\n"
#: What a plain worker's Python lacks to import Gymnasium, and the environment.
_CODE = """
import gymnasium as gym
env = gym.make("CartPole-v1")
"""
_STAND_IN = """
import sys, types
lacking = types.ModuleType("_multiprocessing")
lacking.SemLock = type("SemLock", (), {"SEM_VALUE_MAX": 1})
lacking.flags, lacking.sem_unlink = {}, None
sys.modules["_multiprocessing"] = lacking
"""
_LOOP = """
def loop(steps):
    env.reset(seed=7)
    for step in range(steps):
        if env.step(step % 2)[2]:
            env.reset()
"""
_PAGE = (
    PLAIN_WORKER
    + ASK
    + """
const { PythonWorker } = await import("/sidestage/sidestage.js");
const python = new PythonWorker({ spare: false });
await python.init({ packages: ["gymnasium"] });
await python.initEnv(given.code);
const echo = workerOf("onmessage = ({ data }) => postMessage(data);");
const plain = await plainWorker(`
  await pyodide.loadPackage("gymnasium");
  pyodide.runPython(${JSON.stringify(given.standIn + given.code + given.loop)});
  onmessage = async ({ data }) => {
    const value = await pyodide.runPythonAsync(data);
    const plain = value?.toJs ? value.toJs() : value;
    value?.destroy?.();
    postMessage(plain);
  };
  postMessage("ready");
`);
await heard(plain);
const STEP = "obs, reward, ended, late, info = env.step(ACTION)\\n(obs, float(reward), ended, late, info)";
const sides = {
  ours: { reset: () => python.reset({ seed: 7 }), step: async (action) => (await python.step(action)).terminateds },
  plain: {
    reset: () => ask(plain, "env.reset(seed=7)[0]"),
    step: async (action) => (await ask(plain, STEP.replace("ACTION", String(action))))[2],
  },
  echo: { reset: () => ask(echo, null), step: async (action) => (await ask(echo, action)) === null },
};
const play = async ({ reset, step }, count) => {
  const times = [];
  await reset();
  for (let n = 0; n < count; n += 1) {
    const before = performance.now();
    const ended = await step(n % 2);
    times.push(performance.now() - before);
    if (ended) await reset();
  }
  return times;
};
const operations = [{ op: "reset", params: { seed: 7 } }];
for (let n = 0; n < given.calls; n += 1) operations.push({ op: "step", params: { actions: n % 2 } });
const whole = async (call) => {
  const before = performance.now();
  await call();
  return (performance.now() - before) / given.calls;
};
const wholes = {
  batch: () => python.batch(operations),
  // The same loop, in our worker: it plays on after an end, as the batch does.
  loop: () => ask(plain, `loop(${given.calls})`),
};
for (const side of Object.values(sides)) await play(side, Math.min(200, given.calls));
const rounds = [];
for (let round = 0; round < given.rounds; round += 1) {
  const times = {};
  for (const [name, side] of Object.entries(sides)) times[name] = await play(side, given.calls);
  for (const [name, call] of Object.entries(wholes)) times[name] = [await whole(call)];
  rounds.push(times);
}
python.destroy();
return rounds;
"""
)


def measure(stage: Stage, rounds: int, quick: bool) -> Comparison:
    """1,000 steps per side and round, in one page, the sides in turn; then as a batch, and as a loop in Python."""
    calls = 20 if quick else 1_000
    address = stage.serve(SCRIPT, "--find-links", WHEELS, "--find-links", ENVIRONMENT_WHEELS)
    with stage.bare_page(address) as page:
        given = {"rounds": rounds, "calls": calls, "code": _CODE, "standIn": _STAND_IN, "loop": _LOOP}
        times = run_in(page, _PAGE, given)
    rows = [
        Row("a step, against a code string each", _mean(times, "ours"), _mean(times, "plain")),
        Row("p50 of a step, against raw postMessage", _side(times, "ours", 0.5), _side(times, "echo", 0.5)),
        Row("p99 of a step, against raw postMessage", _side(times, "ours", 0.99), _side(times, "echo", 0.99)),
        Row("a step of a batch, against a plain loop in Pyodide", _mean(times, "batch"), _mean(times, "loop")),
    ]
    return Comparison(TITLE, OTHER_WAY, rows)


def _side(times: list[dict[str, Any]], side: str, share: float) -> Sample | str:
    rounds: list[Round] = [{"time": percentile(found[side], share)} for found in times]
    return sample(rounds, "time")


def _mean(times: list[dict[str, Any]], side: str) -> Sample | str:
    rounds: list[Round] = [{"time": sum(found[side]) / len(found[side])} for found in times]
    return sample(rounds, "time")
