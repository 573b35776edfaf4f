/**
 * Going on after a reload of the page by accident: what a flow was asked and answered is kept in the tab when the page is
 * left, and found again when the same tab loads the same study again.
 *
 * Files cannot be kept, so a flow that was given some starts anew. Nothing is kept after the end, after half an hour, or
 * when somebody opens the address afresh: the next person at the same machine must not find it.
 */
import type { KeptSession } from "../bridge/connect.js";
import type { KeptAgreements } from "../outgoing/consent_gate.js";
import type { KeptItem } from "../outgoing/sent_record.js";
import type { Turn } from "./surviving_flow.js";

/** All that it takes to go on. */
export interface KeptFlow {
  /** The hash of the study's files; null where the browser has no means for one, and then nothing is kept. */
  archive: string | null;
  session: KeptSession;
  turns: readonly Turn[];
  agreements: KeptAgreements;
  sent: KeptItem[];
}

/** Where it is kept; the tab's own storage. */
export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const VERSION = 3;
/** Browsers give a site some five million characters; a flow that needs more is not kept. */
const MOST_CHARACTERS = 2_000_000;
/** A page that was left longer ago, in milliseconds, was not reloaded by accident. */
const LONGEST_AWAY = 30 * 60_000;
/** How long the page before may take to let go of its session, in milliseconds. */
const CLAIM_WITHIN = 2_000;

export class Resumption {
  readonly #name: string;

  /**
   * @param address of the study: each has a place of its own.
   * @param storage null where the browser gives none, and then nothing is kept.
   */
  constructor(
    address: string,
    private readonly storage: TabStorage | null,
  ) {
    this.#name = `sidestage ${new URL(address).pathname}`;
  }

  /** Keep a flow, if it can be; else forget what was kept before. */
  keep(flow: KeptFlow): void {
    this.forget();
    if (flow.turns.length === 0 || flow.archive === null || flow.turns.some(hasFiles)) return;
    if (flow.agreements.characters > MOST_CHARACTERS) return;
    const text = JSON.stringify({ version: VERSION, left: Date.now(), ...flow });
    if (text.length > MOST_CHARACTERS) return;
    try {
      this.storage?.setItem(this.#name, text);
    } catch {
      // The tab's storage is full: the next start is a fresh one.
    }
  }

  /** What was kept of the study with this archive; null when there is nothing that will do. */
  find(archive: string | null): KeptFlow | null {
    const kept = this.#read();
    if (kept?.version !== VERSION || kept.archive !== archive || Date.now() - kept.left > LONGEST_AWAY) return null;
    return kept;
  }

  forget(): void {
    this.storage?.removeItem(this.#name);
  }

  #read(): (KeptFlow & { version: number; left: number }) | null {
    try {
      return JSON.parse(this.storage?.getItem(this.#name) ?? "null");
    } catch {
      return null;
    }
  }
}

/** The tab's storage, where the browser lets the page have it. */
export function tabStorage(): TabStorage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

/** Whether the page was reloaded, or come back to by the browser's buttons, rather than opened. */
export function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return entry?.type === "reload" || entry?.type === "back_forward";
}

/**
 * Hold a session for as long as the page is there; false when another page has it. A tab that was duplicated brings
 * along all that was kept, and two pages must not donate into one session.
 */
export function claim(sessionId: string): Promise<boolean> {
  const { locks } = navigator;
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = () => {
      resolve(true);
      return new Promise<never>(() => undefined);
    };
    // The page before may still be on its way out.
    locks
      .request(`sidestage ${sessionId}`, { signal: AbortSignal.timeout(CLAIM_WITHIN) }, held)
      .catch(() => resolve(false));
  });
}

function hasFiles({ response }: Turn): boolean {
  return ["PayloadFile", "PayloadFileArray", "PayloadFiles"].includes(response.payload.__type__);
}
