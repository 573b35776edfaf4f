/** Booting Pyodide: the stages in the order in which they happen. */

import type { PyodideInterface } from "pyodide";
import { PackageArchive, readNow } from "../boot/package_archive.js";
import type { BootSettings, LockFile, Snapshot } from "../boot/types.js";
import type { ProgressReport } from "../protocol/types.gen.js";
import { withGlobals } from "./globals.js";
import { type AssetInbox, HERE, importScript, runScript, STDLIB, withAssets } from "./inbox.js";
import { apiOf, type FileNode, type FileSystem, moduleOf } from "./internals.js";
import { giveLazily, layOut } from "./lazy_fs.js";
import { Linker } from "./linker.js";
import type { Output } from "./output.js";
import { limitRecursion } from "./recursion.js";
import { type Create, restoring, SnapshotError, takeSnapshot } from "./snapshot.js";

export type Report = (stage: ProgressReport["stage"], message: string, value: number) => void;

/** What the worker's script offers to Python: see `sidestage.worker.browser`. */
export interface PageCallbacks {
  post(text: string, buffers: Uint8Array[]): void;
  install(packages: string[], requestId: number): Promise<void>;
}

/** Takes a request; returns the reply's text, or null where it comes later or has buffers. */
export type Receive = (type: string, id: number, text: string, buffers: Uint8Array[] | null) => string | null;

/** What `sidestage.worker.browser` has. */
interface BrowserModule {
  connect(host: PageCallbacks): Receive;
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
  connect(host: PageCallbacks): Receive;
}

/** Shares of the whole, in percent, at which each stage begins; what was downloaded comes before. */
export const DOWNLOADED = 60;
export const STARTED = 85;

/**
 * Start Python with Sidestage in it, from a snapshot where there is one. `keep` is given one that was made, or null; code
 * that is not ours may run only then, or it could hand over one of its own.
 */
