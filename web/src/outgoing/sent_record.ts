/** The record of all that left the page: each bridge writes here what it sends, at the moment when it sends it. */

import type { Destination } from "./destination.js";
import type { Outcome } from "./outcome.js";

/** What kind of thing it is. */
export type Sort = "donation" | "log" | "event" | "exit" | "session" | "error";

/** One item, as a list shows it. */
export interface SentItem {
  readonly sort: Sort;
  /** A donation's key; empty for all else. */
  readonly name: string;
  /** When it was first sent, in ISO 8601. */
  readonly time: string;
  /** In bytes. */
  readonly size: number;
  /** The very bytes; null when they were lost by a reload of the page. */
  readonly content: Blob | null;
  readonly destination: Destination;
  outcome: Outcome;
  /** How often it was sent: an answer may be lost. */
  attempts: number;
}

/** An item in a form that outlives a reload of the page; ``text`` is missing where it was long. */
export type KeptItem = Omit<SentItem, "content"> & { text?: string };

/** Contents of up to so many bytes are kept over a reload. */
const SHORT = 20_000;

/** Tells of every change by an event ``change``. */
export class SentRecord extends EventTarget {
  readonly items: SentItem[] = [];
  readonly #texts = new WeakMap<SentItem, string>();

  /** Note what is being sent now; returns the item, for ``again`` and ``settle``. */
  add(sort: Sort, content: Blob | string, destination: Destination, name = ""): SentItem {
    const bytes = typeof content === "string" ? new Blob([content]) : content;
    const time = new Date().toISOString();
    const { size } = bytes;
    const item = { sort, name, time, size, content: bytes, destination, outcome: "sending" as Outcome, attempts: 1 };
    if (size <= SHORT) void bytes.text().then((text) => this.#texts.set(item, text));
    this.items.push(item);
    this.#changed();
    return item;
  }

  /** The same is sent once more. */
  again(item: SentItem): void {
    item.attempts += 1;
    this.#changed();
  }

  /** Say what became of it. */
  settle(item: SentItem, outcome: Outcome): void {
    item.outcome = outcome;
    this.#changed();
  }

  /** The items in a form that outlives a reload of the page. */
  kept(): KeptItem[] {
    return this.items.map((item) => {
      const { content: _, ...rest } = item;
      return { ...rest, text: this.#texts.get(item) };
    });
  }

  /** Take back what was kept; an item that was under way then has had no answer. */
  restore(items: readonly KeptItem[]): void {
    for (const { text, ...rest } of items) {
      const content = text === undefined ? null : new Blob([text]);
      const item: SentItem = { ...rest, content, outcome: rest.outcome === "sending" ? "unanswered" : rest.outcome };
      if (text !== undefined) this.#texts.set(item, text);
      this.items.push(item);
    }
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
