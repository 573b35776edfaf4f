/** Starts Python: the stages in the order in which they happen. */

import { DOWNLOADED } from "../boot/downloads.js";
import { PackageArchive } from "../boot/package_archive.js";
import type { BootSettings, LockedPackage, LockFile, Snapshot } from "../boot/types.js";
import type { ProgressReport } from "../protocol/types.gen.js";
import type { AssetInbox } from "./inbox.js";
import type { Output } from "./output.js";
import { Interpreter, loadScripts, SnapshotError } from "./pyodide/interpreter.js";
import type { WireText } from "./values.js";

export type Report = (stage: ProgressReport["stage"], message: string, value: number) => void;

/** Functions that Python calls: see `sidestage.worker.browser`. */
interface PageCallbacks {
  /** Send a report of the request that runs. */
  post(text: WireText, buffers: Uint8Array[]): void;
  /** Send the reply to the request that runs. */
  reply(text: WireText, buffers: Uint8Array[]): void;
  /** Send a piece of a large text, which stands in place of a buffer of the next message. */
  textPiece(position: number, piece: WireText, isLast: boolean): void;
  /** Say that the interpreter is of no use any more. */
  crash(message: string): void;
  install(packages: string[], requestId: number): Promise<void>;
}

/**
 * Takes a request; returns the reply's text, or null where it comes later or has buffers. What it throws, other than
 * KeyboardInterrupt, is the interpreter's end.
 */
export type Receive = (type: string, id: number, text: WireText, buffers: Uint8Array[] | null) => string | null;

/** The module `sidestage.worker.browser`. */
interface BrowserModule {
  connect(host: PageCallbacks): Receive;
  /** Import the handler of a request. */
  load(request: string): void;
  /** Import a module for the snapshot; returns a sentence if that failed, else an empty text. */
  prepare(module: string): string;
  /** Tidy up for the snapshot. */
  settle(): void;
  /** Renew what must not be the same in all interpreters from one snapshot. */
  refresh(): void;
  destroy(): void;
}

export interface Python {
  interpreter: Interpreter;
  lock: LockFile;
  connect(host: PageCallbacks): Receive;
}

/** The percentage at which packages are loaded. */
const STARTED = 85;

/**
 * Start Python with Sidestage in it, from a snapshot if there is one.
 *
 * @param keep is called with the snapshot, if one was wanted and could be made.
 */
export async function startPython(
  boot: BootSettings,
  inbox: AssetInbox,
  interrupt: Uint8Array | null,
  output: Output,
  report: Report,
  onFatal: (message: string) => void,
  keep: (snapshot: Snapshot) => void,
): Promise<Python> {
  try {
    const create = await loadScripts(boot, inbox);
    const archives = new Archives(boot, inbox, () => report("start", "Starting Python", DOWNLOADED));
    const interpreter = await Interpreter.start({
      ...{ boot, inbox, create, interrupt, onFatal },
      say: (sentence) => output.say(sentence),
    });
    connectStreams(interpreter, output);
    await place(interpreter, await archives.own);
    if (boot.snapshot) {
      const [libraries, packages] = apart(await Promise.all(archives.packages), ({ folder }) => folder === "dynlib");
      for (const placed of packages) await place(interpreter, placed);
      interpreter.reinstate(boot.snapshot, await inbox.get("libraries"));
      // Their folder is found by running Python, which must wait for the libraries in the snapshot.
      for (const placed of libraries) await place(interpreter, placed);
    }
    if (archives.complete) report("start", "Starting Python", STARTED);
    const module = browserModule(interpreter);
    const later = await inbox.get("later");
    if (later) await interpreter.layOutLibrary(await PackageArchive.open(later));
    if (boot.snapshot) module.refresh();
    else for (const request of boot.requests) module.load(request);
    if (!boot.snapshot) await importPackages(interpreter, module, boot, archives, output, report);
    module.destroy();
    // The page accepts none later than this, and tells the worker nothing of anybody before.
    if (boot.takeSnapshot && interpreter.takesSnapshots) await snap(interpreter, output, keep);
    // After the snapshot, which Pyodide takes only while it knows of no packages.
    for (const name of boot.packages) markLoaded(interpreter, boot.lock, name);
    return { interpreter, lock: boot.lock, connect: (host) => browserModule(interpreter).connect(host) };
  } catch (error) {
    if (!boot.snapshot) throw error;
    throw new SnapshotError((error as Error).message ?? String(error));
  }
}

