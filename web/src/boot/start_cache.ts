/**
 * Cached starts. A cached start is a snapshot with the files that belong to it, not compressed. It is kept in the page
 * for its further workers, and in the browser for the next visit. If it cannot be kept or found, everything is fetched,
 * and Python starts the ordinary way.
 *
 * It belongs to the address of the page that made it, without what follows a question mark: no other page finds it.
 */
import { clear, createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import type { FilesByAddress, Snapshot } from "./types.js";

export interface CachedStart {
  snapshot: Snapshot;
  files: FilesByAddress;
}

/** A cached start as the browser stores it. Where Blobs cannot be stored, as in Safari's private windows, bytes are. */
interface StoredStart {
  made: number;
  /** The page's address. */
  page: string;
  snapshot: Omit<Snapshot, "memory">;
  memory: Blob | ArrayBuffer;
  files: Map<string, Blob | ArrayBuffer>;
}

/** The version of this form. Change it with the form: older entries are then not found. */
const FORMAT = "9";
/** How many are kept in the browser; the oldest are removed. */
const MOST = 3;
/** A start is kept only if the browser has free room of this many times its size. */
const ROOM = 4;
/** By page, the addresses of kept files, for its first script, which does not fetch them ahead: see `page.html`. */
const TOLD = "sidestage-kept";
/** The page that starts belong to here. */
const PAGE = globalThis.location?.pathname ?? "";

const here = new Map<string, CachedStart>();
let opened: UseStore | null = null;

/** Whether the participant has cleared what this browser keeps: what is on its way must not come after that. */
let isCleared = false;

/** Open the store early, because that takes time. */
export function openStartCache(): void {
  // A failure is reported by `cacheStart`.
  const opening = async () => store()("readonly", async () => undefined);
  opening().catch(() => undefined);
}

function store(): UseStore {
  opened ??= createStore("sidestage-starts", "starts");
  return opened;
}

/** Whether a file may be in a cached start; told without waiting for the store. */
export function mayBeCached(address: string): boolean {
  try {
    const told = JSON.parse(localStorage.getItem(TOLD) ?? "{}") as Record<string, string[]>;
    return Object.hasOwn(told, PAGE) && (told[PAGE] as string[]).includes(address);
  } catch {
    return false;
  }
}

/** The cached start, or null. `identity` names everything that it was made from. */
export async function findCachedStart(identity: string): Promise<CachedStart | null> {
  const key = keyOf(identity);
  const known = here.get(key);
  if (known) return known;
  try {
    const kept = await get<StoredStart>(key, store());
    if (!kept) return null;
    const cached: CachedStart = {
      snapshot: { ...kept.snapshot, memory: blobOf(kept.memory) },
      files: new Map([...kept.files].map(([address, file]) => [address, blobOf(file)])),
    };
    here.set(key, cached);
    return cached;
  } catch {
    return null;
  }
}

/**
 * Keep a start, here and in the browser.
 *
 * @throws if the browser keeps nothing: in a private window, on a full disk, or when storage is switched off.
 */
export async function cacheStart(identity: string, cached: CachedStart): Promise<void> {
  const key = keyOf(identity);
  here.set(key, cached);
  if (!(await hasRoom(cached))) throw new Error("the browser has too little room for it");
  if (isCleared) return;
  const { memory, ...snapshot } = cached.snapshot;
  const kept: StoredStart = { made: Date.now(), page: PAGE, snapshot, memory, files: cached.files };
  await set(key, kept, store()).catch(async () => {
    const whole = await unpacked(kept);
    if (!isCleared) await set(key, whole, store());
  });
  await dropOldest();
  await tellKept();
}

/** Remove a start that did not work. */
export async function dropCachedStart(identity: string): Promise<void> {
  const key = keyOf(identity);
  here.delete(key);
  try {
    await del(key, store());
    await tellKept();
  } catch {
    // Then it was not stored.
  }
}

/** Remove all starts, of all pages of this origin. This page keeps none any more; a later visit may. */
export async function clearCachedStarts(): Promise<void> {
  isCleared = true;
  here.clear();
  localStorage.removeItem(TOLD);
  await clear(store());
}

async function hasRoom({ snapshot, files }: CachedStart): Promise<boolean> {
  const size = [snapshot.memory, ...files.values()].reduce((sum, blob) => sum + blob.size, 0);
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage > ROOM * size;
}

async function dropOldest(): Promise<void> {
  const kept = await entries<string, StoredStart>(store());
  kept.sort(([, one], [, other]) => other.made - one.made);
  for (const [key] of kept.slice(MOST)) await del(key, store());
}

async function tellKept(): Promise<void> {
  const kept = await entries<string, StoredStart>(store());
  const told = new Map<string, string[]>();
  for (const [, { page, files }] of kept) told.set(page, [...(told.get(page) ?? []), ...files.keys()]);
  localStorage.setItem(TOLD, JSON.stringify(Object.fromEntries(told)));
}

async function unpacked(kept: StoredStart): Promise<StoredStart> {
  const files = [...kept.files].map(async ([address, file]) => [address, await bytesOf(file)] as const);
  return { ...kept, memory: await bytesOf(kept.memory), files: new Map(await Promise.all(files)) };
}

async function bytesOf(content: Blob | ArrayBuffer): Promise<ArrayBuffer> {
  return content instanceof Blob ? content.arrayBuffer() : content;
}

function blobOf(content: Blob | ArrayBuffer): Blob {
  return content instanceof Blob ? content : new Blob([content]);
}

/** The key names the page; and the browser and its version, too: a snapshot may not fit another one. */
function keyOf(identity: string): string {
  return JSON.stringify([FORMAT, PAGE, navigator.userAgent, identity]);
}