export async function startPython(
  boot: BootSettings,
  inbox: AssetInbox,
  interrupt: Uint8Array | null,
  output: Output,
  report: Report,
  onFatal: (message: string) => void,
  keep: (snapshot: Snapshot | null) => void,
): Promise<Python> {
  completeErrors();
  try {
    const create = await loadScripts(boot, inbox);
    const images = new Images(boot, inbox, () => report("start", "Starting Python", DOWNLOADED));
    const made = boot.snapshot ? restoring(create, boot.snapshot, inbox.get("memory")) : create;
    const pyodide = await withAssets(inbox, () => loadRuntime(boot, inbox, output, made));
    apiOf(pyodide).on_fatal = (error) => onFatal(error?.message ?? String(error));
    // Also where no memory is shared: to look there Python calls JavaScript, and only there can WebKit end a loop.
    pyodide.setInterruptBuffer(interrupt ?? new Uint8Array(1));
    limitRecursion(moduleOf(pyodide));
    const linker = new Linker(moduleOf(pyodide));
    place(pyodide, await images.own);
    if (boot.snapshot) {
      for (const placed of await Promise.all(images.packages)) place(pyodide, placed);
      linker.reinstate(JSON.parse(boot.snapshot.linker), await inbox.get("libraries"));
    }
    if (images.complete) report("start", "Starting Python", STARTED);
    const module = browserModule(pyodide);
    await completeLibrary(pyodide, inbox);
    if (boot.snapshot) module.refresh();
    else await importPackages(pyodide, module, boot, images, output, report);
    module.destroy();
    const kept = boot.takeSnapshot ? snap(pyodide, linker, output, keep) : null;
    // Not before: a snapshot can be made only while Pyodide takes itself for one without packages.
    for (const name of boot.packages) markLoaded(pyodide, boot.lock, name);
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
  image: PackageArchive;
  folder: string;
}

/** The images of Sidestage's own Python and of the packages, each opened when it has come. */
class Images {
  readonly own: Promise<Placed>;
  /** In the order of the packages. */
  readonly packages: Promise<Placed>[];
  #missing: number;

  /** @param onComplete is called when all have come: packages may still be on their way when Python starts. */
  constructor(boot: BootSettings, inbox: AssetInbox, onComplete: () => void) {
    this.#missing = boot.packages.length + 1;
    const open = async (coming: Promise<Blob>, folder = "site"): Promise<Placed> => {
      const image = await PackageArchive.open(await coming);
      if (!boot.snapshot) await image.readWhole();
      this.#missing -= 1;
      if (this.complete) onComplete();
      return { image, folder };
    };
    this.own = open(inbox.get("python"));
    this.packages = boot.packages.map((name) => open(inbox.image(name), boot.lock.packages[name]?.install_dir));
    // Whoever needs them hears of it.
    for (const each of [this.own, ...this.packages]) each.catch(() => undefined);
  }

  get complete(): boolean {
    return this.#missing === 0;
  }
}

function place(pyodide: PyodideInterface, { image, folder }: Placed): void {
  layOut(pyodide.FS as FileSystem, folderOf(pyodide, folder), image);
}

function folderOf(pyodide: PyodideInterface, folder: string): string {
  const { sitepackages, dsodir } = apiOf(pyodide);
  return folder === "dynlib" ? dsodir : sitepackages;
}

/** Lay out what a start does not need of the standard library, where it comes apart. */
async function completeLibrary(pyodide: PyodideInterface, inbox: AssetInbox): Promise<void> {
  const later = await inbox.get("later");
  const [major, minor] = apiOf(pyodide).pyVersionTuple;
  // Python looks there after the zip with the other part.
  if (later) layOut(pyodide.FS as FileSystem, `/lib/python${major}.${minor}`, await PackageArchive.open(later));
}

/**
 * Run Pyodide's scripts here; returns what makes an interpreter.
 *
 * They look for names that only Node has, and for the folder of their address, which a blob's has not. Each failure is
 * caught there, but has the browser read the whole script once more to say where it was.
 */
async function loadScripts({ asmIsModule }: BootSettings, inbox: AssetInbox): Promise<Create> {
  const [asm, loader] = [await inbox.get("asm"), await inbox.get("loader")];
  if (asmIsModule) {
    runScript(loader);
    return (await importScript(asm)) as Create;
  }
  withGlobals({ exports: {} }, () => runScript(new Blob([asm, "\n", loader])));
  const create = (globalThis as unknown as { _createPyodideModule: Create })._createPyodideModule;
  return (settings) => withGlobals({ __filename: HERE }, () => create(settings));
}

async function loadRuntime(
  boot: BootSettings,
  inbox: AssetInbox,
  output: Output,
  create: Create,
): Promise<PyodideInterface> {
  // The loader of Pyodide 0.29 finds it there, and those of later ones are told.
  Object.assign(globalThis, { _createPyodideModule: create });
  const pyodide = await loadPyodide({
    indexURL: HERE,
    stdLibURL: STDLIB,
    lockFileContents: { info: boot.lock.info, packages: {} } as never,
    packageBaseUrl: HERE,
    fullStdLib: false,
    stdout: () => undefined,
    stderr: () => undefined,
    _loadSnapshot: boot.snapshot?.state,
    createPyodideModule: create,
  });
  // One that was restored has imported what it needs of this for now.
  if (boot.snapshot) {
    const stdlib = await inbox.get("stdlib");
    giveLazily(nodeOf(pyodide, stdlibPath(pyodide)), stdlib.size, () => readNow(stdlib));
  }
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

/** Lay out the packages as they come; and for a snapshot, import what is to be in it, and tidy up. */
async function importPackages(
  pyodide: PyodideInterface,
  module: BrowserModule,
  { packages, imports, lock, takeSnapshot }: BootSettings,
  images: Images,
  output: Output,
  report: Report,
): Promise<void> {
  for (const [index, name] of packages.entries()) {
    place(pyodide, (await images.packages[index]) as Placed);
    const share = (index + 1) / (packages.length + 1);
    if (images.complete) report("packages", `Loading ${name}`, STARTED + (99 - STARTED) * share);
    const wanted = takeSnapshot ? (lock.packages[name]?.imports ?? []).filter((each) => imports.includes(each)) : [];
    for (const failure of wanted.map((each) => module.prepare(each))) if (failure) output.say(failure);
  }
  if (takeSnapshot) module.settle();
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
    const image = await PackageArchive.open(blob).catch((error) => {
      throw new Error(`the package '${name}' could not be loaded: ${error.message}`);
    });
    await image.readWhole();
    place(pyodide, { image, folder: lock.packages[name]?.install_dir ?? "site" });
    markLoaded(pyodide, lock, name);
    done += 1;
  }
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}
