/** What Python prints, cut into lines and sent in batches. */

import { LONGEST_OUTPUT_LINE } from "../protocol/limits.gen.js";
import type { LogLine } from "../protocol/types.gen.js";

/**
 * Lines wait at most this long, in milliseconds, and at most this many, so that a flood of output costs few messages.
 */
const LONGEST_WAIT = 50;
const MOST_LINES = 200;

export class Output {
  readonly #send: (lines: LogLine[]) => void;
  readonly #partial = { stdout: "", stderr: "" };
  /** Whether the present line was cut. If only its end follows, there is nothing left to send of it. */
  readonly #wasCut = { stdout: false, stderr: false };
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #lines: LogLine[] = [];
  #lastSent = 0;

  constructor(send: (lines: LogLine[]) => void) {
    this.#send = send;
  }

  /** Take bytes that Python wrote; returns their number, as Pyodide expects. */
  write(stream: "stdout" | "stderr", bytes: Uint8Array): number {
    const text = this.#partial[stream] + this.#decoders[stream].decode(bytes, { stream: true });
    const lines = text.split("\n");
    this.#partial[stream] = lines.pop() as string;
    if (this.#wasCut[stream] && lines[0] === "") lines.shift();
    if (text) this.#wasCut[stream] = false;
    for (const line of lines) this.#lines.push({ stream, text: line });
    if (this.#partial[stream].length > LONGEST_OUTPUT_LINE) {
      this.#cut(stream);
      this.#wasCut[stream] = true;
    }
    if (this.#lines.length >= MOST_LINES || performance.now() - this.#lastSent > LONGEST_WAIT) this.#sendLines();
    return bytes.length;
  }

  /** Take a line that Python did not print. */
  say(text: string): void {
    this.#lines.push({ stream: "system", text: text.slice(0, LONGEST_OUTPUT_LINE) });
    this.#sendLines();
  }

  /** Send everything, also a last line without a newline. */
  flush(): void {
    for (const stream of ["stdout", "stderr"] as const) if (this.#partial[stream]) this.#cut(stream);
    this.#sendLines();
  }

  #cut(stream: "stdout" | "stderr"): void {
    this.#lines.push({ stream, text: this.#partial[stream] });
    this.#partial[stream] = "";
  }

  #sendLines(): void {
    if (this.#lines.length === 0) return;
    this.#send(this.#lines);
    this.#lines = [];
    this.#lastSent = performance.now();
  }
}
