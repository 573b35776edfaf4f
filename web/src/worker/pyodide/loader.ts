/** Running Pyodide's scripts in a worker that fetches nothing: what the loader asks for is answered from what has come. */
import type { BootSettings } from "../../boot/types.js";
import type { AssetInbox } from "../inbox.js";
import { type Create, type Globals, isUsable, type Say } from "./internals.js";

/** Addresses that only have to be told apart: nothing is ever fetched from there. */
export const HERE = "https://sidestage.invalid/";
export const STDLIB = `${HERE}python_stdlib.zip`;
const WASM = `${HERE}pyodide.asm.wasm`;

/**
 * Run Pyodide's scripts here; returns what makes an interpreter, or null where only they know.
 *
 * They look for names that only Node has, and for the folder of their address, which a blob's has not. Each failure is
 * caught there, but has the browser read the whole script once more to say where it was.
 */
export async function loadScripts({ asmIsModule }: BootSettings, inbox: AssetInbox): Promise<Create | null> {
  completeErrors();
  const [asm, loader] = [await inbox.get("asm"), await inbox.get("loader")];
  if (asmIsModule) {
    runScript(loader);
    return (await importScript(asm)) as Create;
  }
  withGlobals({ exports: {} }, () => runScript(new Blob([asm, "\n", loader])));
  const create = (globalThis as Globals)._createPyodideModule;
  return create ? (settings) => withGlobals({ __filename: HERE }, () => create(settings)) : null;
}

/** Have Pyodide make its interpreter with this: the loader of 0.29 looks for it here; returns the option for later ones. */
export function offer(create: Create | null): { createPyodideModule?: Create } {
  if (!create) return {};
  (globalThis as Globals)._createPyodideModule = create;
  return { createPyodideModule: create };
}

/** Errors of the browser's own have no stack in WebKit; Pyodide then takes them for none, and awaits them for ever. */
function completeErrors(): void {
  if ("stack" in Error.prototype) return;
  Object.defineProperty(Error.prototype, "stack", { value: "", writable: true, configurable: true });
}

/** Do some work of Pyodide's loader, which asks `fetch` for its files and has its code compiled. */
export async function withAssets<Value>(inbox: AssetInbox, say: Say, work: () => Promise<Value>): Promise<Value> {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  let isCompiledCodeUsed = false;
  globalThis.fetch = async (input) => {
    const address = String(input instanceof Request ? input.url : input);
    if (address === STDLIB) {
      const { snapshot } = await inbox.get("boot");
      return new Response(snapshot ? null : await inbox.get("stdlib"));
    }
    // Nobody reads it, unless the code is compiled in another way than that below.
    if (address === WASM) return new Response(await inbox.get("wasm"), WASM_HEADERS);
    throw new TypeError(`${address} is not among what Python starts from`);
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    isCompiledCodeUsed = true;
    // Where it is unfit, that is told below; Pyodide would have words of its own for it.
    const module = await inbox.get("code").catch(() => new Promise<never>(() => undefined));
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  // Without code Pyodide would wait for ever.
  const unfit = inbox.get("code").then(() => new Promise<never>(() => undefined));
  try {
    const value = await Promise.race([work(), unfit]);
    isUsable(say, "compiled code", "Python's code is compiled at each start", () => {
      if (!isCompiledCodeUsed) throw new Error("it does not ask for WebAssembly.instantiateStreaming");
    });
    return value;
  } finally {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

const WASM_HEADERS = { headers: { "Content-Type": "application/wasm" } };

/** Do some work while the worker has some more global names. */
function withGlobals<Value>(names: Record<string, unknown>, work: () => Value): Value {
  Object.assign(globalThis, names);
  try {
    return work();
  } finally {
    for (const name of Object.keys(names)) delete (globalThis as Record<string, unknown>)[name];
  }
}

/** Run a script of the page's in this worker. */
function runScript(script: Blob): void {
  // Firefox and WebKit run nothing that does not call itself JavaScript.
  const address = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  try {
    importScripts(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Import a module of the page's; returns its default. */
async function importScript(script: Blob): Promise<unknown> {
  const address = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  try {
    return (await import(/* @vite-ignore */ address)).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}

declare function importScripts(...addresses: string[]): void;
