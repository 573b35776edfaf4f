/** The worker's script: boots Pyodide at the first request, then hands every message to the Python dispatcher. */

import type { Boot } from "../engine/boot.js";
import { Files } from "./files.js";
import { Output } from "./output.js";
import { installPackages, type Python, type Receive, type Report, startPython } from "./python.js";
import { decode, encode } from "./values.js";

interface Message {
  type: string;
  id: number;
  payload: never;
}

/** What Pyodide says of an error besides its message: that its interpreter is broken, or which exception of Python it was. */
type Failure = Error & { pyodide_fatal_error?: boolean; type?: string };

const post = (type: string, id: number | null, payload: unknown, transfer: Transferable[] = []) =>
  globalThis.postMessage({ type, id, payload }, { transfer });

const output = new Output((lines) => post("log", null, { lines }));

// The interpreter writes its last words to the console, and code may write there too: an exception's message can hold
// a participant's data, which belongs into no console. The page gets it as log lines.
for (const level of ["debug", "info", "log", "warn", "error"] as const) {
  console[level] = (...words: unknown[]) => output.say(words.map(String).join(" "));
}
// A worker that closes itself tells nobody; whoever waits for it would wait for ever.
globalThis.close = () => crash("the code closed its own worker");

let boot: Boot | null = null;
let python: Python | null = null;
let receive: Receive | null = null;
let files: Files | null = null;

globalThis.onmessage = async ({ data: { type, id, payload } }: MessageEvent<Message>) => {
  if (type === "boot") {
    boot = payload;
    return;
  }
  try {
    if (!receive) receive = await start(id);
    const { text, buffers } = encode(payload, (file) => (files as Files).mount(file));
    const reply = receive(type, id, text, buffers.length > 0 ? buffers : null);
    if (typeof reply === "string") send(reply, []);
  } catch (error) {
    fail(id, error as Failure);
  }
};

async function start(id: number): Promise<Receive> {
  python = await startPython(boot as Boot, output, reporter(id), crash);
  files = new Files(python.pyodide.FS);
  return python.connect({
    post: send,
    install: (packages, requestId) => installPackages(python as Python, packages, reporter(requestId)),
  });
}

/** Progress of one request, rounded, and never backwards. */
function reporter(id: number): Report {
  let last = -1;
  return (stage, message, value) => {
    const rounded = Math.max(Math.round(value), last);
    if (rounded === last && value !== 0) return;
    last = rounded;
    post("progress", id, { stage, message, value: rounded });
  };
}

/** Send a message that Python wrote, after everything that was printed before it. */
function send(text: string, buffers: Uint8Array[]): void {
  output.flush();
  const { message, transfer } = decode(text, buffers);
  globalThis.postMessage(message, { transfer });
}

/** A failure that is no exception of Python: the start failed, a value could not be read, or the interpreter died. */
function fail(id: number, error: Failure): void {
  output.flush();
  if (error.pyodide_fatal_error || error instanceof RangeError || error instanceof WebAssembly.RuntimeError) {
    crash(error.message);
    return;
  }
  // An interrupt can also hit the dispatcher itself, before or after what it asks.
  const interrupted = error.type === "KeyboardInterrupt";
  const name = interrupted ? error.type : receive ? "ConversionError" : "InitError";
  post("error", id, { name, message: error.message, stack: error.stack });
}

function crash(message: string): void {
  output.flush();
  post("crashed", null, { message });
}
