/**
 * The sealed frame: where Python can reach no network and none of the page's data. A frame without an origin of its own,
 * whose policy allows no connection at all, holds the workers; what they need is posted in, and every message that comes
 * out comes over a port that the page made.
 */

import type { WorkerChannel, WorkerContainer } from "../boot/containers.js";
import type { BootAssets } from "../boot/types.js";

/** What the page asks of the frame. The first of what it provides brings the worker's port. */
export type FrameRequest =
  | { type: "start"; id: number }
  | { type: "provide"; id: number; provided: Partial<BootAssets> }
  | { type: "interrupt"; id: number }
  | { type: "stop"; id: number }
  | { type: "ping" };

/** What the frame tells the page. */
export type FrameReport =
  | { type: "failed"; id: number; message: string }
  | { type: "interrupted"; id: number; done: boolean }
  | { type: "pong" };

/** Scripts run where they bear the nonce or were posted in; nothing else is fetched, from anywhere. */
const policyWith = (nonce: string) =>
  `default-src 'none'; script-src 'nonce-${nonce}' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'`;
/** How often a frame that is at work is asked whether it lives, in milliseconds, and how often in vain. */
const PING_EVERY = 2_000;
const PINGS_IN_VAIN = 8;
/** How long a frame may take to say that it has interrupted a worker, in milliseconds; it has nothing else to do. */
const PATIENCE = 1_000;

export class SealedFrame implements WorkerContainer {
  readonly #onLost: () => void;
  readonly #frame: HTMLIFrameElement;
  readonly #ready: Promise<MessagePort>;
  readonly #failures = new Map<number, (message: string) => void>();
  readonly #interrupts = new Map<number, (done: boolean) => void>();
  #nextId = 1;
  #unanswered = 0;
  #pinging: ReturnType<typeof setInterval> | undefined;

  /**
   * @param inside the text of the frame's own script.
   * @param worker that of its workers' script.
   * @param onLost is called when nothing can run here any more.
   */
  constructor(inside: string, worker: string, onLost: () => void) {
    this.#onLost = onLost;
    this.#frame = document.createElement("iframe");
    this.#frame.sandbox.add("allow-scripts");
    this.#frame.allow = "cross-origin-isolated";
    this.#frame.srcdoc = documentWith(inside, worker);
    this.#frame.title = "Python";
    this.#frame.hidden = true;
    this.#frame.ariaHidden = "true";
    this.#ready = this.#connect();
    document.documentElement.append(this.#frame);
  }

  start(onFailure: (message: string) => void): WorkerChannel {
    const id = this.#nextId++;
    const { port1, port2 } = new MessageChannel();
    this.#failures.set(id, onFailure);
    this.#ask({ type: "start", id });
    void this.#ready.then((control) => this.#watch(control));
    return {
      port: port1,
      provide: (provided) => this.#ask({ type: "provide", id, provided }, provided.boot ? [port2] : []),
      interrupt: () => this.#interrupt(id),
      end: () => this.#end(id, port1),
    };
  }

  close(): void {
    clearInterval(this.#pinging);
    this.#failures.clear();
    this.#frame.remove();
  }

  #connect(): Promise<MessagePort> {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<FrameReport>) => {
      this.#unanswered = 0;
      if (data.type === "failed") this.#failures.get(data.id)?.(data.message);
      if (data.type === "interrupted") this.#settleInterrupt(data.id, data.done);
    };
    return new Promise((resolve) => {
      this.#frame.addEventListener(
        "load",
        () => {
          this.#frame.contentWindow?.postMessage(null, "*", [port2]);
          resolve(port1);
        },
        { once: true },
      );
    });
  }

  /** The memory is the frame's and its workers': it cannot be shared across the seal. */
  async #interrupt(id: number): Promise<boolean> {
    const inVain = setTimeout(() => this.#lose(), PATIENCE);
    try {
      return await new Promise((resolve) => {
        this.#interrupts.set(id, resolve);
        this.#ask({ type: "interrupt", id });
      });
    } finally {
      clearTimeout(inVain);
    }
  }

  #settleInterrupt(id: number, done: boolean): void {
    this.#interrupts.get(id)?.(done);
    this.#interrupts.delete(id);
  }

  #end(id: number, port: MessagePort): void {
    port.onmessage = null;
    port.close();
    this.#failures.delete(id);
    this.#settleInterrupt(id, false);
    if (this.#failures.size === 0) clearInterval(this.#pinging);
    this.#ask({ type: "stop", id });
  }

  /** Of the frame's window: a large Blob that Firefox got over a port, and hands on to a worker, cannot be read there. */
  #ask(request: FrameRequest, transfer: Transferable[] = []): void {
    void this.#ready.then(() => this.#frame.contentWindow?.postMessage(request, "*", transfer));
  }

  /** The frame may have a process of its own, which can die with nobody to tell of it. */
  #watch(control: MessagePort): void {
    clearInterval(this.#pinging);
    this.#unanswered = 0;
    this.#pinging = setInterval(() => {
      this.#unanswered += 1;
      if (this.#unanswered > PINGS_IN_VAIN) this.#lose();
      else control.postMessage({ type: "ping" } satisfies FrameRequest);
    }, PING_EVERY);
  }

  /** Give up the frame. Whoever interrupts a worker ends it anyway, and knows why; the others have crashed. */
  #lose(): void {
    const failures = [...this.#failures];
    const interrupted = [...this.#interrupts.keys()];
    this.close();
    this.#onLost();
    for (const id of interrupted) this.#settleInterrupt(id, false);
    for (const [id, fail] of failures) {
      if (!interrupted.includes(id)) fail("the browser has ended the frame that Python runs in");
    }
  }
}

/**
 * The frame has the workers' script, too: the first of them comes up before the page can ask for it. It is data there; of
 * scripts that run, the page's own policy knows the hashes.
 */
function documentWith(inside: string, worker: string): string {
  const nonce = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const policy = `<meta http-equiv="Content-Security-Policy" content="${policyWith(nonce)}">`;
  const data = JSON.stringify(worker).replaceAll("<", "\\u003c");
  const workerScript = `<script type="application/json" id="worker">${data}</script>`;
  return `<!doctype html><meta charset="utf-8">${policy}${workerScript}<script nonce="${nonce}">${inside}</script>`;
}
