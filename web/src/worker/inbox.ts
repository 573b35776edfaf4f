/** The worker fetches nothing: what it starts from comes from its host. */

import type { PostedAssets } from "../boot/containers.js";
import type { PreparedAssets, Unfit } from "../boot/types.js";

/** What has come so far, and what is waited for. */
export class AssetInbox {
  readonly #come = new Map<string, unknown>();
  readonly #waiting = new Map<string, (found: unknown) => void>();
  readonly #asked = new Map<string, Promise<unknown>>();

  take(sent: PostedAssets): void {
    const { images, ...rest } = sent;
    for (const [name, found] of Object.entries(rest)) this.#put(name, found);
    for (const [name, found] of Object.entries(images ?? {})) this.#put(imageOf(name), found);
  }

  #put(name: string, found: unknown): void {
    this.#come.set(name, found);
    this.#waiting.get(name)?.(found);
  }

  /** One of the assets, as soon as it is there. Rejects if it is unfit. */
  get<Name extends Exclude<keyof PreparedAssets, "images">>(name: Name): Promise<PreparedAssets[Name]> {
    return this.#await(name) as Promise<PreparedAssets[Name]>;
  }

  /** The image of a package. */
  image(name: string): Promise<Blob> {
    return this.#await(imageOf(name)) as Promise<Blob>;
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
    // It rejects where it is asked for; until then it must not count as an error that nobody caught.
    found.catch(() => undefined);
    this.#asked.set(name, found);
    return found;
  }
}

function imageOf(name: string): string {
  return `image of ${name}`;
}
