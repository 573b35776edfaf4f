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
  | { type: "interrupt"; id: number; request: number }
  | { type: "stop"; id: number }
  | { type: "ping" };

/** What the frame tells the page. */
export type FrameReport =
  | { type: "failed"; id: number; message: string }
  | { type: "interrupted"; id: number; done: boolean }
  | { type: "pong" };

/** Where a study's page has the frame in its HTML, so that it comes up with the page: its name there. */
const OF_PAGE = "sealed";
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

  /** @param onLost is called when nothing can run here any more. */
  private constructor(frame: HTMLIFrameElement, onLost: () => void) {
    this.#onLost = onLost;
    this.#frame = frame;
    this.#ready = this.#connect();
  }

  /** The frame that the page has in its HTML, if it has one, and nobody has taken it yet. */
  static ofPage(onLost: () => void): SealedFrame | null {
    const frame = document.getElementById(OF_PAGE);
    if (!(frame instanceof HTMLIFrameElement)) return null;
    frame.removeAttribute("id");
    return new SealedFrame(frame, onLost);
  }

  /** A new frame with this document. */
  static with(content: string, onLost: () => void): SealedFrame {
    const frame = document.createElement("iframe");
    frame.sandbox.add("allow-scripts");
    frame.allow = "cross-origin-isolated";
    frame.srcdoc = content;
    frame.title = "Python";
    frame.hidden = true;
    frame.ariaHidden = "true";
    document.documentElement.append(frame);
    return new SealedFrame(frame, onLost);
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
      interrupt: (request) => this.#interrupt(id, request),
      end: () => this.#end(id, port1),
    };
  }

  close(): void {
    clearInterval(this.#pinging);
    this.#failures.clear();
    this.#frame.remove();
  }

  /**
   * The frame may be up already, and may not: what is offered too early nobody takes, and of two ports it takes the first.
   * It then says so.
   */
  #connect(): Promise<MessagePort> {
    return new Promise((resolve) => {
      const offer = () => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }: MessageEvent<FrameReport>) => {
          this.#unanswered = 0;
          resolve(port1);
          if (data.type === "failed") this.#failures.get(data.id)?.(data.message);
          if (data.type === "interrupted") this.#settleInterrupt(data.id, data.done);
        };
        port1.onmessageerror = () => this.#lose();
        this.#frame.contentWindow?.postMessage(null, "*", [port2]);
      };
      offer();
      this.#frame.addEventListener("load", offer, { once: true });
    });
  }

  /** The memory is the frame's and its workers': it cannot be shared across the seal. */
  async #interrupt(id: number, request: number): Promise<boolean> {
    const inVain = setTimeout(() => this.#lose(), PATIENCE);
    try {
      return await new Promise((resolve) => {
        this.#interrupts.set(id, resolve);
        this.#ask({ type: "interrupt", id, request });
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
