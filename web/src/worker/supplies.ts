/** The worker fetches nothing: while Pyodide starts, its loader is answered from what the page has posted. */
import type { Boot } from "../engine/boot.js";

/** Addresses that only have to be told apart: nothing is ever fetched from there. */
export const HERE = "https://sidestage.invalid/";
export const STDLIB = `${HERE}python_stdlib.zip`;
const WASM = `${HERE}pyodide.asm.wasm`;

/** Do some work of Pyodide's loader with its files at hand; it asks `fetch` for them, and has the code compiled. */
export async function withSupplies<Value>(
  { stdlib, snapshot }: Boot,
  code: Promise<WebAssembly.Module>,
  work: () => Promise<Value>,
): Promise<Value> {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = async (input) => {
    const address = String(input instanceof Request ? input.url : input);
    if (address === STDLIB) return new Response(snapshot ? null : stdlib);
    if (address === WASM) return new Response();
    throw new TypeError(`${address} is not among what Python starts from`);
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    const module = await code;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  try {
    return await work();
  } finally {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/** Run scripts of the page's in this worker. */
export function runScripts(...scripts: Blob[]): void {
  // Firefox and WebKit run nothing that does not call itself JavaScript.
  const addresses = scripts.map((script) => URL.createObjectURL(script.slice(0, script.size, "text/javascript")));
  try {
    importScripts(...addresses);
  } finally {
    addresses.forEach(URL.revokeObjectURL);
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
