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
import type { LogLine, ProgressReport, SetUpRequest } from "../protocol/types.gen.js";
import { SealedFrame } from "../seal/frame.js";
import { LiveWorker } from "./live_worker.js";
import { Places } from "./places.js";

export interface StarterOptions {
  baseUrl: string;
  manifest?: NamedFile;
  sealed: boolean;
  snapshot: boolean;
  requests: string[];
  onLog(line: LogLine): void;
  onRefused(sentence: string): void;
}

/** One start: what it begins with, and who hears of it. `signal` ends it, and what was begun of it. */
export interface StartOrder {
  /** The packages that belong to the start, and may be in a snapshot. */
  packages: string[];
  /** Those that were installed since. */
  installed: string[];
  setUp: SetUpRequest;
  nextId(): number;
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
  readonly #places = new Places((onLost) => this.#makeContainer(onLost));
  /** Whether a start may make a snapshot: as long as no worker was told anything that is not public. */
  #takesSnapshots: boolean;

  constructor(options: StarterOptions) {
    this.#options = options;
    this.#assets = assetsAt(options.baseUrl, options.manifest);
    this.#takesSnapshots = options.snapshot;
  }

  /** Make ready what every start needs; what fails is told by the start. */
  warm(): void {
    if (this.#options.snapshot) openStartCache();
    if (globalThis.document) this.#places.warm();
    this.#assets.warm();
  }

  /** Start a worker, and give it what it begins with. */
  async start(order: StartOrder): Promise<Started> {
    this.#tellBytes(order, 0);
    // The worker comes up while its files are being fetched.
    const first = this.#open(order);
    first.catch(() => undefined);
    this.#assets.fetchAhead((address) => this.#options.snapshot && mayBeCached(address));
    try {
      const plan = await until(order.signal, this.#assets.plan(order.packages, this.#options.requests));
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
    this.#places.close();
  }

  /** A worker that comes up, and knows nothing yet. */
  async #open({ onProgress, onCrash, signal }: StartOrder): Promise<LiveWorker> {
    const worker: LiveWorker = new LiveWorker(await until(signal, this.#places.take()), {
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
    const { signal } = order;
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
        worker.provide({ boot: { ...boot, snapshot: null, takeSnapshot: this.#takesSnapshots } });
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
      const { python } = await worker.request("init", order.nextId(), { packages: order.packages });
      this.#takesSnapshots = false;
      await this.#setUp(worker, order);
      return { worker, python };
    } catch (error) {
      worker.end(error as Error);
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Lay on top of a start what belongs to this page alone. */
  async #setUp(worker: LiveWorker, { installed, setUp, nextId }: StartOrder): Promise<void> {
    if (installed.length) await worker.request("installPackages", nextId(), { packages: installed });
    await worker.request("setUp", nextId(), setUp);
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

  async #makeContainer(onLost: () => void): Promise<WorkerContainer> {
    if (!this.#options.sealed) {
      this.#assets.tellUnsealed();
      return new OpenContainer(workerAddress);
    }
    if (!globalThis.document) {
      throw new InitError("Python is sealed off in a frame, which only a page can have; say {sealed: false} elsewhere");
    }
    return SealedFrame.ofPage(onLost) ?? SealedFrame.with(await this.#assets.frame(), onLost);
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
