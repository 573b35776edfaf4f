/** Starting workers: from a kit where there is one; where that fails, from what is fetched, the ordinary way. */

import type { LogLine, ProgressReport } from "../protocol/types.gen.js";
import { SealedFrame } from "../seal/frame.js";
import { InitError, PythonError, WorkerCrashed } from "./errors.js";
import { OpenHost, type WorkerHost } from "./host.js";
import { dropKit, findKit, type Kit, keepKit, mayBeKept, openKits } from "./kits.js";
import {
  bootOf,
  type NamedFile,
  type Plan,
  type Provisions,
  providedBy,
  provisionsAt,
  workerAddress,
} from "./provisions.js";
import { Session } from "./session.js";

/** What the download is of the whole start, in percent. */
const DOWNLOADED = 60;

export interface StarterOptions {
  baseUrl: string;
  manifest?: NamedFile;
  sealed: boolean;
  snapshot: boolean;
  onLog(line: LogLine): void;
  onRefused(sentence: string): void;
}

/** One start: its first request with its id, and who hears of it. `signal` ends it, and what was begun of it. */
export interface StartOrder {
  id: number;
  payload: { packages: string[] };
  onProgress(report: ProgressReport): void;
  onCrash(error: WorkerCrashed, session: Session): void;
  signal: AbortSignal;
}

/** A worker that has started, and what it said of itself. */
export interface Started {
  session: Session;
  python: string;
}

export class Starter {
  readonly #options: StarterOptions;
  readonly #provisions: Provisions;
  #host: Promise<WorkerHost> | null = null;
  #closed = false;

  constructor(options: StarterOptions) {
    this.#options = options;
    this.#provisions = provisionsAt(options.baseUrl, options.manifest);
  }

  /** Make ready what every start needs; what fails is told by the start. */
  warm(): void {
    if (this.#options.snapshot) openKits();
    if (globalThis.document) this.#findHost().catch(() => undefined);
    this.#provisions.warm();
  }

  /** Start a worker and send it its first request. */
  async start(order: StartOrder): Promise<Started> {
    this.#tellBytes(order, 0);
    // The worker comes up while its files are being fetched.
    const first = this.#open(order);
    first.catch(() => undefined);
    this.#provisions.fetchAhead((address) => this.#options.snapshot && mayBeKept(address));
    try {
      const plan = await until(order.signal, this.#provisions.plan(order.payload.packages));
      const kit = this.#options.snapshot ? await findKit(plan.identity) : null;
      return await this.#begin(order, await first, plan, kit).catch((error) => {
        if (!kit || order.signal.aborted || !mayBeTheKits(error)) throw error;
        return this.#beginOrdinarily(order, plan, error);
      });
    } catch (error) {
      void first.then((session) => session.end(error as Error)).catch(() => undefined);
      throw error;
    }
  }

  /** End what workers run in. */
  close(): void {
    this.#closed = true;
    void this.#host?.then((host) => host.close()).catch(() => undefined);
  }

  /** A session whose worker comes up, and knows nothing yet. */
  async #open({ onProgress, onCrash, signal }: StartOrder): Promise<Session> {
    const session: Session = new Session(await until(signal, this.#findHost()), {
      onProgress,
      onCrash: (error) => onCrash(error, session),
      onLog: ({ lines }) => lines.forEach(this.#options.onLog),
      onRefused: (sentence) => {
        this.#say(sentence);
        this.#options.onRefused(sentence);
      },
      images: (packages) => this.#provisions.images(packages),
    });
    return session;
  }

  async #begin(order: StartOrder, session: Session, plan: Plan, kit: Kit | null): Promise<Started> {
    const { signal, id, payload } = order;
    const stop = () => session.end(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const boot = bootOf(plan);
      if (kit) {
        const { memory: _, ...snapshot } = kit.snapshot;
        session.provide({
          boot: { ...boot, snapshot, takeSnapshot: false },
          ...providedBy(plan, kit.files),
          snapshot: kit.snapshot,
        });
      } else {
        session.provide({ boot: { ...boot, snapshot: null, takeSnapshot: this.#options.snapshot } });
        const fetching = this.#provisions.fetch(
          plan,
          (provided) => session.provide(provided),
          (fraction) => this.#tellBytes(order, fraction),
        );
        fetching.catch((error) => session.end(error));
        session.onSnapshot = (snapshot) => {
          void fetching.then((files) => this.#keep(plan, { snapshot, files }));
        };
      }
      const { python } = (await session.request("init", id, payload)) as { python: string };
      return { session, python };
    } catch (error) {
      session.end(error as Error);
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #beginOrdinarily(order: StartOrder, plan: Plan, error: Error): Promise<Started> {
    await dropKit(plan.identity);
    this.#say(`Python starts the ordinary way, because its snapshot did not work: ${error.message}`);
    return this.#begin(order, await this.#open(order), plan, null);
  }

  #keep(plan: Plan, kit: Kit): void {
    keepKit(plan.identity, kit).catch((error) => {
      this.#say(`Python's start is not kept for the next visit: ${error.message}`);
    });
  }

  #tellBytes({ onProgress }: StartOrder, fraction: number): void {
    onProgress({ stage: "download", message: "Fetching Python", value: fraction * DOWNLOADED });
  }

  /** Where workers run; made once, and again if it could not be. */
  #findHost(): Promise<WorkerHost> {
    this.#host ??= this.#makeHost();
    this.#host.catch(() => {
      this.#host = null;
    });
    return this.#host;
  }

  async #makeHost(): Promise<WorkerHost> {
    if (!this.#options.sealed) {
      this.#provisions.tellUnsealed();
      return new OpenHost(workerAddress);
    }
    if (!globalThis.document) {
      throw new InitError("Python is sealed off in a frame, which only a page can have; say {sealed: false} elsewhere");
    }
    const { inside, worker } = await this.#provisions.scripts();
    const frame = new SealedFrame(inside, worker, () => {
      this.#host = null;
    });
    if (this.#closed) frame.close();
    return frame;
  }

  #say(text: string): void {
    this.#options.onLog({ stream: "system", text });
  }
}

/** Whether a start may have failed by what it was made from, and not by what was asked of it. */
function mayBeTheKits(error: unknown): error is Error {
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
