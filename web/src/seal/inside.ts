/**
 * The script of the sealed frame: starts workers and ends them, as the page asks over one port. The frame has an origin
 * of its own that nothing belongs to, and a policy that lets nothing in or out; its workers inherit both.
 */
import type { Boot } from "../engine/boot.js";
import { interruptBy, sharedByte } from "../engine/host.js";
import type { FrameReport, FrameRequest } from "./frame.js";

/** The interpreter's code, compiled once for all workers of this frame. */
let code: Promise<WebAssembly.Module> | null = null;
let source = "";
const workers = new Map<number, { worker: Worker; interrupt: SharedArrayBuffer | null }>();

function serve(port: MessagePort): void {
  const report = (message: FrameReport) => port.postMessage(message);
  port.onmessage = async ({ data, ports: [line] }: MessageEvent<FrameRequest>) => {
    if (data.type === "ping") {
      report({ type: "pong" });
    } else if (data.type === "interrupt") {
      const running = workers.get(data.id);
      report({ type: "interrupted", id: data.id, done: running !== undefined && interruptBy(running.interrupt) });
    } else if (data.type === "stop") {
      workers.get(data.id)?.worker.terminate();
      workers.delete(data.id);
    } else {
      await start(data, line as MessagePort, report);
    }
  };
}

async function start(
  { id, script, boot }: FrameRequest & { type: "start" },
  line: MessagePort,
  report: (message: FrameReport) => void,
): Promise<void> {
  const failed = (message: string) => report({ type: "failed", id, message });
  source ||= URL.createObjectURL(script);
  const worker = new Worker(source, { name: "sidestage" });
  const interrupt = sharedByte();
  workers.set(id, { worker, interrupt });
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message || "the worker's script could not be started");
  };
  worker.onmessageerror = () => failed("a message to the worker could not be read");
  try {
    code ??= WebAssembly.compileStreaming(
      new Response(boot.wasm as Blob, { headers: { "content-type": "application/wasm" } }),
    );
    worker.postMessage({ ...boot, wasm: await code, interrupt } satisfies Boot, [line]);
  } catch (error) {
    code = null;
    failed(`the interpreter's code could not be compiled: ${(error as Error).message}`);
  }
}

globalThis.addEventListener("message", ({ ports: [port] }) => serve(port as MessagePort), { once: true });
