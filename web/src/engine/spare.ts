/** A second worker, held ready for when the first one dies or has to be stopped. */
import type { Started } from "./starter.js";

/** Milliseconds before a spare worker is started, because the start takes a whole processor. */
const QUIET = 1_000;
/** Memory of the device, in gigabytes as the browser tells it, from which on a spare worker is held. */
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

  /** Start a spare worker soon, unless there is one. */
  prepare(): void {
    if (!this.#wanted || this.#worker) return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      // If it cannot be started, the next worker is started when it is needed.
      this.#worker = this.#begin(this.#stop.signal).catch(() => null);
    }, QUIET);
  }

  /** Take the spare worker, which may still be starting; null if there is none. */
  async take(): Promise<Started | null> {
    clearTimeout(this.#waiting);
    const worker = this.#worker;
    this.#worker = null;
    const started = await worker;
    return started && !started.worker.ended ? started : null;
  }

  /** End the spare worker. Another one can be started later. */
  drop(): void {
    clearTimeout(this.#waiting);
    const worker = this.#worker;
    this.#worker = null;
    const reason = new Error("it is not needed any more");
    this.#stop.abort(reason);
    this.#stop = new AbortController();
    void worker?.then((started) => started?.worker.end(reason));
  }

  /** End the spare worker, and start no other. */
  close(): void {
    this.drop();
    this.#worker = Promise.resolve(null);
  }
}

/**
 * Whether the device has memory for two interpreters. If the browser does not tell, a phone counts as having too
 * little.
 */
export function hasMemoryForTwo(): boolean {
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  if (deviceMemory !== undefined) return deviceMemory >= ENOUGH_MEMORY;
  return !matchMedia("(pointer: coarse)").matches;
}
