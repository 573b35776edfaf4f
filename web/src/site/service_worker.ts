/**
 * The service worker of a built site: keeps every file of one build, each checked by its hash, and serves them without a
 * network. The page itself is asked for first, so that a new build is seen at once; all other files bear a hash in their
 * names and are taken from what is kept. So files of two builds never meet: a page names those of its own build.
 *
 * The build puts a line above this script that says which build it is, and which files it has.
 */

/** What the line above says: files by their addresses relative to this script, each with its integrity. */
interface Site {
  build: string;
  files: Record<string, string>;
}

/** The part of a service worker's global scope that is used here. */
interface Scope {
  readonly site: Site;
  readonly registration: { readonly scope: string };
  addEventListener(type: "install" | "activate", listen: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listen: (event: Fetching) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const PAGE = "index.html";
/** How long the page may take to come before the kept one is shown, in milliseconds. */
const PATIENCE = 5_000;

const worker = globalThis as unknown as Scope;
const { scope } = worker.registration;
/** The caches of this site; others may live at the same origin. */
const OWN = `sidestage ${scope} `;
const CURRENT = OWN + worker.site.build;
const addressOf = (path: string) => new URL(path, scope).href;
const kept = new Set(Object.keys(worker.site.files).map(addressOf));

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = request.url.split(/[?#]/)[0] as string;
  if (address === scope || address === addressOf(PAGE)) event.respondWith(newestPage(request));
  else if (kept.has(address)) event.respondWith(fromCache(address, request));
});

/** Keep all files; if one cannot be had as it should be, the worker is not installed, and what was there stays. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(CURRENT);
  for (const [path, integrity] of Object.entries(worker.site.files)) await keep(cache, path, integrity);
}

async function keep(cache: Cache, path: string, integrity: string): Promise<void> {
  const address = addressOf(path);
  // The page is the only file whose content changes under its name.
  const known = path === PAGE ? undefined : await caches.match(address);
  if (known) {
    await cache.put(address, known);
    return;
  }
  const response = await fetch(address, { integrity, cache: path === PAGE ? "reload" : "force-cache" });
  if (!response.ok) throw new TypeError(`${address} was answered with status ${response.status}`);
  await cache.put(address, response);
}

/** Remove what earlier builds kept. No page of theirs is open any more: a worker becomes active only then. */
async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(OWN) && name !== CURRENT).map((name) => caches.delete(name)),
  );
}

/** The page as the server has it now; where it does not answer, as it was kept. */
async function newestPage(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.status < 500) return response;
  } catch {
    // No network: that is what the kept page is for.
  }
  return (await caches.match(addressOf(PAGE), { cacheName: CURRENT })) ?? Response.error();
}

async function fromCache(address: string, request: Request): Promise<Response> {
  return (await caches.match(address, { cacheName: CURRENT })) ?? fetch(request);
}

export {};
