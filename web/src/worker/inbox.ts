/** The worker fetches nothing: what it starts from comes from its host, and Pyodide's loader is answered from that. */

import type { PostedAssets } from "../boot/containers.js";
import type { PreparedAssets, Unfit } from "../boot/types.js";

/** Addresses that only have to be told apart: nothing is ever fetched from there. */
export const HERE = "https://sidestage.invalid/";
export const STDLIB = `${HERE}python_stdlib.zip`;
const WASM = `${HERE}pyodide.asm.wasm`;

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
    // Whoever needs it hears of it.
    found.catch(() => undefined);
    this.#asked.set(name, found);
    return found;
  }
}

function imageOf(name: string): string {
  return `image of ${name}`;
}

/** Do some work of Pyodide's loader, which asks `fetch` for its files and has its code compiled. */
export async function withAssets<Value>(inbox: AssetInbox, work: () => Promise<Value>): Promise<Value> {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = async (input) => {
    const address = String(input instanceof Request ? input.url : input);
    if (address === STDLIB) {
      const { snapshot } = await inbox.get("boot");
      return new Response(snapshot ? null : await inbox.get("stdlib"));
    }
    if (address === WASM) return new Response();
    throw new TypeError(`${address} is not among what Python starts from`);
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    // Where it is unfit, that is told below; Pyodide would have words of its own for it.
    const module = await inbox.get("code").catch(() => new Promise<never>(() => undefined));
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  // Without code Pyodide would wait for ever.
  const unfit = inbox.get("code").then(() => new Promise<never>(() => undefined));
  try {
    return await Promise.race([work(), unfit]);
  } finally {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/** Run a script of the page's in this worker. */
export function runScript(script: Blob): void {
  // Firefox and WebKit run nothing that does not call itself JavaScript.
  const address = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  try {
    importScripts(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Import a module of the page's; returns its default. */
export async function importScript(script: Blob): Promise<unknown> {
  const address = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  try {
    return (await import(/* @vite-ignore */ address)).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}

declare function importScripts(...addresses: string[]): void;
