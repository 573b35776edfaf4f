/** Python in a Web Worker, as one object: requests in, promises out, whatever happens to the worker. */

import { type NamedFile, ownFolder } from "../boot/assets.js";
import {
  InitError,
  PythonError,
  SidestageError,
  TimeoutError,
  type WorkerCrashed,
  WorkerDestroyed,
} from "../errors.js";
import { LONGEST_START_SECONDS } from "../protocol/limits.gen.js";
import { type ReportListeners, RequestMethods, type RequestOptions } from "../protocol/methods.gen.js";
import type { LogLine, ProgressReport, Reports, Requests } from "../protocol/types.gen.js";
import type { LiveWorker, RequestType } from "./live_worker.js";
import { hasMemoryForTwo, Spare } from "./spare.js";
import { type Started, Starter, until } from "./starter.js";

export interface PythonWorkerOptions {
  /** Where Sidestage's files are served; the folder of this module unless given. */
  baseUrl?: string;
  /**
   * Whether Python is sealed off: it reaches no network and nothing of the page. True unless given; false for code that
   * fetches by itself, with `pyodide.http`.
   */
  sealed?: boolean;
  /** The manifest, on a page of a site that was built: such a page knows by name and hash what belongs to it. */
  manifest?: NamedFile;
  /** Whether the started interpreter is kept, in this browser, so that later starts are quick. True unless given. */
  snapshot?: boolean;
  /**
   * Whether another worker is held ready while one runs, to take over when it dies or is stopped. Unless given, where
   * the device has memory for two.
   */
  spare?: boolean;
  /**
   * Requests that will come for certain, such as `startFlow`: what answers them is loaded while Python starts, and not
   * when the first of them comes.
   */
  requests?: RequestType[];
  /** How far the start or an installation is; `value` goes from 0 to 100. */
  onProgress?: (report: ProgressReport) => void;
  /** Each line that Python prints. */
  onLog?: (line: LogLine) => void;
  /** A message that came out of Python was refused, because it does not fit the protocol; the sentence says why. */
  onRefused?: (sentence: string) => void;
  /** The worker died. What was pending has been rejected; the next request starts a fresh worker. */
  onCrash?: (error: WorkerCrashed) => void;
}

export interface InitOptions {
  /** Names of packages to install, such as `numpy`. */
  packages?: string[];
  /** Files to write before anything runs: path in the worker's folder to text or bytes. */
  files?: Record<string, string | Uint8Array>;
  /** Zip files to unpack into the worker's folder. */
  archives?: (ArrayBuffer | Uint8Array)[];
  /** Names that code finds defined. */
  globals?: Record<string, unknown>;
  /** How long the start may take, in milliseconds; 60,000 unless given. */
  timeout?: number;
}

interface Entry {
  type: RequestType;
  payload: unknown;
  timeout: number | undefined;
  listeners: ReportListeners | undefined;
  resolve(payload: never): void;
  reject(error: Error): void;
}

/** The request whose turn it is. */
interface Running {
  entry: Entry;
  /** Null while it waits for a worker to start. */
  worker: LiveWorker | null;
  /** Aborted when the request is interrupted while it waits. */
  waits: AbortController;
}

const START_TIMEOUT = LONGEST_START_SECONDS * 1000;
/** A timer counts in 32 bits; it takes a longer time, such as Infinity, for none at all. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Python in a Web Worker.
 *
 * Requests made before Python is ready wait; one runs at a time, in the order they were made. Every promise settles.
 */
export class PythonWorker extends RequestMethods {
  readonly #options: PythonWorkerOptions;
  readonly #starter: Starter;
  readonly #spare: Spare;
  readonly #queue: Entry[] = [];
  #initOptions: InitOptions | null = null;
  /** Packages that a fresh worker gets again. */
  #installed: string[] = [];
  #worker: LiveWorker | null = null;
  #running: Running | null = null;
  #stopStart: AbortController | null = null;
  #destroyed = false;
  #nextId = 1;

