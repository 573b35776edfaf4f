/** Booting Pyodide: the stages in the order in which they happen. */

import type { PyodideInterface } from "pyodide";
import type { Boot, LockFile, Snapshot } from "../engine/boot.js";
import type { ProgressReport } from "../protocol/types.gen.js";
import { giveLazily, Image, readNow } from "./image.js";
import { apiOf, type FileNode, type FileSystem, type Module, moduleOf } from "./internals.js";
import { Linker } from "./libraries.js";
import type { Output } from "./output.js";
import { limitRecursion } from "./recursion.js";
import { readSnapshot, SnapshotError, takeSnapshot } from "./snapshot.js";
import { HERE, importScript, runScripts, STDLIB, withSupplies } from "./supplies.js";

export type Report = (stage: ProgressReport["stage"], message: string, value: number) => void;

/** What the worker's script offers to Python: see `sidestage.worker.browser`. */
export interface Host {
  post(text: string, buffers: Uint8Array[]): void;
  install(packages: string[], requestId: number): Promise<void>;
}

/** Takes a request; returns the reply's text, or null where it comes later or has buffers. */
export type Receive = (type: string, id: number, text: string, buffers: Uint8Array[] | null) => string | null;

/** What `sidestage.worker.browser` has. */
interface BrowserModule {
  connect(host: Host): Receive;
  /** Import a module for the snapshot; returns what went wrong. */
  prepare(module: string): string;
  /** Tidy up for the snapshot. */
  settle(): void;
  /** Make an interpreter from a snapshot fresh. */
  refresh(): void;
  destroy(): void;
}

export interface Python {
  pyodide: PyodideInterface;
  lock: LockFile;
  /** Settles once `keep` was given the snapshot; null where none is taken. */
  kept: Promise<void> | null;
  connect(host: Host): Receive;
}

/** Shares of the whole, in percent, at which each stage begins; what was downloaded comes before. */
export const DOWNLOADED = 60;
export const STARTED = 85;

/**
 * Start Python with Sidestage in it, from a snapshot where there is one. `keep` is given one that was made, or null; code
 * that is not ours may run only then, or it could hand over one of its own.
 */
export async function startPython(
  boot: Boot,
  code: Promise<WebAssembly.Module>,
  output: Output,
  report: Report,
  onFatal: (message: string) => void,
  keep: (snapshot: Snapshot | null) => void,
): Promise<Python> {
  report("start", "Starting Python", DOWNLOADED);
  const memory = boot.snapshot ? readSnapshot(boot.snapshot) : undefined;
  memory?.catch(() => undefined);
  const opening = openImages(boot);
  const libraries = opening.then((images) => compileLibraries(boot.snapshot, images));
  libraries.catch(() => undefined);
  completeErrors();
  const create = await loadScripts(boot, memory);
  try {
    const pyodide = await withSupplies(boot, code, () => loadRuntime(boot, output, create, memory));
    apiOf(pyodide).on_fatal = (error) => onFatal(error?.message ?? String(error));
    // Also where no memory is shared: to look there Python calls JavaScript, and only there can WebKit end a loop.
    pyodide.setInterruptBuffer(boot.interrupt ? new Uint8Array(boot.interrupt) : new Uint8Array(1));
    limitRecursion(moduleOf(pyodide));
    const linker = new Linker(moduleOf(pyodide));
    for (const { image, folder } of await opening) image.layOut(pyodide.FS as FileSystem, folderOf(pyodide, folder));
    if (boot.snapshot) linker.reinstate(boot.snapshot.linker, await libraries);
    report("start", "Starting Python", STARTED);
    importSidestage(pyodide, boot, output, report);
    const kept = boot.takeSnapshot ? snap(pyodide, linker, output, keep) : null;
    // Not before: a snapshot can be made only while Pyodide takes itself for one without packages.
    for (const [name] of boot.images) markLoaded(pyodide, boot.lock, name);
    return { pyodide, lock: boot.lock, kept, connect: (host) => browserModule(pyodide).connect(host) };
  } catch (error) {
    if (!boot.snapshot) throw error;
    throw new SnapshotError((error as Error).message ?? String(error));
  }
}

/** Errors of the browser's own have no stack in WebKit; Pyodide then takes them for none, and awaits them for ever. */
function completeErrors(): void {
  if ("stack" in Error.prototype) return;
  Object.defineProperty(Error.prototype, "stack", { value: "", writable: true, configurable: true });
}

interface Placed {
  image: Image;
  folder: string;
}

async function openImages(boot: Boot): Promise<Placed[]> {
  const wanted: [Blob, string][] = [[boot.python, "site"]];
  for (const [name, image] of boot.images) wanted.push([image, boot.lock.packages[name]?.install_dir ?? "site"]);
  const open = async ([blob, folder]: [Blob, string]) => {
    const image = await Image.open(blob);
    if (!boot.snapshot) await image.readWhole();
    return { image, folder };
  };
  return Promise.all(wanted.map(open));
}

function folderOf(pyodide: PyodideInterface, folder: string): string {
  const { sitepackages, dsodir } = apiOf(pyodide);
  return folder === "dynlib" ? dsodir : sitepackages;
}

