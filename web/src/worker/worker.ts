/** The worker's script: boots Pyodide at the first request, then hands every message to the Python dispatcher. */

import type { PostedAssets } from "../boot/containers.js";
import { withDependencies } from "../boot/dependencies.js";
import { dropLateInterrupt } from "../boot/interrupt.js";
import type { BootSettings } from "../boot/types.js";
import { type Channel, type Message, openChannel } from "./channel.js";
import { Files } from "./files.js";
import { AssetInbox } from "./inbox.js";
import { Output } from "./output.js";
import { isFatal, SnapshotError } from "./pyodide/interpreter.js";
import { installArchives, isLoaded, type Python, type Receive, type Report, startPython } from "./python.js";
import { Unsendable } from "./unsendable.js";
import { decode, encode, type WireText } from "./values.js";

/** An error that was thrown; Pyodide gives one of Python's the name of its type. */
type Failure = Error & { type?: string };

type PackageArchives = [name: string, archive: Blob][];

/** The message of the error that browsers throw when their stack is full. */
const STACK_USED_UP = /call stack size|too much recursion/i;

/** Serve one page, over its port. */
function serve(channel: Channel, boot: BootSettings, shared: SharedArrayBuffer | null, inbox: AssetInbox): void {
  /** The request that runs: what is printed meanwhile belongs to it. */
  let running: number | null = null;
  const output = new Output((lines) => channel.post("log", running, { lines }));
  let python: Python | null = null;
  let receive: Receive | null = null;
  let files: Files | null = null;
  const interrupt = shared && new Uint8Array(shared);
  /** The installations that wait for archives from the page, by the ids of their requests. */
  const waiting = new Map<number, { resolve(packageArchives: PackageArchives): void; reject(error: Error): void }>();

  function crash(message: string): void {
    try {
      output.flush();
    } catch {
      // Code can break what JavaScript needs, too; the rest is said all the same.
    }
    const tooDeep = STACK_USED_UP.test(message);
    channel.post("crashed", null, {
      message: tooDeep ? "the code went too deep into itself for this browser" : message,
    });
  }

  // The interpreter writes its last words to the console, and code may write there too: an exception's message can hold
  // a participant's data, which belongs into no console. The page gets it as log lines.
  for (const level of ["debug", "info", "log", "warn", "error"] as const) {
    console[level] = (...words: unknown[]) => output.say(words.map(String).join(" "));
  }
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    output.say(`Uncaught: ${String(event.reason)}`);
  });
  // A worker that closes itself sends no event, and the page would wait for its reply for ever.
  globalThis.close = () => crash("the code closed its own worker");

  channel.listen(take, () => channel.post("unreadable", null, null));

  async function take({ type, id, payload }: Message): Promise<void> {
    if (type === "packageArchives") {
      takeArchives(id as number, payload);
      return;
    }
    if (interrupt) dropLateInterrupt(id as number, interrupt);
    running = id;
    try {
      receive ??= await start(id as number);
    } catch (error) {
      failStart(id as number, error as Failure);
      return;
    }
    try {
      const { text, buffers } = encode(payload, (file) => (files as Files).mount(file));
      const reply = receive(type, id as number, text, buffers.length > 0 ? buffers : null);
      if (typeof reply === "string") sendReply(reply, []);
    } catch (error) {
      fail(id as number, error as Failure);
    }
  }

  async function start(id: number): Promise<Receive> {
    python = await startPython(boot, inbox, interrupt, output, reporter(id), crash, (snapshot) =>
      channel.post("snapshot", null, snapshot),
    );
    files = new Files(python.interpreter.pyodide);
    return python.connect({ post: send, reply: sendReply, textPiece, crash, install });
  }

  /** Have the page fetch the packages that are not there yet, and lay them out. */
  async function install(names: string[], id: number): Promise<void> {
    const ready = python as Python;
    const wanted = withDependencies(ready.lock, names).filter((name) => !isLoaded(ready, name));
    if (wanted.length === 0) return;
    const packageArchives = await new Promise<PackageArchives>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      channel.post("packageArchives", id, { packages: wanted });
    });
    await installArchives(ready, packageArchives, reporter(id));
  }

  function takeArchives(
    id: number,
    { packageArchives, error }: { packageArchives?: PackageArchives; error?: string },
  ): void {
    const request = waiting.get(id);
    waiting.delete(id);
    if (packageArchives) request?.resolve(packageArchives);
    else request?.reject(new Error(error));
  }

  /** Reports the progress of one request, rounded; it never goes backwards. */
  function reporter(id: number): Report {
    let last = -1;
    return (stage, message, value) => {
      const rounded = Math.max(Math.round(value), last);
      if (rounded === last && value !== 0) return;
      last = rounded;
      channel.post("progress", id, { stage, message, value: rounded });
    };
  }

  /** Send a message that Python wrote, after everything that was printed before it. */
  function send(text: WireText, buffers: Uint8Array[]): void {
    output.flush();
    const { message, transfer } = decode(text, buffers);
    channel.postMessage(message, transfer);
  }

  function textPiece(position: number, piece: WireText, isLast: boolean): void {
    const transfer = typeof piece === "string" ? [] : [piece.buffer as ArrayBuffer];
    channel.post("textPiece", null, { position, piece, isLast }, transfer);
  }

  function sendReply(text: WireText, buffers: Uint8Array[]): void {
    send(text, buffers);
    running = null;
  }

  function failStart(id: number, error: Failure): void {
    if (isFatal(error)) crash(error.message);
    else refuse(id, error instanceof SnapshotError ? error.name : "InitError", error);
  }

  /** A failure that is no reply of Python's: a value could not be given, it was interrupted, or it can go on no more. */
  function fail(id: number, error: Failure): void {
    if (error instanceof Unsendable) refuse(id, "ConversionError", error);
    // An interrupt can also hit the dispatcher, before or after the code that it runs.
    else if (error.type === "KeyboardInterrupt") refuse(id, error.type, error);
    else if (isFatal(error) || !error.type) crash(error.message);
    else crash(`what carries requests failed by ${error.type}`);
  }

  function refuse(id: number, name: string, { message, stack }: Failure): void {
    output.flush();
    running = null;
    channel.post("error", id, { name, message, stack });
  }
}

/** Take the host's first message, which has the worker's port to the page. The assets follow in further messages. */
async function begin({ data, ports: [port] }: MessageEvent<PostedAssets>): Promise<void> {
  // Tells the host that the worker is up.
  globalThis.postMessage(null);
  const channel = openChannel(port as MessagePort);
  const inbox = new AssetInbox();
  inbox.take(data);
  globalThis.addEventListener("message", ({ data: sent }: MessageEvent<PostedAssets>) => inbox.take(sent));
  serve(channel, await inbox.get("boot"), await inbox.get("interrupt"), inbox);
}

globalThis.addEventListener("message", begin, { once: true });
