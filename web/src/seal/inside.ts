/**
 * The script of the sealed frame: starts workers and ends them, as the page asks over one port. The frame has an origin
 * of its own that nothing belongs to, and a policy that lets nothing in or out; its workers inherit both.
 */
import type { Boot } from "../engine/boot.js";
import { compile, type HostedBoot, interruptBy, sharedByte } from "../engine/host.js";
import type { FrameReport, FrameRequest } from "./frame.js";

interface Running {
  worker: Worker;
  interrupt: SharedArrayBuffer | null;
}

/** The only way known in which the browser refuses to start the worker, without a word of its own. */
const NOT_STARTED =
  "the worker could not be started; if this is Safari, the page must not be sent with " +
  "Cross-Origin-Embedder-Policy: require-corp (credentialless is fine)";

type Report = (message: FrameReport) => void;

/** The interpreter's code, compiled once for all workers of this frame. */
let code: Promise<WebAssembly.Module> | null = null;
let source = "";
const workers = new Map<number, Running>();

function serve(port: MessagePort): void {
  const report: Report = (message) => port.postMessage(message);
  const handle = ({ data, ports }: MessageEvent<FrameRequest>) => {
    if (data.type === "ping") report({ type: "pong" });
    else if (data.type === "start") start(data.id, data.script, report);
    else perform(data, ports[0], report);
  };
  port.onmessage = handle;
  globalThis.addEventListener("message", (event) => {
    if (event.source === parent) handle(event);
  });
}

/** Do what is asked of one worker; one that has ended is asked nothing more. */
function perform(
  request: Exclude<FrameRequest, { type: "ping" | "start" }>,
  line: MessagePort | undefined,
  report: Report,
) {
  const { type, id } = request;
  const running = workers.get(id);
  if (type === "interrupt") {
    report({ type: "interrupted", id, done: running !== undefined && interruptBy(running.interrupt) });
  } else if (type === "stop") {
    running?.worker.terminate();
    workers.delete(id);
  } else if (running) {
    void boot(running, request.boot, line as MessagePort, (message) => report({ type: "failed", id, message }));
  }
}

function start(id: number, script: Blob, report: Report): void {
  const failed = (message: string) => report({ type: "failed", id, message });
  source ||= URL.createObjectURL(script);
  const worker = new Worker(source, { name: "sidestage" });
  workers.set(id, { worker, interrupt: sharedByte() });
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message || NOT_STARTED);
  };
  worker.onmessageerror = () => failed("a message to the worker could not be read");
}

async function boot(
  { worker, interrupt }: Running,
  hosted: HostedBoot,
  line: MessagePort,
  failed: (message: string) => void,
): Promise<void> {
  // The worker reads and runs the rest while the code is being compiled.
  worker.postMessage({ ...hosted, interrupt } satisfies Boot, [line]);
  try {
    code ??= compile(hosted.wasm);
    worker.postMessage(await code);
  } catch (error) {
    code = null;
    failed(`the interpreter's code could not be compiled: ${(error as Error).message}`);
  }
}

/** The page's port. Other windows may post something here as well, and get nothing for it. */
function begin({ source, ports: [port] }: MessageEvent): void {
  if (source !== globalThis.parent || !port) return;
  globalThis.removeEventListener("message", begin);
  serve(port);
}

globalThis.addEventListener("message", begin);
