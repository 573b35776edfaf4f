/**
 * Runs Pyodide's scripts in a worker that cannot fetch: the loader's requests are answered with the files in the inbox.
 */
import type { BootSettings } from "../../boot/types.js";
import type { AssetInbox } from "../inbox.js";
import { type Create, type Globals, isUsable, type Say } from "./internals.js";

/** Addresses that stand for files in the inbox. Nothing is fetched from there. */
export const HERE = "https://sidestage.invalid/";
export const STDLIB = `${HERE}python_stdlib.zip`;
const WASM = `${HERE}pyodide.asm.wasm`;

/**
 * Run Pyodide's scripts in this worker; returns the function that creates an interpreter, or null if it has another
 * name.
 *
 * The scripts look for `exports`, which only Node has, and for a folder in their own address, which a blob's address
 * does not have. They catch the exceptions, but each one has the browser read the whole script again, to find the line.
 * So both names are there while they run.
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

/**
 * Have the loader use a function of ours: 0.29 takes it from the global scope, later versions from the option returned.
 */
export function offer(create: Create | null): { createPyodideModule?: Create } {
  if (!create) return {};
  (globalThis as Globals)._createPyodideModule = create;
  return { createPyodideModule: create };
}

/** WebKit's own errors have no `stack`. Pyodide does not take these for errors, and would wait for ever. */
function completeErrors(): void {
  if ("stack" in Error.prototype) return;
  Object.defineProperty(Error.prototype, "stack", { value: "", writable: true, configurable: true });
}

/**
 * Run the loader, with `fetch` and `instantiateStreaming` replaced: it gets the files in the inbox, and compiled code.
 */
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
    // The body is read only if the loader does not call the function below.
    if (address === WASM) return new Response(await inbox.get("wasm"), WASM_HEADERS);
    throw new TypeError(`${address} is not among what Python starts from`);
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    isCompiledCodeUsed = true;
    // If the code is unfit, `unfit` below rejects with the reason; Pyodide would hide it behind a message of its own.
    const module = await inbox.get("code").catch(() => new Promise<never>(() => undefined));
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  // If there is no code, Pyodide never settles.
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

/** Run `work` while these names are global. */
function withGlobals<Value>(names: Record<string, unknown>, work: () => Value): Value {
  Object.assign(globalThis, names);
  try {
    return work();
  } finally {
    for (const name of Object.keys(names)) delete (globalThis as Record<string, unknown>)[name];
  }
}

/** Run a script that came as a file. */
function runScript(script: Blob): void {
  // Firefox and WebKit run a script from a Blob only if its type is JavaScript.
  const address = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  try {
    importScripts(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Import a module that came as a file; returns its default export. */
async function importScript(script: Blob): Promise<unknown> {
  const address = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  try {
    return (await import(/* @vite-ignore */ address)).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}

declare function importScripts(...addresses: string[]): void;