/** The code of the shared libraries in a snapshot, by the paths that they were loaded from; compiled all at once. */
async function compileLibraries(snapshot: Snapshot | null, images: Placed[]): Promise<Map<string, WebAssembly.Module>> {
  const compile = async ({ name }: { name: string }) => {
    const inside = name.replace(/^\/lib\/python[\d.]+\/site-packages\/|^.*\/(?=[^/]*$)/, "");
    const placed = images.find(({ image }) => image.has(inside));
    if (!placed) throw new SnapshotError(`the library ${name} is in none of the packages`);
    return [name, await WebAssembly.compile((await placed.image.read(inside)) as Uint8Array<ArrayBuffer>)] as const;
  };
  return new Map(await Promise.all((snapshot?.linker.libraries ?? []).map(compile)));
}

/** Run Pyodide's scripts here; returns what makes an interpreter, where the loader does not find it by itself. */
async function loadScripts({ asm, asmIsModule, loader }: Boot, snapshot?: Promise<Uint8Array>): Promise<unknown> {
  if (!asmIsModule) {
    runScripts(asm, loader);
    return undefined;
  }
  runScripts(loader);
  const create = (await importScript(asm)) as (settings: object) => Promise<Module>;
  return async (settings: object) => {
    const module = await create(settings);
    // As large as the snapshot will need it; the older interpreter is told so beforehand.
    const memory = await snapshot;
    if (memory) module.growMemory(memory.length);
    return module;
  };
}

async function loadRuntime(
  boot: Boot,
  output: Output,
  createPyodideModule: unknown,
  memory?: Promise<Uint8Array>,
): Promise<PyodideInterface> {
  const pyodide = await loadPyodide({
    indexURL: HERE,
    stdLibURL: STDLIB,
    lockFileContents: { info: boot.lock.info, packages: {} } as never,
    packageBaseUrl: HERE,
    fullStdLib: false,
    stdout: () => undefined,
    stderr: () => undefined,
    // Awaited there, while the rest is being made ready.
    _loadSnapshot: memory,
    ...(createPyodideModule ? { createPyodideModule } : {}),
  });
  // One that was restored has imported what it needs of this for now.
  if (boot.snapshot) giveLazily(nodeOf(pyodide, stdlibPath(pyodide)), boot.stdlib.size, () => readNow(boot.stdlib));
  pyodide.setStdin({ stdin: () => null });
  pyodide.setStdout({ write: (bytes) => output.write("stdout", bytes), isatty: true });
  pyodide.setStderr({ write: (bytes) => output.write("stderr", bytes), isatty: true });
  return pyodide;
}

function stdlibPath(pyodide: PyodideInterface): string {
  const [major, minor] = apiOf(pyodide).pyVersionTuple;
  return `/lib/python${major}${minor}.zip`;
}

function nodeOf(pyodide: PyodideInterface, path: string): FileNode {
  return pyodide.FS.lookupPath(path, {}).node;
}

declare function loadPyodide(options: object): Promise<PyodideInterface>;

function browserModule(pyodide: PyodideInterface): BrowserModule {
  return pyodide.pyimport("sidestage.worker.browser") as unknown as BrowserModule;
}

/** Import what every page needs, and tidy up for a snapshot of it; or make fresh what was put back from one. */
function importSidestage(pyodide: PyodideInterface, boot: Boot, output: Output, report: Report): void {
  const module = browserModule(pyodide);
  if (boot.snapshot) {
    module.refresh();
  } else if (boot.takeSnapshot) {
    boot.imports.forEach((name, done) => {
      report("packages", `Loading ${name}`, STARTED + ((99 - STARTED) * (done + 1)) / (boot.imports.length + 1));
      const failure = module.prepare(name);
      if (failure) output.say(failure);
    });
    module.settle();
  }
  module.destroy();
}

function snap(
  pyodide: PyodideInterface,
  linker: Linker,
  output: Output,
  keep: (snapshot: Snapshot | null) => void,
): Promise<void> {
  const attempt = <Made>(step: () => Made): Made | null => {
    try {
      return step();
    } catch (error) {
      output.say(`No snapshot was made, so the next start takes as long as this one: ${(error as Error).message}`);
      return null;
    }
  };
  const finish = attempt(() => takeSnapshot(pyodide, linker));
  // The page waits for Python, not for this.
  return new Promise((done) => {
    setTimeout(() => {
      keep(finish && attempt(finish));
      done();
    });
  });
}

function markLoaded(pyodide: PyodideInterface, lock: LockFile, name: string): void {
  (pyodide.loadedPackages as Record<string, string>)[lock.packages[name]?.name ?? name] = "sidestage";
}

export function isLoaded({ pyodide, lock }: Python, name: string): boolean {
  return (lock.packages[name]?.name ?? name) in pyodide.loadedPackages;
}

/** Lay out images of packages, dependencies first, reporting each. */
export async function installImages(python: Python, images: [name: string, image: Blob][], report: Report) {
  const { pyodide, lock } = python;
  let done = 0;
  for (const [name, blob] of images) {
    report("packages", `Loading ${name}`, STARTED + ((99 - STARTED) * done) / images.length);
    const image = await Image.open(blob).catch((error) => {
      throw new Error(`the package '${name}' could not be loaded: ${error.message}`);
    });
    await image.readWhole();
    image.layOut(pyodide.FS as FileSystem, folderOf(pyodide, lock.packages[name]?.install_dir ?? "site"));
    markLoaded(pyodide, lock, name);
    done += 1;
  }
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}
