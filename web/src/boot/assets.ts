/** What every worker starts from: fetched by the page, once for all its workers, in parallel. */

import { InitError } from "../errors.js";
import workerUrl from "../worker/worker.ts?worker&url";
import { withDependencies } from "./dependencies.js";
import { Downloads, type Expected, Progress } from "./downloads.js";
import { type GetFile, OrderedFetch, type WantedFile } from "./fetch_order.js";
import { ConnectionLost, fetchWhole } from "./fetch_retry.js";
import type { BootAssets, BootSettings, FilesByAddress, LockFile } from "./types.js";

/** What the server says of its own files; paths are relative to `/sidestage/`. */
interface Manifest {
  /** The document of the sealed frame. */
  frame: string;
  loader: string;
  asm: string;
  wasm: string;
  stdlib: string;
  /** The part of the standard library that no start needs, if it lies apart. */
  later?: string;
  python: string;
  lock: string;
  files: Record<string, Expected>;
  /** Whether the server belongs to the page's author, who wants to know things. */
  development?: boolean;
}

/** Where the manifest of a site that was built lies, and what it must be: told by a page that names its own files. */
export interface NamedFile extends Expected {
  /** Relative to the page. */
  address: string;
}

/** What a start with certain packages is made of, before any of it is fetched. */
export interface StartPlan {
  manifest: Manifest;
  lock: LockFile;
  /** The packages, dependencies first. */
  names: string[];
  /** Modules to have imported. */
  imports: string[];
  /** Requests that will come. */
  requests: string[];
  /** The addresses of all files, each with what is known of it. */
  addresses: Map<string, Expected | undefined>;
  /** Tells these files, by their exact bytes, imports and requests from all others. */
  identity: string;
}

/** The folder that this module was served from: `/sidestage/`, whichever of its files the bundler put this into. */
export function ownFolder(): string {
  return new URL("./", import.meta.url.replace(/assets\/[^/]*$/, "")).href;
}

/** The script that a worker runs in the page itself. */
export const workerAddress = new URL(workerUrl, import.meta.url).href;

/** Archives of packages of more bytes than this come one after the other. */
const LARGE = 1_000_000;

const shared = new Map<string, Assets>();

/** The assets at an address, one object for the whole page. */
export function assetsAt(baseUrl: string, manifest?: NamedFile): Assets {
  const assets = shared.get(baseUrl) ?? new Assets(baseUrl, manifest);
  shared.set(baseUrl, assets);
  return assets;
}

export class Assets {
  readonly baseUrl: string;
  readonly #downloads = new Downloads();
  readonly #named: NamedFile | undefined;
  #manifest: Promise<Manifest> | null = null;

  constructor(baseUrl: string, manifest?: NamedFile) {
    this.baseUrl = baseUrl;
    this.#named = manifest;
  }

  /** The document of the sealed frame. */
  async frame(): Promise<string> {
    const { frame, files } = await this.#fetchManifest();
    return this.#downloads.text(this.#address(frame), files?.[frame]);
  }

