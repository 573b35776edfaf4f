/** What every worker starts from: fetched by the page, once for all its workers, in parallel. */
import insideUrl from "../seal/inside.ts?worker&url";
import workerUrl from "../worker/worker.ts?worker&url";
import type { Boot, LockFile } from "./boot.js";
import { Downloads, type Expected, Progress } from "./downloads.js";
import { InitError } from "./errors.js";
import { withDependencies } from "./packages.js";

/** What the server says of its own files; paths are relative to `/sidestage/`. */
interface Manifest {
  loader: string;
  asm: string;
  wasm: string;
  stdlib: string;
  python: string;
  lock: string;
  files: Record<string, Expected>;
}

/** What is the same for every worker with the same packages. */
export type Parts = Omit<Boot, "snapshot" | "takeSnapshot" | "interrupt"> & {
  /** Tells these parts from all others. */
  identity: string;
};

type Images = Boot["images"];

/** The folder that this module was served from: `/sidestage/`, whichever of its files the bundler put this into. */
export function ownFolder(): string {
  return new URL("./", import.meta.url.replace(/assets\/[^/]*$/, "")).href;
}

/** The script that a worker runs in the page itself. */
export const workerAddress = new URL(workerUrl, import.meta.url).href;
const insideAddress = new URL(insideUrl, import.meta.url).href;

const shared = new Map<string, Provisions>();

/** The provisions at an address, one object for the whole page. */
export function provisionsAt(baseUrl: string): Provisions {
  const provisions = shared.get(baseUrl) ?? new Provisions(baseUrl);
  shared.set(baseUrl, provisions);
  return provisions;
}

export class Provisions {
  readonly baseUrl: string;
  readonly #downloads = new Downloads();
  #manifest: Promise<Manifest> | null = null;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  /** The scripts of the sealed frame and of the workers in it. */
  async scripts(): Promise<{ inside: string; worker: Blob }> {
    const [inside, worker] = await Promise.all([
      this.#downloads.get(insideAddress),
      this.#downloads.get(workerAddress),
    ]);
    return { inside: await inside.text(), worker };
  }

  /**
   * All that a worker with these packages starts from.
   *
   * @param onProgress hears which part of the bytes is here, from 0 to 1.
   */
  async parts(packages: string[], onProgress: (fraction: number) => void): Promise<Parts> {
    const manifest = await this.#fetchManifest();
    const progress = new Progress(onProgress);
    const paths = [manifest.loader, manifest.asm, manifest.wasm, manifest.stdlib, manifest.python];
    const files = Promise.all(paths.map((path) => this.#file(manifest, path, progress)));
    files.catch(() => undefined);
    const lock = await this.#lock(manifest, progress);
    const names = withDependencies(lock, packages);
    const images = this.#images(lock, names, progress);
    const [loader, asm, wasm, stdlib, python] = (await files) as [Blob, Blob, Blob, Blob, Blob];
    return {
      ...{ loader, asm, wasm, stdlib, python, lock, images: await images },
      imports: packages.flatMap(
        (name) => lock.packages[withDependencies(lock, [name]).at(-1) as string]?.imports ?? [],
      ),
      identity: JSON.stringify([...paths, ...names.map((name) => lock.packages[name]?.image.sha256), packages]),
    };
  }

  /** Images of packages of the lock file. */
  async images(names: string[]): Promise<Images> {
    const progress = new Progress(() => undefined);
    const lock = await this.#lock(await this.#fetchManifest(), progress);
    return this.#images(lock, names, progress);
  }

  #images(lock: LockFile, names: string[], progress: Progress): Promise<Images> {
    const fetchOne = async (name: string): Promise<Images[number]> => {
      const image = lock.packages[name]?.image;
      if (!image) throw new InitError(`this server has no package '${name}'`);
      return [name, await this.#downloads.get(this.#address(`packages/${image.file_name}`), image, progress)];
    };
    return Promise.all(names.map(fetchOne));
  }

  async #lock(manifest: Manifest, progress: Progress): Promise<LockFile> {
    return JSON.parse(await (await this.#file(manifest, manifest.lock, progress)).text());
  }

  #file(manifest: Manifest, path: string, progress: Progress): Promise<Blob> {
    return this.#downloads.get(this.#address(path), manifest.files?.[path], progress);
  }

  #address(path: string): string {
    return new URL(path, this.baseUrl).href;
  }

  #fetchManifest(): Promise<Manifest> {
    this.#manifest ??= fetchManifest(this.#address("manifest.json"));
    this.#manifest.catch(() => {
      this.#manifest = null;
    });
    return this.#manifest;
  }
}

async function fetchManifest(address: string): Promise<Manifest> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new InitError(`${address} could not be reached; check the connection and try again`);
  }
  if (!response.ok) {
    throw new InitError(`${address} was answered with status ${response.status}; is this a Sidestage server?`);
  }
  try {
    return (await response.json()) as Manifest;
  } catch {
    throw new InitError(`${address} is not JSON; is this a Sidestage server?`);
  }
}
