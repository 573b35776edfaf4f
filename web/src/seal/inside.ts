/**
 * The script of the sealed frame: starts workers and ends them, as the page asks over one port. The frame has an origin
 * of its own that nothing belongs to, and a policy that lets nothing in or out; its workers inherit both.
 */
import { interruptBy, Supplier, sharedByte } from "../engine/host.js";
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

const supplier = new Supplier();
/** What a worker runs: the page has written it into this document. */
const workerScript = JSON.parse(document.getElementById("worker")?.textContent as string);
const source = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
const workers = new Map<number, Running>();

function serve(port: MessagePort): void {
  const report: Report = (message) => port.postMessage(message);
  const handle = ({ data, ports }: MessageEvent<FrameRequest>) => {
    if (data.type === "ping") report({ type: "pong" });
    else if (data.type === "start") start(data.id, report);
    else perform(data, [...ports], report);
  };
  port.onmessage = handle;
  globalThis.addEventListener("message", (event) => {
    if (event.source === parent) handle(event);
  });
}

/** Do what is asked of one worker; one that has ended is asked nothing more. */
function perform(request: Exclude<FrameRequest, { type: "ping" | "start" }>, ports: MessagePort[], report: Report) {
  const { type, id } = request;
  const running = workers.get(id);
  if (type === "interrupt") {
    report({ type: "interrupted", id, done: running !== undefined && interruptBy(running.interrupt) });
  } else if (type === "stop") {
    running?.worker.terminate();
    workers.delete(id);
  } else if (running) {
    supplier.supply(running.worker, request.provided, running.interrupt, ports);
  }
}

/** A worker that comes up; `failed` is called, now or later, with what keeps it from that. */
class Coming {
  readonly worker = new Worker(source, { name: "sidestage" });
  #failure: string | null = null;
  #failed: ((message: string) => void) | null = null;

  constructor() {
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || NOT_STARTED);
    };
    this.worker.onmessageerror = () => this.#fail("a message to the worker could not be read");
  }

  set failed(failed: (message: string) => void) {
    this.#failed = failed;
    if (this.#failure !== null) failed(this.#failure);
  }

  #fail(message: string): void {
    this.#failure = message;
    this.#failed?.(message);
  }
}

/** The first one does not wait for the page, which will ask for it as soon as it can. */
let first: Coming | null = new Coming();

function start(id: number, report: Report): void {
  const coming = first ?? new Coming();
  first = null;
  workers.set(id, { worker: coming.worker, interrupt: sharedByte() });
  coming.failed = (message) => report({ type: "failed", id, message });
}

/** The page's port. Other windows may post something here as well, and get nothing for it. */
function begin({ source, ports: [port] }: MessageEvent): void {
  if (source !== globalThis.parent || !port) return;
  globalThis.removeEventListener("message", begin);
  serve(port);
}

globalThis.addEventListener("message", begin);
