/**
 * The bridge to a host: a page that shows this one in a frame and speaks with it over a MessagePort.
 *
 * The page announces itself, the host answers with ``live-init`` and a port, and from then on commands go out and
 * acknowledgements come in over that port.
 */

import type { Bridge, LogEntry } from "../outgoing/bridge.js";
import type { Destination } from "../outgoing/destination.js";
import { outcomeOf } from "../outgoing/outcome.js";
import type { SentRecord, Sort } from "../outgoing/sent_record.js";
import type { DonationResult } from "../protocol/types.gen.js";

/** How long a donation waits for the host's acknowledgement, in milliseconds. */
const ACKNOWLEDGE_WITHIN = 30_000;

/** What a host says when it starts the page. */
export interface HostStart {
  locale: string;
  attemptId: string | null;
  port: MessagePort;
  /** Where the host comes from. */
  origin: string;
}

/** The page is shown inside of a page that it was not built for. */
export class ForeignHost extends Error {}

/** The windows that take part, so that a test can stand in for them. */
export interface Frame {
  self: Pick<Window, "addEventListener" | "removeEventListener">;
  parent: Pick<Window, "postMessage">;
}

/**
 * Announce the page to its parent and wait for its ``live-init``; the first counts, and only from the parent.
 *
 * @param origin where the parent must come from; anywhere unless given.
 */
export function waitForHost(frame: Frame, origin = "*", signal?: AbortSignal): Promise<HostStart> {
  return new Promise((resolve, reject) => {
    const stop = () => frame.self.removeEventListener("message", listen as EventListener);
    const listen = (event: MessageEvent) => {
      const isHost = event.source === frame.parent && (origin === "*" || event.origin === origin);
      const start = isHost ? readStart(event) : null;
      if (start === null) return;
      stop();
      resolve(start);
    };
    signal?.addEventListener("abort", () => {
      stop();
      reject(signal.reason);
    });
    frame.self.addEventListener("message", listen as EventListener);
    frame.parent.postMessage({ action: "app-loaded" }, origin);
  });
}

function readStart(event: MessageEvent): HostStart | null {
  const port = event.ports[0];
  if (event.data?.action !== "live-init" || !port) return null;
  const attempt = event.data.liveness?.attempt_id;
  return {
    locale: typeof event.data.locale === "string" ? event.data.locale : "",
    attemptId: attempt === undefined || attempt === null ? null : String(attempt),
    port,
    // A page from a file, or in a sandbox, has none that says anything.
    origin: event.origin === "null" ? "" : event.origin,
  };
}

/** Speaks with the host over the port of its ``live-init``. */
export class HostBridge implements Bridge {
  readonly destination: Destination;
  readonly #waiting = new Map<string, (result: DonationResult) => void>();
  readonly #port: MessagePort;
  #lines: LogEntry[] = [];

  constructor(
    start: HostStart,
    private readonly record: SentRecord,
    private readonly patience: number = ACKNOWLEDGE_WITHIN,
  ) {
    this.#port = start.port;
    this.destination = { kind: "host", origin: start.origin };
    this.#port.onmessage = (event) => this.#receive(event.data);
    if (start.attemptId !== null) this.#post({ __type__: "LivenessReady", attempt_id: start.attemptId });
  }

  async donate(key: string, content: Blob): Promise<DonationResult | null> {
    const json = await content.text();
    const item = this.record.add("donation", content, this.destination, key);
    const result = await this.#acknowledged(key, { __type__: "CommandSystemDonate", key, json_string: json });
    this.record.settle(item, outcomeOf(result));
    return result;
  }

  log(entry: LogEntry): void {
    this.#lines.push(entry);
  }

  flush(): void {
    for (const { level, message } of this.#lines.splice(0)) {
      const line = JSON.stringify({ level, message });
      this.#tell("log", { __type__: "CommandSystemLog", level, message, json_string: line });
    }
  }

  async exit(code: number, info: string): Promise<void> {
    this.flush();
    this.#tell("exit", { __type__: "CommandSystemExit", code, info });
  }

  event(name: string): void {
    this.#tell("event", { __type__: "CommandSystemEvent", name });
  }

  /** Post what the host is to acknowledge; null when it does not in time. */
  #acknowledged(key: string, message: object): Promise<DonationResult | null> {
    return new Promise((resolve) => {
      const settle = (result: DonationResult | null) => {
        clearTimeout(timer);
        this.#waiting.delete(key);
        resolve(result);
      };
      const timer = setTimeout(() => settle(null), this.patience);
      this.#waiting.set(key, settle);
      this.#post(message);
    });
  }

  /** Post what no host acknowledges. */
  #tell(sort: Sort, message: object): void {
    this.record.settle(this.record.add(sort, JSON.stringify(message), this.destination), "unanswered");
    this.#post(message);
  }

  #receive(message: unknown): void {
    if (typeof message !== "object" || message === null) return;
    const said = message as Record<string, unknown>;
    if (said.__type__ === "LivenessPing") {
      this.#post({ __type__: "LivenessPong", attempt_id: said.attempt_id, sequence: said.sequence });
    } else if (said.__type__ === "DonateSuccess" || said.__type__ === "DonateError") {
      const key = String(said.key);
      this.#waiting.get(key)?.({
        success: said.__type__ === "DonateSuccess",
        key,
        status: typeof said.status === "number" ? said.status : 0,
        ...(typeof said.error === "string" && { error: said.error }),
      });
    }
  }

  #post(message: object): void {
    this.#port.postMessage(message);
  }
}
