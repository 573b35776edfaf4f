/** Starting workers: everything fetched, from a snapshot where there is one, the ordinary way where that fails. */

import type { LogLine, ProgressReport } from "../protocol/types.gen.js";
import { SealedFrame } from "../seal/frame.js";
import { InitError, PythonError, type WorkerCrashed } from "./errors.js";
import { type HostedBoot, OpenHost, type WorkerHost } from "./host.js";
import { type Parts, type Provisions, provisionsAt, workerAddress } from "./provisions.js";
import { type Listeners, Session } from "./session.js";
import { dropSnapshot, findSnapshot, keepSnapshot } from "./snapshots.js";

/** What the download is of the whole start, in percent. */
const DOWNLOADED = 60;

export interface StarterOptions {
  baseUrl: string;
  sealed: boolean;
  snapshot: boolean;
  onLog(line: LogLine): void;
}

/** What the first request needs: packages among others. */
export interface InitPayload {
  packages: string[];
}

type OnCrash = (error: WorkerCrashed, session: Session) => void;

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
    this.#provisions = provisionsAt(options.baseUrl);
  }

  /**
   * Start a worker and send it its first request, under `id`.
   *
   * `signal` ends it, and what was begun of it.
   */
  async start(
    payload: InitPayload,
    id: number,
    onProgress: (report: ProgressReport) => void,
    onCrash: OnCrash,
    signal: AbortSignal,
  ): Promise<Started> {
    const onBytes = (fraction: number) =>
      onProgress({ stage: "download", message: "Fetching Python", value: fraction * DOWNLOADED });
    onBytes(0);
    const host = this.#findHost();
    host.catch(() => undefined);
    const parts = await until(signal, this.#provisions.parts(payload.packages, onBytes));
    const snapshot = this.#options.snapshot ? await findSnapshot(parts.identity) : null;
    const boot: HostedBoot = { ...parts, snapshot, takeSnapshot: this.#options.snapshot };
    const begin = (from: HostedBoot) => this.#begin(host, from, payload, id, { onProgress, onCrash }, parts, signal);
    try {
      return await begin(boot);
    } catch (error) {
      if (!snapshot || signal.aborted || !isSnapshotError(error)) throw error;
      await dropSnapshot(parts.identity);
      this.#say(`Python starts the ordinary way, because its snapshot did not work: ${(error as Error).message}`);
      return begin({ ...boot, snapshot: null });
    }
  }

  /** End what workers run in. */
  close(): void {
    this.#closed = true;
    void this.#host?.then(
      (host) => host.close(),
      () => undefined,
    );
  }

  async #begin(
    host: Promise<WorkerHost>,
    boot: HostedBoot,
    payload: InitPayload,
    id: number,
    { onProgress, onCrash }: { onProgress: Listeners["onProgress"]; onCrash: OnCrash },
    { identity }: Parts,
    signal: AbortSignal,
  ): Promise<Started> {
    const session: Session = new Session(await until(signal, host), boot, {
      onProgress,
      onCrash: (error) => onCrash(error, session),
      onLog: ({ lines }) => lines.forEach(this.#options.onLog),
      onRefused: (sentence) => this.#say(sentence),
      onSnapshot: (snapshot) => void keepSnapshot(identity, snapshot),
      images: (packages) => this.#provisions.images(packages),
    });
    const stop = () => session.end(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const { python } = (await session.request("init", id, payload)) as { python: string };
      return { session, python };
    } catch (error) {
      session.end(error as Error);
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
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
    if (!this.#options.sealed) return new OpenHost(workerAddress);
    if (!globalThis.document) {
      throw new InitError("Python is sealed off in a frame, which only a page can have; say {sealed: false} elsewhere");
    }
    const { inside, worker } = await this.#provisions.scripts();
    const frame = new SealedFrame(inside, worker);
    if (this.#closed) frame.close();
    return frame;
  }

  #say(text: string): void {
    this.#options.onLog({ stream: "system", text });
  }
}

function isSnapshotError(error: unknown): boolean {
  return error instanceof PythonError && error.name === "SnapshotError";
}

/** A promise's value, unless the signal comes first. */
export function until<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
    if (signal.aborted) reject(signal.reason);
  });
}
