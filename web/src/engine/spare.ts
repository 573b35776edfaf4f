/** A second worker, held ready for when the first one dies or has to be stopped. */
import type { Started } from "./starter.js";

/** How long the page is left alone before a spare worker is begun, in milliseconds: starting one takes a processor. */
const QUIET = 1_000;
/** Gigabytes, as the browser tells them, where two interpreters are no burden. */
const ENOUGH_MEMORY = 4;

export class Spare {
  readonly #wanted: boolean;
  readonly #begin: (signal: AbortSignal) => Promise<Started>;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();
  #worker: Promise<Started | null> | null = null;

  /** @param begin starts a worker, until the signal ends it. */
  constructor(wanted: boolean, begin: (signal: AbortSignal) => Promise<Started>) {
    this.#wanted = wanted;
    this.#begin = begin;
  }

  /** Begin one soon, unless there is one. */
  prepare(): void {
    if (!this.#wanted || this.#worker) return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      // One that cannot be started is not missed: the next worker is started when it is needed.
      this.#worker = this.#begin(this.#stop.signal).catch(() => null);
    }, QUIET);
  }

  /** The one that is ready, or nearly; null where there is none. */
  async take(): Promise<Started | null> {
    clearTimeout(this.#waiting);
    const worker = this.#worker;
    this.#worker = null;
    const started = await worker;
    return started && !started.worker.ended ? started : null;
  }

  /** End it; another may be prepared. */
  drop(): void {
    clearTimeout(this.#waiting);
    const worker = this.#worker;
    this.#worker = null;
    const reason = new Error("it is not needed any more");
    this.#stop.abort(reason);
    this.#stop = new AbortController();
    void worker?.then((started) => started?.worker.end(reason));
  }

  /** End it for good. */
  close(): void {
    this.drop();
    this.#worker = Promise.resolve(null);
  }
}

/** Whether two interpreters can be held; browsers that do not tell are taken to have little on a phone. */
export function hasMemoryForTwo(): boolean {
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  if (deviceMemory !== undefined) return deviceMemory >= ENOUGH_MEMORY;
  return !matchMedia("(pointer: coarse)").matches;
}
