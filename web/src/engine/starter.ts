/** Starting workers: from a cached start where there is one; where that fails, from what is fetched, the ordinary way. */

import {
  type Assets,
  assetsAt,
  assetsOf,
  bootSettingsOf,
  type NamedFile,
  type StartPlan,
  workerAddress,
} from "../boot/assets.js";
import { OpenContainer, type WorkerContainer } from "../boot/containers.js";
import { DOWNLOADED } from "../boot/downloads.js";
import {
  type CachedStart,
  cacheStart,
  dropCachedStart,
  findCachedStart,
  mayBeCached,
  openStartCache,
} from "../boot/start_cache.js";
import { InitError, PythonError, WorkerCrashed } from "../errors.js";
import type { LogLine, ProgressReport } from "../protocol/types.gen.js";
import { SealedFrame } from "../seal/frame.js";
import { LiveWorker } from "./live_worker.js";

export interface StarterOptions {
  baseUrl: string;
  manifest?: NamedFile;
  sealed: boolean;
  snapshot: boolean;
  requests: string[];
  onLog(line: LogLine): void;
  onRefused(sentence: string): void;
}

/** One start: its first request with its id, and who hears of it. `signal` ends it, and what was begun of it. */
export interface StartOrder {
  id: number;
  payload: { packages: string[] };
  onProgress(report: ProgressReport): void;
  onCrash(error: WorkerCrashed, worker: LiveWorker): void;
  signal: AbortSignal;
}

/** A worker that has started, and what it said of itself. */
export interface Started {
  worker: LiveWorker;
  python: string;
}

export class Starter {
  readonly #options: StarterOptions;
  readonly #assets: Assets;
  #container: Promise<WorkerContainer> | null = null;
  #closed = false;

  constructor(options: StarterOptions) {
    this.#options = options;
    this.#assets = assetsAt(options.baseUrl, options.manifest);
  }

  /** Make ready what every start needs; what fails is told by the start. */
  warm(): void {
    if (this.#options.snapshot) openStartCache();
    if (globalThis.document) this.#findContainer().catch(() => undefined);
    this.#assets.warm();
  }

  /** Start a worker and send it its first request. */
  async start(order: StartOrder): Promise<Started> {
    this.#tellBytes(order, 0);
    // The worker comes up while its files are being fetched.
    const first = this.#open(order);
    first.catch(() => undefined);
    this.#assets.fetchAhead((address) => this.#options.snapshot && mayBeCached(address));
    try {
      const plan = await until(order.signal, this.#assets.plan(order.payload.packages, this.#options.requests));
      const cached = this.#options.snapshot ? await findCachedStart(plan.identity) : null;
      return await this.#begin(order, await first, plan, cached).catch((error) => {
        if (!cached || order.signal.aborted || !mayBeTheCache(error)) throw error;
        return this.#beginOrdinarily(order, plan, error);
      });
    } catch (error) {
      void first.then((worker) => worker.end(error as Error)).catch(() => undefined);
      throw error;
    }
  }

  /** End what workers run in. */
  close(): void {
    this.#closed = true;
    void this.#container?.then((container) => container.close()).catch(() => undefined);
  }

  /** A worker that comes up, and knows nothing yet. */
  async #open({ onProgress, onCrash, signal }: StartOrder): Promise<LiveWorker> {
    const worker: LiveWorker = new LiveWorker(await until(signal, this.#findContainer()), {
      onProgress,
      onCrash: (error) => onCrash(error, worker),
      onLog: ({ lines }) => lines.forEach(this.#options.onLog),
      onRefused: (sentence) => {
        this.#say(sentence);
        this.#options.onRefused(sentence);
      },
      packageArchives: (packages) => this.#assets.packageArchives(packages),
    });
    return worker;
  }

  async #begin(order: StartOrder, worker: LiveWorker, plan: StartPlan, cached: CachedStart | null): Promise<Started> {
    const { signal, id, payload } = order;
    const stop = () => worker.end(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const boot = bootSettingsOf(plan);
      if (cached) {
        const { memory: _, ...snapshot } = cached.snapshot;
        worker.provide({
          boot: { ...boot, snapshot, takeSnapshot: false },
          ...assetsOf(plan, cached.files),
          snapshot: cached.snapshot,
        });
      } else {
        worker.provide({ boot: { ...boot, snapshot: null, takeSnapshot: this.#options.snapshot } });
        const fetching = this.#assets.fetch(
          plan,
          (provided) => worker.provide(provided),
          (fraction) => this.#tellBytes(order, fraction),
        );
        fetching.catch((error) => worker.end(error));
        worker.onSnapshot = (snapshot) => {
          void fetching.then((files) => this.#keep(plan, { snapshot, files }));
        };
      }
      const { python } = await worker.request("init", id, payload);
      return { worker, python };
    } catch (error) {
      worker.end(error as Error);
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #beginOrdinarily(order: StartOrder, plan: StartPlan, error: Error): Promise<Started> {
    await dropCachedStart(plan.identity);
    this.#say(`Python starts the ordinary way, because its snapshot did not work: ${error.message}`);
    return this.#begin(order, await this.#open(order), plan, null);
  }

  #keep(plan: StartPlan, cached: CachedStart): void {
    cacheStart(plan.identity, cached).catch((error) => {
      this.#say(`Python's start is not kept for the next visit: ${error.message}`);
    });
  }

  #tellBytes({ onProgress }: StartOrder, fraction: number): void {
    onProgress({ stage: "download", message: "Fetching Python", value: fraction * DOWNLOADED });
  }

  /** Where workers run; made once, and again if it could not be. */
  #findContainer(): Promise<WorkerContainer> {
    this.#container ??= this.#makeContainer();
    this.#container.catch(() => {
      this.#container = null;
    });
    return this.#container;
  }

  async #makeContainer(): Promise<WorkerContainer> {
    if (!this.#options.sealed) {
      this.#assets.tellUnsealed();
      return new OpenContainer(workerAddress);
    }
    if (!globalThis.document) {
      throw new InitError("Python is sealed off in a frame, which only a page can have; say {sealed: false} elsewhere");
    }
    const lose = () => {
      this.#container = null;
    };
    const frame = SealedFrame.ofPage(lose) ?? SealedFrame.with(await this.#assets.frame(), lose);
    if (this.#closed) frame.close();
    return frame;
  }

  #say(text: string): void {
    this.#options.onLog({ stream: "system", text });
  }
}

/** Whether a start may have failed by what it was made from, and not by what was asked of it. */
function mayBeTheCache(error: unknown): error is Error {
  if (error instanceof PythonError) return error.name === "SnapshotError" || error.name === "InitError";
  return error instanceof WorkerCrashed;
}

/** A promise's value, unless the signal comes first. */
export function until<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
    if (signal.aborted) reject(signal.reason);
  });
}
