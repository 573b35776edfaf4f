/**
 * The script of the sealed frame: starts workers and ends them, as the page asks over one port. The frame has an origin
 * of its own that nothing belongs to, and a policy that lets nothing in or out; its workers inherit both.
 */
import { AssetForwarder, ContainedWorker } from "../boot/containers.js";
import type { FrameReport, FrameRequest } from "./frame.js";

/** The only way known in which the browser refuses to start the worker, without a word of its own. */
const NOT_STARTED =
  "the worker could not be started; if this is Safari, the page must not be sent with " +
  "Cross-Origin-Embedder-Policy: require-corp (credentialless is fine)";

type Report = (message: FrameReport) => void;

const forwarder = new AssetForwarder();
/** What a worker runs: it stands in this document. */
const workerScript = JSON.parse(document.getElementById("worker")?.textContent as string);
const source = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
const workers = new Map<number, ContainedWorker>();

function serve(port: MessagePort): void {
  const report: Report = (message) => port.postMessage(message);
  const handle = ({ data, ports }: MessageEvent<FrameRequest | null>) => {
    // The page offers a port twice, since it cannot know when this script has run; one is enough.
    if (data === null) return;
    if (data.type === "ping") report({ type: "pong" });
    else if (data.type === "start") start(data.id, report);
    else perform(data, [...ports], report);
  };
  const unreadable = () => {
    for (const id of workers.keys())
      report({ type: "failed", id, message: "a message to the frame could not be read" });
  };
  port.onmessage = handle;
  port.onmessageerror = unreadable;
  globalThis.addEventListener("messageerror", unreadable);
  globalThis.addEventListener("message", (event) => {
    if (event.source === parent) handle(event);
  });
}

/** Do what is asked of one worker; one that has ended is asked nothing more. */
function perform(request: Exclude<FrameRequest, { type: "ping" | "start" }>, ports: MessagePort[], report: Report) {
  const { type, id } = request;
  const worker = workers.get(id);
  if (type === "interrupt") {
    report({ type: "interrupted", id, done: worker?.interrupt(request.request) ?? false });
  } else if (type === "stop") {
    worker?.terminate();
    workers.delete(id);
  } else if (worker) {
    void forwarder.forward(worker, request.provided, ports);
  }
}

/** The first one does not wait for the page, which will ask for it as soon as it can. */
let first: ContainedWorker | null = new ContainedWorker(source, NOT_STARTED);

function start(id: number, report: Report): void {
  const worker = first ?? new ContainedWorker(source, NOT_STARTED);
  first = null;
  workers.set(id, worker);
  worker.failed = (message) => report({ type: "failed", id, message });
}

/** The page's port. Other windows may post something here as well, and get nothing for it. */
function begin({ source, ports: [port] }: MessageEvent): void {
  if (source !== globalThis.parent || !port) return;
  globalThis.removeEventListener("message", begin);
  serve(port);
  port.postMessage({ type: "pong" } satisfies FrameReport);
}

globalThis.addEventListener("message", begin);
