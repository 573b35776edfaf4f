/** One worker from its start to its end. It has one request at a time, and may die at any moment. */

import type { WorkerChannel } from "../boot/containers.js";
import type { BootAssets, Snapshot } from "../boot/types.js";
import { ConversionError, PythonError, WorkerCrashed } from "../errors.js";
import { checkEnvelope, checkMessage } from "../protocol/check.js";
import { LONGEST_STOP_SECONDS } from "../protocol/limits.gen.js";
import type { ReportListeners } from "../protocol/methods.gen.js";
import { type PlacedText, TextInbox } from "../protocol/placed_texts.js";
import { ANSWERS, UNCHECKED } from "../protocol/shapes.gen.js";
import type { Reports, Requests } from "../protocol/types.gen.js";
import type { WorkerPlace } from "./places.js";
import { findUnsendable } from "./unsendable_place.js";

export type RequestType = keyof Requests;

/** Called with what a worker sends besides replies. */
export interface WorkerListeners {
  onProgress(report: Reports["progress"]): void;
  onLog(report: Reports["log"]): void;
  onCrash(error: WorkerCrashed): void;
  /** A message that does not fit the protocol was refused. */
  onRefused(sentence: string): void;
  /** The worker needs the archives of packages. */
  packageArchives(packages: string[]): Promise<[name: string, archive: Blob][]>;
}

interface Waiting {
  id: number;
  type: RequestType;
  payload: unknown;
  listeners: ReportListeners;
  resolve(payload: never): void;
  reject(error: Error): void;
}

interface WorkerMessage {
  type: string;
  id: number | null;
  payload: never;
}

/** What a worker may also say while nothing was asked, or to nobody. */
const AT_ANY_TIME = ["progress", "log", "crashed"];
/** Requests for which the page fetches packages. */
const FETCHING: readonly string[] = ["init", "installPackages"];

export class LiveWorker {
  readonly #channel: WorkerChannel;
  readonly #listeners: WorkerListeners;
  /**
   * Whether a snapshot is accepted: one, and only before the first reply. Until then the worker was told nothing that is
   * not public, whatever code of others it has imported. That code could hold a snapshot back, until it knows more.
   */
  #acceptsSnapshot = false;
  /** Called with the snapshot, if one is made. */
  onSnapshot: (snapshot: Snapshot) => void = () => undefined;
  #waiting: Waiting | null = null;
  /** The next request waits for an interrupt that is on its way, or it would be interrupted. */
  #interrupting: Promise<boolean> | null = null;
  #ended = false;
  readonly #texts = new TextInbox();

  constructor(place: WorkerPlace, listeners: WorkerListeners) {
    this.#listeners = listeners;
    this.#channel = place.start((message) => this.#crash(message));
    this.#channel.port.onmessage = ({ data }: MessageEvent) => {
      if (data?.type === "textPiece" && this.#waiting) this.#texts.take(data.payload);
      else if (Array.isArray(data?.texts)) this.#hear(data);
      else this.#receive(data);
    };
    this.#channel.port.onmessageerror = () => this.#crash("a message from the worker could not be read");
  }

