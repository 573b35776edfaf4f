// A page of your own with Python in it: one object, three calls (init, runPython, interrupt).
import { PythonWorker } from "/sidestage/sidestage.js";

/** Lines that the output keeps; a loop that prints for ever must not fill the page. */
const MOST_LINES = 2000;

const [code, run, stop, status, output] = ["code", "run", "stop", "status", "output"].map((id) =>
  document.getElementById(id),
);

const worker = new PythonWorker({
  onProgress: ({ message, value }) => say(`${message} (${Math.round(value)} %)`),
  onLog: ({ stream, text }) => write(text, stream === "stderr" ? "error" : ""),
});

// What is asked before Python is ready waits for it, so the page can start Python at the first run.
let started = null;

function start() {
  started ??= worker.init().catch((error) => {
    started = null;
    throw error;
  });
  return started;
}

async function runCode() {
  if (run.disabled) return;
  waiting = [];
  output.replaceChildren();
  run.disabled = true;
  try {
    await start();
    stop.disabled = false;
    say("Running");
    const value = await worker.runPython(code.value);
    if (value !== undefined && value !== null) write(display(value), "value");
    say("Done");
  } catch (error) {
    const stopped = error.name === "KeyboardInterrupt";
    write(stopped ? "Stopped." : (error.pythonTraceback ?? error.message), "error");
    say(stopped ? "Stopped" : "That did not work; the output says why");
  } finally {
    // A disabled button loses the focus; give it back to where it came from.
    const focused = document.activeElement === stop || document.activeElement === document.body;
    stop.disabled = true;
    run.disabled = false;
    if (focused) run.focus();
  }
}

/** A value as text; big integers, maps, sets and typed arrays have no JSON form of their own. */
function display(value) {
  if (typeof value === "string") return value;
  return JSON.stringify(value, (_, item) => {
    if (typeof item === "bigint") return String(item);
    if (item instanceof Map) return Object.fromEntries(item);
    if (item instanceof Set) return [...item];
    return ArrayBuffer.isView(item) ? Array.from(item) : item;
  });
}

/** Lines wait here for the next frame: a loop that prints all the time may come with thousands between two frames. */
let waiting = [];

function write(text, kind) {
  if (waiting.length === 0) requestAnimationFrame(draw);
  waiting.push([text, kind]);
  if (waiting.length > 2 * MOST_LINES) waiting = waiting.slice(-MOST_LINES);
}

function draw() {
  const lines = waiting.slice(-MOST_LINES).map(([text, kind]) => {
    const line = document.createElement("span");
    line.className = kind;
    line.textContent = `${text}\n`;
    return line;
  });
  waiting = [];
  output.append(...lines);
  while (output.childElementCount > MOST_LINES) output.firstElementChild.remove();
  output.scrollTop = output.scrollHeight;
}

function say(text) {
  status.textContent = text;
}

run.addEventListener("click", runCode);
stop.addEventListener("click", () => worker.interrupt());
code.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    runCode();
  }
});
