/** The bridge to our own server: donations and log lines over HTTP, with the token of the session. */

import type { Bridge, LogEntry } from "../outgoing/bridge.js";
import type { Destination } from "../outgoing/destination.js";
import { mayStillArrive, outcomeOf } from "../outgoing/outcome.js";
import type { SentRecord } from "../outgoing/sent_record.js";
import { LARGEST_LOG_REQUEST_BYTES, MOST_LOG_LINES_AT_ONCE } from "../protocol/limits.gen.js";
import type { DonationResult } from "../protocol/types.gen.js";
import type { ServerSession } from "../study/loading.js";
import { formatSize } from "../words/texts.js";

/** Milliseconds to wait before each further attempt to send a donation. */
const BACKOFF = [500, 1_500, 4_000];
/** Bytes of a log line in a request at most: those beside its message, and those of a character such as ``\\u0000``. */
const BYTES_OF_LINE = 100;
const BYTES_OF_CHARACTER = 6;
/** A browser lets a request outlive its page only up to 64 kB. */
const KEEPALIVE_CHARACTERS = 15_000;
/** Log lines that are kept while the server cannot be reached; older ones go first. */
const KEPT_LINES = 1_000;
/** How long the end of a flow waits for the last log lines, in milliseconds. */
const EXIT_PATIENCE = 3_000;

type TimedEntry = LogEntry & { timestamp: string };

/** Sends to ``base``, the address of the app. */
export class ServerBridge implements Bridge {
  readonly destination: Destination;
  #lines: TimedEntry[] = [];
  #flushing: Promise<void> | null = null;

  constructor(
    private readonly base: string,
    private readonly session: ServerSession,
    private readonly record: SentRecord,
    private readonly backoff: readonly number[] = BACKOFF,
  ) {
    this.destination = { kind: "server", origin: new URL(base).origin };
  }

  async donate(key: string, content: Blob): Promise<DonationResult> {
    const tooLarge = this.#tooLarge(key, content.size);
    if (tooLarge) return tooLarge;
    const item = this.record.add("donation", content, this.destination, key);
    let result = await this.#send(key, content);
    for (const pause of this.backoff) {
      if (result.success || !mayStillArrive(result)) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
      this.record.again(item);
      result = await this.#send(key, content);
    }
    this.record.settle(item, outcomeOf(result));
    return result;
  }

  log({ level, message }: LogEntry): void {
    this.#lines.push({ level, message, timestamp: new Date().toISOString() });
    if (this.#lines.length > KEPT_LINES) this.#lines.splice(0, this.#lines.length - KEPT_LINES);
  }

  flush(): void {
    void this.#flush();
  }

  async exit(code: number, info: string): Promise<void> {
    this.log({ level: "info", message: `exit ${code}: ${info}` });
    const late = new Promise<void>((resolve) => setTimeout(resolve, EXIT_PATIENCE));
    const all = (this.#flushing ?? Promise.resolve()).then(() => this.#flush());
    await Promise.race([all, late]);
  }

  event(_name: string): void {
    // Our own server shows the page itself; it waits for no event.
  }

  #flush(): Promise<void> {
    this.#flushing ??= this.#sendLines().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  /** Send what is kept, batch by batch, until nothing is left or the server cannot be reached. */
  async #sendLines(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#batch();
      const body = JSON.stringify({ lines });
      const request = { method: "POST", headers: this.#headers(), body, keepalive: body.length < KEEPALIVE_CHARACTERS };
      const item = this.record.add("log", body, this.destination);
      const status = await fetch(new URL("api/logs", this.base), request).then(
        (response) => response.status,
        () => 0,
      );
      this.record.settle(item, outcomeOf({ success: status < 300 && status > 0, status }));
      if (status === 0 || status >= 500) {
        this.#lines.unshift(...lines);
        return;
      }
    }
  }

  #batch(): TimedEntry[] {
    let bytes = BYTES_OF_LINE;
    let count = 0;
    for (const { message } of this.#lines) {
      bytes += BYTES_OF_LINE + BYTES_OF_CHARACTER * message.length;
      if (count > 0 && (count >= MOST_LOG_LINES_AT_ONCE || bytes > LARGEST_LOG_REQUEST_BYTES)) break;
      count += 1;
    }
    return this.#lines.splice(0, count);
  }

  async #send(key: string, body: Blob): Promise<DonationResult> {
    const address = new URL("api/donations", this.base);
    address.searchParams.set("key", key);
    try {
      const response = await fetch(address, { method: "POST", headers: this.#headers(), body });
      return await readResult(response, key);
    } catch {
      return { success: false, key, status: 0 };
    }
  }

  /** A server may close the connection on a body over its limit, which looks like a broken network; so look first. */
  #tooLarge(key: string, size: number): DonationResult | null {
    const limit = this.session.maxBytes;
    if (!limit || size <= limit) return null;
    const error = `It takes ${formatSize(size, "en")}; the study accepts at most ${formatSize(limit, "en")}.`;
    return { success: false, key, status: 413, error };
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.session.token}`, "content-type": "application/json" };
  }
}

async function readResult(response: globalThis.Response, key: string): Promise<DonationResult> {
  const body: unknown = await response.json().catch(() => null);
  const said = body as Partial<DonationResult> | null;
  const error = typeof said?.error === "string" ? said.error : undefined;
  return { success: response.ok && said?.success === true, key, status: response.status, ...(error && { error }) };
}