  /** Begin to find out what starts are made of. */
  warm(): void {
    void this.#fetchManifest()
      .then((manifest) => this.#lock(manifest))
      .catch(() => undefined);
  }

  /**
   * Begin to fetch what takes longest, for a start that has no plan yet.
   *
   * @param isKept tells of an address whether the browser may have that already.
   */
  fetchAhead(isKept: (address: string) => boolean): void {
    const begin = async () => {
      const { loader, asm, wasm, files } = await this.#fetchManifest();
      if (isKept(wasm)) return;
      await Promise.all([loader, asm, wasm].map((path) => this.#downloads.get(this.#address(path), files?.[path])));
    };
    // What fails is told by the start, which asks for it again.
    begin().catch(() => undefined);
  }

  /** What a start with these packages needs, that is to be ready for these requests. */
  async plan(packages: string[], requests: string[]): Promise<StartPlan> {
    const manifest = await this.#fetchManifest();
    const lock = await this.#lock(manifest);
    const names = withDependencies(lock, packages);
    const { loader, asm, wasm, stdlib, python, later } = manifest;
    const own = [loader, asm, wasm, stdlib, python, ...(later ? [later] : [])];
    const addresses = new Map(own.map((path) => [path, manifest.files?.[path]]));
    for (const name of names) addresses.set(archiveAddress(lock, name), lock.packages[name]?.archive);
    const asked = packages.map((name) => withDependencies(lock, [name]).at(-1) as string);
    const imports = asked.flatMap((name) => lock.packages[name]?.imports ?? []);
    const bytes = [...addresses].map(([path, expected]) => [path, expected?.sha256]);
    const identity = JSON.stringify([bytes, imports, requests]);
    return { manifest, lock, names, imports, requests, addresses, identity };
  }

  /**
   * Fetch the files of a plan in the order in which a start needs them: while the interpreter's code is being compiled its
   * library comes, and while Python starts its packages do.
   *
   * @param provide is given each, as soon as it is here.
   * @param onProgress hears which part of the bytes is here, from 0 to 1.
   */
  async fetch(
    { manifest, lock, names, addresses }: StartPlan,
    provide: (provided: Partial<BootAssets>) => void,
    onProgress: (fraction: number) => void,
  ): Promise<FilesByAddress> {
    const progress = new Progress(onProgress);
    const sizeOf = (path: string) => addresses.get(path)?.size ?? 0;
    for (const path of addresses.keys()) progress.expect(sizeOf(path));
    const get: GetFile = (path, onBytes) =>
      this.#downloads.get(this.#address(path), addresses.get(path), (bytes) => {
        progress.add(bytes);
        onBytes(bytes);
      });
    const fetching = new OrderedFetch(get, sizeOf);
    const own = (name: "loader" | "asm" | "wasm" | "stdlib" | "python"): WantedFile => [
      manifest[name],
      (file) => provide({ [name]: file }),
    ];
    const archive = (name: string): WantedFile => [
      archiveAddress(lock, name),
      (file) => provide({ packageArchives: { [name]: file } }),
    ];
    await fetching.begin([own("loader"), own("asm"), own("wasm")]);
    await fetching.begin([own("stdlib"), own("python")]);
    const isLarge = (name: string) => sizeOf(archiveAddress(lock, name)) > LARGE;
    const rest = names.filter((name) => !isLarge(name)).map(archive);
    if (manifest.later) rest.push([manifest.later, (later) => provide({ later })]);
    else provide({ later: null });
    const coming = fetching.begin(rest);
    // One is imported while the next one comes.
    for (const name of names.filter(isLarge)) await fetching.begin([archive(name)]);
    await coming;
    return fetching.whole();
  }

  /** The archives of packages of the lock file. */
  async packageArchives(names: string[]): Promise<[name: string, archive: Blob][]> {
    const lock = await this.#lock(await this.#fetchManifest());
    const fetchOne = async (name: string): Promise<[string, Blob]> => {
      const address = this.#address(archiveAddress(lock, name));
      return [name, await this.#downloads.get(address, lock.packages[name]?.archive)];
    };
    return Promise.all(names.map(fetchOne));
  }

  /** Tell the author that Python is not sealed off here. */
  tellUnsealed(): void {
    const tell = async () => {
      const { development } = await this.#fetchManifest();
      // With the page's path, which the author goes by.
      const options: RequestInit = { method: "POST", referrerPolicy: "same-origin" };
      if (development) await fetch(this.#address("unsealed"), options);
    };
    tell().catch(() => undefined);
  }

  async #lock({ lock, files }: Manifest): Promise<LockFile> {
    return JSON.parse(await this.#downloads.text(this.#address(lock), files?.[lock]));
  }

  #address(path: string): string {
    return new URL(path, this.baseUrl).href;
  }

  #fetchManifest(): Promise<Manifest> {
    this.#manifest ??= this.#named ? this.#checkedManifest(this.#named) : fetchManifest(this.#address("manifest.json"));
    this.#manifest.catch(() => {
      this.#manifest = null;
    });
    return this.#manifest;
  }

  async #checkedManifest({ address, size, sha256 }: NamedFile): Promise<Manifest> {
    return JSON.parse(await this.#downloads.text(new URL(address, document.baseURI).href, { size, sha256 }));
  }
}

/** What a worker is told of a plan. */
export function bootSettingsOf({
  manifest,
  lock,
  names,
  imports,
  requests,
}: StartPlan): Omit<BootSettings, "snapshot" | "takeSnapshot"> {
  return { asmIsModule: manifest.asm.endsWith(".mjs"), lock, packages: names, imports, requests };
}

/** All files of a plan at once. */
export function assetsOf(
  { manifest, lock, names }: StartPlan,
  files: FilesByAddress,
): Omit<BootAssets, "boot" | "snapshot"> {
  const file = (address: string) => files.get(address) as Blob;
  return {
    loader: file(manifest.loader),
    asm: file(manifest.asm),
    wasm: file(manifest.wasm),
    stdlib: file(manifest.stdlib),
    later: manifest.later ? file(manifest.later) : null,
    python: file(manifest.python),
    packageArchives: Object.fromEntries(names.map((name) => [name, file(archiveAddress(lock, name))])),
  };
}

function archiveAddress(lock: LockFile, name: string): string {
  const archive = lock.packages[name]?.archive;
  if (!archive) throw new InitError(`this server has no package '${name}'`);
  return `packages/${archive.file_name}`;
}

function fetchManifest(address: string): Promise<Manifest> {
  return fetchWhole(address, readManifest).catch((error) => {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new InitError(`${address} could not be reached; check the connection and try again`);
  });
}

async function readManifest(response: Response): Promise<Manifest> {
  const { ok, status, url } = response;
  if (!ok) throw new InitError(`${url} was answered with status ${status}; is this a Sidestage server?`);
  const text = await response.text();
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw new InitError(`${url} is not JSON; is this a Sidestage server?`);
  }
}
