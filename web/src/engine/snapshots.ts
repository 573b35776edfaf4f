/**
 * Where snapshots are kept: in the page for its further workers, and in the browser for the next visit. Nothing here may
 * fail: without a snapshot Python starts the ordinary way.
 */
import type { Snapshot } from "./boot.js";

/** Another form of what is kept. */
const FORMAT = "1";
const STORE = "sidestage-snapshots";
/** How many are kept in the browser; the oldest go first. */
const KEPT = 4;
/** A snapshot is kept only where there is this many times its size left. */
const ROOM = 5;

type Details = Omit<Snapshot, "memory">;

const here = new Map<string, Snapshot>();

/** The snapshot of a start, or null. `identity` tells everything that it was made from. */
export async function findSnapshot(identity: string): Promise<Snapshot | null> {
  const key = await keyOf(identity);
  const known = here.get(key);
  if (known) return known;
  try {
    const store = await globalThis.caches.open(STORE);
    const [details, memory] = await Promise.all([store.match(`${key}/details`), store.match(`${key}/memory`)]);
    if (!details || !memory) return null;
    const snapshot = { ...((await details.json()) as Details), memory: await memory.blob() };
    here.set(key, snapshot);
    return snapshot;
  } catch {
    return null;
  }
}

/** Keep a snapshot, here and where there is room for it. */
export async function keepSnapshot(identity: string, snapshot: Snapshot): Promise<void> {
  const key = await keyOf(identity);
  here.set(key, snapshot);
  try {
    const { memory, ...details } = snapshot;
    const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota - usage < ROOM * memory.size) return;
    const store = await globalThis.caches.open(STORE);
    for (const request of (await store.keys()).slice(0, -2 * (KEPT - 1))) await store.delete(request);
    await store.put(`${key}/memory`, new Response(memory));
    await store.put(`${key}/details`, new Response(JSON.stringify(details)));
  } catch {
    // A private window, a full disk, an address that is not secure: then the next visit starts the ordinary way.
  }
}

/** Forget a snapshot that did not work. */
export async function dropSnapshot(identity: string): Promise<void> {
  const key = await keyOf(identity);
  here.delete(key);
  try {
    const store = await globalThis.caches.open(STORE);
    await Promise.all([store.delete(`${key}/memory`), store.delete(`${key}/details`)]);
  } catch {
    // It was not kept.
  }
}

/** An address that nothing else has. Another browser, or another version of it, makes a snapshot of its own. */
async function keyOf(identity: string): Promise<string> {
  const text = JSON.stringify([FORMAT, navigator.userAgent, identity]);
  if (!globalThis.crypto.subtle) return text;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `/sidestage-snapshot/${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