  constructor(options: PythonWorkerOptions = {}) {
    super();
    this.#options = options;
    this.#starter = new Starter({
      baseUrl: new URL(options.baseUrl ?? ownFolder(), globalThis.location?.href).href,
      ...(options.manifest && { manifest: options.manifest }),
      sealed: options.sealed ?? true,
      snapshot: options.snapshot ?? true,
      requests: options.requests ?? [],
      onLog: (line) => options.onLog?.(line),
      onRefused: (sentence) => options.onRefused?.(sentence),
    });
    this.#starter.warm();
    this.#spare = new Spare(options.spare ?? hasMemoryForTwo(), (signal) =>
      this.#begin(() => undefined, AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT)])),
    );
  }

  /**
   * Start Python, install packages, write files. Resolves with the version of Python.
   *
   * @throws InitError when it cannot be started within the time limit; it may then be called again.
   */
  async init(options: InitOptions = {}): Promise<{ python: string }> {
    if (this.#destroyed) throw new WorkerDestroyed("this worker was destroyed; make a new PythonWorker");
    if (this.#initOptions) throw new InitError("init() was called already; destroy() this worker and make a new one");
    if (typeof options.packages === "string") throw new InitError(oneName(options.packages));
    this.#initOptions = options;
    try {
      const { python } = await this.#start();
      this.#spare.prepare();
      return { python };
    } catch (error) {
      this.#initOptions = null;
      for (const entry of this.#queue.splice(0)) entry.reject(error as Error);
      throw error;
    } finally {
      this.#pump();
    }
  }

  /**
   * Install packages that this server has; resolves with their names.
   *
   * @throws PythonError named PackageError, with a message that says which one is missing and what to do.
   */
  override async installPackages(packages: string[], options: RequestOptions = {}): Promise<string[]> {
    if (typeof packages === "string") throw new SidestageError(oneName(packages));
    const installed = await super.installPackages(packages, options);
    this.#installed = [...new Set([...this.#installed, ...packages])];
    // One that was begun before lacks them.
    this.#spare.drop();
    return installed;
  }

  /**
   * Stop the request that runs, or that waits for a fresh worker. It is rejected with a PythonError named
   * KeyboardInterrupt; where the page is not cross-origin isolated, or Python does not react within a second, the worker
   * is replaced.
   */
  async interrupt(): Promise<void> {
    const reason = new PythonError("KeyboardInterrupt", "the run was interrupted", "", null);
    const running = this.#running;
    if (running?.worker) await running.worker.stop(reason);
    else running?.waits.abort(reason);
  }

  /** End the worker for good. What is pending is rejected with WorkerDestroyed. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    const reason = new WorkerDestroyed("the worker was destroyed");
    this.#stopStart?.abort(reason);
    this.#worker?.end(reason);
    this.#spare.close();
    this.#starter.close();
    for (const entry of this.#queue.splice(0)) entry.reject(reason);
  }

  protected override request<Type extends RequestType>(
    type: Type,
    payload: Requests[Type]["payload"],
    timeout: number | undefined,
    listeners?: ReportListeners,
  ): Promise<Reports[Requests[Type]["reply"]]> {
    if (this.#destroyed)
      return Promise.reject(new WorkerDestroyed("this worker was destroyed; make a new PythonWorker"));
    return new Promise((resolve, reject) => {
      this.#queue.push({ type, payload, timeout, listeners, resolve, reject });
      this.#pump();
    });
  }

  /** Run the next request, if nothing else is under way. */
  #pump(): void {
    if (this.#running || this.#stopStart || !this.#initOptions || this.#destroyed) return;
    const entry = this.#queue.shift();
    if (!entry) return;
    const running = { entry, worker: null, waits: new AbortController() };
    this.#running = running;
    this.#run(running).then(
      (payload) => this.#done(() => entry.resolve(payload as never)),
      (error) => this.#done(() => entry.reject(error)),
    );
  }

  #done(settle: () => void): void {
    this.#running = null;
    settle();
    this.#pump();
    this.#spare.prepare();
  }

  async #run(running: Running): Promise<unknown> {
    const { entry, waits } = running;
    if (!this.#worker || this.#worker.ended) await until(waits.signal, this.#startAgain());
    const worker = this.#worker as unknown as LiveWorker;
    running.worker = worker;
    const id = this.#nextId++;
    const reply = worker.request(entry.type, id, entry.payload, entry.listeners);
    return entry.timeout === undefined ? reply : this.#within(entry.timeout, worker, id, reply);
  }

  async #within(milliseconds: number, worker: LiveWorker, id: number, reply: Promise<unknown>): Promise<unknown> {
    const reason = new TimeoutError(`Python was stopped: it ran longer than ${milliseconds} ms`, id);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      void worker.stop(reason);
    }, timerFor(milliseconds));
    try {
      // An answer that comes all the same counts: code may end of its own when it is stopped, a flow goes to its
      // error page.
      return await reply;
    } catch (error) {
      throw late && (error as Error).name === "KeyboardInterrupt" ? reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Have a fresh worker. The next request takes it if the one that it is for was interrupted meanwhile. */
  async #startAgain(): Promise<void> {
    try {
      await this.#start();
    } finally {
      this.#pump();
    }
  }

  /** Have a worker, within the time limit: the spare one, or one that is started now. */
  async #start(): Promise<Started> {
    const timeout = this.#initOptions?.timeout ?? START_TIMEOUT;
    const stop = new AbortController();
    this.#stopStart = stop;
    const timer = setTimeout(
      () => stop.abort(new InitError(`Python did not start within ${timeout / 1000} seconds; try again`)),
      timerFor(timeout),
    );
    try {
      const started =
        (await until(stop.signal, this.#spare.take())) ??
        (await this.#begin((report) => this.#options.onProgress?.(report), stop.signal));
      this.#worker = started.worker;
      this.#options.onProgress?.({ stage: "ready", message: "Python is ready", value: 100 });
      return started;
    } catch (error) {
      throw asInitError(error as Error);
    } finally {
      clearTimeout(timer);
      this.#stopStart = null;
    }
  }

  #begin(onProgress: (report: ProgressReport) => void, signal: AbortSignal): Promise<Started> {
    const { timeout: _, packages = [], ...setUp } = this.#initOptions as InitOptions;
    const [installed, nextId, onCrash] = [this.#installed, () => this.#nextId++, this.#onCrash];
    let last = -1;
    const rising = (report: ProgressReport) => {
      const value = Math.max(last, Math.round(report.value));
      if (value === last && report.stage === "download") return;
      last = value;
      onProgress({ ...report, value });
    };
    return this.#starter.start({ packages, installed, setUp, nextId, onProgress: rising, onCrash, signal });
  }

  #onCrash = (error: WorkerCrashed, worker: LiveWorker) => {
    if (worker === this.#worker) this.#options.onCrash?.(error);
  };
}

/** A page without types may give one name, which would be taken for a list of letters. */
function oneName(name: string): string {
  return `packages must be a list of names, such as ["${name}"]; got the text "${name}"`;
}

function timerFor(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST_TIMER);
}

/** A crash or an exception during the start is, for the page, a start that failed. */
function asInitError(error: Error): Error {
  if (error instanceof InitError || error instanceof WorkerDestroyed) return error;
  const failure = new InitError(error.message);
  failure.cause = error;
  return failure;
}
