/** The files and settings that a worker starts from. Its host posts them; the worker itself fetches nothing. */

import type { PostedAssets } from "../boot/containers.js";
import type { PreparedAssets, Unfit } from "../boot/types.js";

/** Hands out assets as they come, whether they are asked for before or after that. */
export class AssetInbox {
  readonly #come = new Map<string, unknown>();
  readonly #waiting = new Map<string, (found: unknown) => void>();
  readonly #asked = new Map<string, Promise<unknown>>();

  take(sent: PostedAssets): void {
    const { packageArchives, ...rest } = sent;
    for (const [name, found] of Object.entries(rest)) this.#put(name, found);
    for (const [name, found] of Object.entries(packageArchives ?? {})) this.#put(archiveOf(name), found);
  }

  #put(name: string, found: unknown): void {
    this.#come.set(name, found);
    this.#waiting.get(name)?.(found);
  }

  /** Resolves with an asset when it has come. Rejects if the host says that it is unfit. */
  get<Name extends Exclude<keyof PreparedAssets, "packageArchives">>(name: Name): Promise<PreparedAssets[Name]> {
    return this.#await(name) as Promise<PreparedAssets[Name]>;
  }

  /** Resolves with the archive of a package when it has come. */
  packageArchive(name: string): Promise<Blob> {
    return this.#await(archiveOf(name)) as Promise<Blob>;
  }

  #await(name: string): Promise<unknown> {
    const known = this.#asked.get(name);
    if (known) return known;
    const found = new Promise((resolve) => {
      if (this.#come.has(name)) resolve(this.#come.get(name));
      else this.#waiting.set(name, resolve);
    }).then((value) => {
      if (typeof (value as Unfit | null)?.unfit === "string") throw new Error((value as Unfit).unfit);
      return value;
    });
    // Callers handle the rejection. Until there is one, it must not be reported as unhandled.
    found.catch(() => undefined);
    this.#asked.set(name, found);
    return found;
  }
}

function archiveOf(name: string): string {
  return `archive of ${name}`;
}
