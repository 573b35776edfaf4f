/** One worker from its start to its end. It knows one request at a time, and that it may die. */

import type { Reports, Requests } from "../protocol/types.gen.js";
import type { Boot } from "./boot.js";
import { ConversionError, PythonError, WorkerCrashed } from "./errors.js";

export type RequestType = keyof Requests;

/** What a worker says of its own accord, and while it is busy. */
export interface Listeners {
  onProgress(report: Reports["progress"]): void;
  onLog(report: Reports["log"]): void;
  onCrash(error: WorkerCrashed): void;
}

interface Waiting {
  id: number;
  resolve(payload: unknown): void;
  reject(error: Error): void;
}

interface Message {
  type: keyof Reports;
  id: number | null;
  payload: never;
}

/** How long a worker may take to react to an interrupt, in milliseconds. */
const GRACE = 1_000;
const KEYBOARD_INTERRUPT = 2;

export class Session {
  readonly #worker: Worker;
  readonly #listeners: Listeners;
  readonly #interrupt: Uint8Array | null;
  #waiting: Waiting | null = null;
  #ended = false;

  constructor(boot: Boot, listeners: Listeners) {
    this.#listeners = listeners;
    this.#interrupt = boot.interrupt && new Uint8Array(boot.interrupt);
    this.#worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module", name: "sidestage" });
    this.#worker.onmessage = ({ data }: MessageEvent<Message>) => {
      // Code in the worker can post whatever it likes; what is no message is nobody's answer.
      if (typeof data === "object" && data !== null) this.#receive(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#crash(event.message || "the worker's script could not be loaded");
    };
    this.#worker.onmessageerror = () => this.#crash("a message from the worker could not be read");
    this.#worker.postMessage({ type: "boot", id: null, payload: boot });
  }

  /** Whether the worker can be used no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Send a request and wait for its reply's payload. There must be no other under way. */
  request(type: RequestType, id: number, payload: unknown): Promise<unknown> {
    if (this.#ended) return Promise.reject(new WorkerCrashed("the worker has ended", id));
    return new Promise((resolve, reject) => {
      this.#waiting = { id, resolve, reject };
      if (this.#interrupt) this.#interrupt[0] = 0;
      try {
        this.#worker.postMessage({ type, id, payload });
      } catch (error) {
        this.#waiting = null;
        reject(new ConversionError(`the request cannot be sent to the worker: ${(error as Error).message}`, id));
      }
    });
  }

  /**
   * Stop what runs: by KeyboardInterrupt where memory is shared, and if that does not help within a second, or cannot
   * be done, by ending the worker. What waits is then rejected with `reason`.
   */
  async stop(reason: Error): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting) return;
    if (this.#interrupt) {
      this.#interrupt[0] = KEYBOARD_INTERRUPT;
      for (let waited = 0; waited < GRACE && this.#waiting === waiting; waited += 20) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    if (this.#waiting === waiting) this.end(reason);
  }

  /** End the worker; what waits is rejected with `reason`. */
  end(reason: Error): void {
    this.#ended = true;
    this.#worker.onmessage = null;
    this.#worker.terminate();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(reason);
  }

  #receive({ type, id, payload }: Message): void {
    if (type === "progress") this.#listeners.onProgress(payload);
    else if (type === "log") this.#listeners.onLog(payload);
    else if (type === "crashed") this.#crash((payload as Reports["crashed"]).message);
    else if (this.#waiting && this.#waiting.id === id) this.#settle(type, payload);
  }

  #settle(type: keyof Reports, payload: unknown): void {
    const waiting = this.#waiting as Waiting;
    this.#waiting = null;
    if (type !== "error") {
      waiting.resolve(payload);
      return;
    }
    const { name, message, pythonTraceback } = payload as Reports["error"];
    waiting.reject(new PythonError(name, message, pythonTraceback ?? "", waiting.id));
  }

  #crash(message: string): void {
    if (this.#ended) return;
    const error = new WorkerCrashed(`Python stopped unexpectedly: ${message}`, this.#waiting?.id ?? null);
    this.end(error);
    this.#listeners.onCrash(error);
  }
}