  /** Post assets to the worker. */
  provide(provided: Partial<BootAssets>): void {
    if (provided.boot) this.#acceptsSnapshot = provided.boot.takeSnapshot;
    if (!this.#ended) this.#channel.provide(provided);
  }

  /** Whether the worker has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Send a request and wait for its reply's payload. There must be no other under way. */
  async request<Type extends RequestType>(
    type: Type,
    id: number,
    payload: unknown,
    listeners: ReportListeners = {},
  ): Promise<Reports[Requests[Type]["reply"]]> {
    await this.#interrupting;
    if (this.#ended) throw new WorkerCrashed("the worker has ended", id);
    return new Promise((resolve, reject) => {
      this.#waiting = { id, type, payload, listeners, resolve, reject };
      try {
        this.#channel.port.postMessage({ type, id, payload });
      } catch (error) {
        this.#waiting = null;
        reject(unsendable(payload, (error as Error).message, id));
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
    this.#interrupting = this.#channel.interrupt(waiting.id);
    if (await this.#interrupting) {
      for (let waited = 0; waited < LONGEST_STOP_SECONDS * 1000 && this.#waiting === waiting; waited += 20) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    if (this.#waiting === waiting) this.end(reason);
  }

  /** End the worker; what waits is rejected with `reason`. */
  end(reason: Error): void {
    this.#ended = true;
    this.#channel.end();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(reason);
  }

  /** Put the large texts of a message into their places, and take it. */
  #hear({ texts, ...message }: WorkerMessage & { texts: PlacedText[] }): void {
    try {
      this.#texts.place(texts);
    } catch (error) {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.reject(new ConversionError(`a large text cannot be read: ${(error as Error).message}`, waiting.id));
      return;
    }
    this.#receive(message);
  }

  /** Take a message. Code in the worker may have forged it: it is refused unless it fits the protocol. */
  #receive(message: WorkerMessage): void {
    if (message?.type === "snapshot" || message?.type === "packageArchives") {
      this.#serve(message);
      return;
    }
    if (message?.type === "unreadable") {
      this.#refuseRequest();
      return;
    }
    // The content of a command is checked where it is performed. If it were refused here, the flow would get no answer.
    const check = message && Object.hasOwn(UNCHECKED, message.type) ? checkEnvelope : checkMessage;
    const wrong = check(message) ?? this.#misfit(message);
    if (wrong) {
      this.#refuse(wrong);
      return;
    }
    const { type, payload } = message;
    if (type === "progress") this.#listeners.onProgress(payload);
    else if (type === "log") this.#listeners.onLog(payload);
    else if (type === "crashed") this.#crash((payload as Reports["crashed"]).message);
    else if (this.#mayReport(type)) this.#waiting?.listeners[type as keyof Reports]?.(payload);
    else this.#settle(type, payload);
  }

  #mayReport(type: string): boolean {
    return this.#waiting !== null && (ANSWERS[this.#waiting.type]?.reports.includes(type) ?? false);
  }

  /** Why a message is not expected now; null if it is. */
  #misfit({ type, id }: WorkerMessage): string | null {
    if (AT_ANY_TIME.includes(type)) return null;
    const waiting = this.#waiting;
    if (!waiting) return `It is a ${type}, and nothing was asked`;
    if (id !== waiting.id) return `It is a ${type} to request ${id}, and what was asked is request ${waiting.id}`;
    const reply = ANSWERS[waiting.type]?.reply;
    if (type === reply || type === "error" || this.#mayReport(type)) return null;
    return `It is a ${type}, and ${waiting.type} is answered by ${reply}`;
  }

  /** Answer a message of the worker's script, which is no reply to a request. */
  #serve({ type, id, payload }: WorkerMessage): void {
    if (type === "snapshot") {
      if (!this.#acceptsSnapshot) this.#refuse("It is a snapshot, and none is to be made");
      else if (isSnapshot(payload)) this.onSnapshot(payload);
      else this.#refuse("It is a snapshot, and lacks something");
      this.#acceptsSnapshot = false;
      return;
    }
    const answer = (found: object) => {
      if (!this.#ended) this.#channel.port.postMessage({ type: "packageArchives", id, payload: found });
    };
    const packages: unknown = (payload as { packages?: unknown } | null)?.packages;
    // What is fetched, and when, is seen by the server.
    const isAsked = this.#waiting?.id === id && FETCHING.includes(this.#waiting.type);
    const wrong = isAsked ? "tells no list of names" : "none are to be installed";
    if (!isAsked || !isListOfNames(packages)) {
      this.#refuse(`It asks for packages, and ${wrong}`);
      answer({ error: `the page was asked for packages, and ${wrong}` });
      return;
    }
    this.#listeners.packageArchives(packages).then(
      (packageArchives) => answer({ packageArchives }),
      (error: Error) => answer({ error: error.message }),
    );
  }

  #refuse(reason: string): void {
    this.#listeners.onRefused(`A message from Python was refused. ${reason}.`);
  }

  /** The worker got a message that its browser cannot read there: a request with something that must stay where it is. */
  #refuseRequest(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(unsendable(waiting.payload, "the browser cannot read it there", waiting.id));
  }

  #settle(type: string, payload: unknown): void {
    const waiting = this.#waiting as Waiting;
    this.#waiting = null;
    this.#acceptsSnapshot = false;
    if (type !== "error") {
      waiting.resolve(payload as never);
      return;
    }
    const { name, message, pythonTraceback, failedIndex, partialResults } = payload as Reports["error"];
    const error = new PythonError(name, message, pythonTraceback ?? "", waiting.id);
    waiting.reject(Object.assign(error, failedIndex !== undefined && { failedIndex, partialResults }));
  }

  #crash(message: string): void {
    if (this.#ended) return;
    const error = new WorkerCrashed(`Python stopped unexpectedly: ${message}`, this.#waiting?.id ?? null);
    this.end(error);
    this.#listeners.onCrash(error);
  }
}

function unsendable(payload: unknown, otherwise: string, id: number): ConversionError {
  const found = findUnsendable(payload) ?? `the request cannot be sent to the worker: ${otherwise}`;
  return new ConversionError(found, id);
}

function isSnapshot(value: unknown): value is Snapshot {
  const { memory, parts, size, hash, libraries, state, linker } = (value ?? {}) as Snapshot;
  const lists = Array.isArray(parts) && isListOfNames(libraries);
  const texts = typeof hash === "string" && typeof linker === "string";
  return memory instanceof Blob && lists && texts && typeof size === "number" && ArrayBuffer.isView(state);
}

function isListOfNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