function connectStreams({ pyodide }: Interpreter, output: Output): void {
  pyodide.setStdin({ stdin: () => null });
  pyodide.setStdout({ write: (bytes) => output.write("stdout", bytes), isatty: false });
  pyodide.setStderr({ write: (bytes) => output.write("stderr", bytes), isatty: false });
}

interface Placed {
  archive: PackageArchive;
  folder: LockedPackage["install_dir"] | undefined;
}

/** The archives of Sidestage's own Python and of the packages. Each is opened when it has come. */
class Archives {
  readonly own: Promise<Placed>;
  /** In the order of the packages. */
  readonly packages: Promise<Placed>[];
  #missing: number;

  /** @param onComplete is called when all have come. Packages may come after Python has started. */
  constructor(boot: BootSettings, inbox: AssetInbox, onComplete: () => void) {
    this.#missing = boot.packages.length + 1;
    const open = async (coming: Promise<Blob>, folder?: LockedPackage["install_dir"]): Promise<Placed> => {
      const archive = await PackageArchive.open(await coming);
      if (!boot.snapshot) await archive.readWhole();
      this.#missing -= 1;
      if (this.complete) onComplete();
      return { archive, folder };
    };
    this.own = open(inbox.get("python"));
    this.packages = boot.packages.map((name) =>
      open(inbox.packageArchive(name), boot.lock.packages[name]?.install_dir),
    );
    // Callers handle the rejection. Until there is one, it must not be reported as unhandled.
    for (const each of [this.own, ...this.packages]) each.catch(() => undefined);
  }

  get complete(): boolean {
    return this.#missing === 0;
  }
}

function apart<Item>(items: Item[], isFirst: (item: Item) => boolean): [first: Item[], rest: Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function place(interpreter: Interpreter, { archive, folder }: Placed): Promise<void> {
  return interpreter.layOut(archive, folder);
}

function browserModule({ pyodide }: Interpreter): BrowserModule {
  return pyodide.pyimport("sidestage.worker.browser") as unknown as BrowserModule;
}

/** Lay out the packages as they come. If a snapshot is wanted, import the modules that it is to hold, and tidy up. */
async function importPackages(
  interpreter: Interpreter,
  module: BrowserModule,
  { packages, imports, lock, takeSnapshot }: BootSettings,
  archives: Archives,
  output: Output,
  report: Report,
): Promise<void> {
  const isTaken = takeSnapshot && interpreter.takesSnapshots;
  for (const [index, name] of packages.entries()) {
    await place(interpreter, (await archives.packages[index]) as Placed);
    const share = (index + 1) / (packages.length + 1);
    if (archives.complete) report("packages", `Loading ${name}`, STARTED + (99 - STARTED) * share);
    const wanted = isTaken ? (lock.packages[name]?.imports ?? []).filter((each) => imports.includes(each)) : [];
    for (const failure of wanted.map((each) => module.prepare(each))) if (failure) output.say(failure);
  }
  if (isTaken) module.settle();
}

/** Take the snapshot, if that is possible. */
async function snap(interpreter: Interpreter, output: Output, keep: (snapshot: Snapshot) => void): Promise<void> {
  try {
    keep(await interpreter.takeSnapshot());
  } catch (error) {
    output.say(`No snapshot was made, so the next start takes as long as this one: ${(error as Error).message}`);
  }
}

function markLoaded({ pyodide }: Interpreter, lock: LockFile, name: string): void {
  (pyodide.loadedPackages as Record<string, string>)[lock.packages[name]?.name ?? name] = "sidestage";
}

export function isLoaded({ interpreter, lock }: Python, name: string): boolean {
  return (lock.packages[name]?.name ?? name) in interpreter.pyodide.loadedPackages;
}

/** Lay out archives of packages, in this order, and report each. */
export async function installArchives(
  { interpreter, lock }: Python,
  packageArchives: [name: string, archive: Blob][],
  report: Report,
) {
  let done = 0;
  for (const [name, blob] of packageArchives) {
    report("packages", `Loading ${name}`, STARTED + ((99 - STARTED) * done) / packageArchives.length);
    const archive = await PackageArchive.open(blob).catch((error) => {
      throw new Error(`the package '${name}' could not be loaded: ${error.message}`);
    });
    await archive.readWhole();
    await place(interpreter, { archive, folder: lock.packages[name]?.install_dir });
    markLoaded(interpreter, lock, name);
    done += 1;
  }
  interpreter.pyodide.runPython("__import__('importlib').invalidate_caches()");
}
