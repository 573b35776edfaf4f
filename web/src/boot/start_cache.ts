/**
 * Cached starts: all that a later start needs, kept in the page for its further workers, and in the browser for the next
 * visit: a snapshot, and the files that go with it as they are when unpacked. What fails here hinders nobody: without one
 * everything is fetched, and Python starts the ordinary way.
 */
import { createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import type { FilesByAddress, Snapshot } from "./types.js";

export interface CachedStart {
  snapshot: Snapshot;
  files: FilesByAddress;
}

/** A cached start in the browser. Where Blobs cannot be kept, as in a private window of Safari's, their bytes are. */
interface StoredStart {
  made: number;
  snapshot: Omit<Snapshot, "memory">;
  memory: Blob | ArrayBuffer;
  files: Map<string, Blob | ArrayBuffer>;
}

/** Another form of what is kept. */
const FORMAT = "7";
/** How many are kept in the browser; the oldest go first. */
const MOST = 3;
/** One is kept only where there is this many times its size left. */
const ROOM = 4;
/** Tells the page's first script which files it need not fetch ahead: see `page.html`. */
const TOLD = "sidestage-kept";

const here = new Map<string, CachedStart>();
let opened: UseStore | null = null;

/** Open the store, which takes a while. */
export function openStartCache(): void {
  // Where that fails nothing is kept, which is told when something should be.
  const opening = async () => store()("readonly", async () => undefined);
  opening().catch(() => undefined);
}

function store(): UseStore {
  opened ??= createStore("sidestage", "kits");
  return opened;
}

/** Whether a file may be part of a cached start, as far as can be told at once. */
export function mayBeCached(address: string): boolean {
  try {
    return (JSON.parse(localStorage.getItem(TOLD) ?? "[]") as string[]).includes(address);
  } catch {
    return false;
  }
}

/** The cached start, or null. `identity` tells everything that it was made from. */
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
 * @throws where the browser keeps nothing: a private window, a full disk, storage that is switched off.
 */
export async function cacheStart(identity: string, cached: CachedStart): Promise<void> {
  const key = keyOf(identity);
  here.set(key, cached);
  if (!(await hasRoom(cached))) throw new Error("the browser has too little room for it");
  const { memory, ...snapshot } = cached.snapshot;
  const kept: StoredStart = { made: Date.now(), snapshot, memory, files: cached.files };
  await set(key, kept, store()).catch(async () => set(key, await unpacked(kept), store()));
  await dropOldest();
  await tellKept();
}

/** Forget one that did not work. */
export async function dropCachedStart(identity: string): Promise<void> {
  const key = keyOf(identity);
  here.delete(key);
  try {
    await del(key, store());
    await tellKept();
  } catch {
    // It was not kept.
  }
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
  localStorage.setItem(TOLD, JSON.stringify(kept.flatMap(([, { files }]) => [...files.keys()])));
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

/** Another browser, or another version of it, makes one of its own. */
function keyOf(identity: string): string {
  return JSON.stringify([FORMAT, navigator.userAgent, identity]);
}
