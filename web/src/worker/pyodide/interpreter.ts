/**
 * A Python interpreter in Pyodide. This is the front of the folder: the rest of the worker imports only this module,
 * and has Pyodide's public interface in `Interpreter.pyodide`.
 */
import type { PyodideInterface } from "pyodide";
import type { PackageArchive } from "../../boot/package_archive.js";
import type { BootSettings, LockedPackage, LockFile, Snapshot } from "../../boot/types.js";
import type { AssetInbox } from "../inbox.js";
import { failAsInC } from "./chosen_files.js";
import { watchForFatalErrors } from "./fatal.js";
import { type Create, type FileSystem, isUsable, moduleOf, NO_SNAPSHOTS, present, type Say } from "./internals.js";
import { interruptBuffer } from "./interrupt_buffer.js";
import { PackageFiles } from "./lazy_files.js";
import { findLinker, Linker } from "./linker.js";
import { HERE, offer, STDLIB, withAssets } from "./loader.js";
import { limitRecursion } from "./recursion.js";
import { canTakeSnapshots, LOAD_SNAPSHOT, restoring, takeSnapshot } from "./snapshot.js";

export { isFatal } from "./fatal.js";
export { loadScripts } from "./loader.js";
export { SnapshotError } from "./snapshot.js";

declare function loadPyodide(options: object): Promise<PyodideInterface>;

/** Python code for the first folder in which the linker looks for shared libraries. */
export const LIBRARY_FOLDER = "__import__('os').environ['LD_LIBRARY_PATH'].split(':')[0]";

/** What an interpreter is started from. */
export interface StartOptions {
  boot: BootSettings;
  inbox: AssetInbox;
  /** The result of `loadScripts`. */
  create: Create | null;
  /** Shared memory that the page writes to when it interrupts Python; null where memory cannot be shared. */
  interrupt: Uint8Array | null;
  /** Called when the interpreter has broken. */
  onFatal(message: string): void;
  /** Writes a line into the log, for each group of names that cannot be used. */
  say: Say;
}

export class Interpreter {
  /** Pyodide's public interface. */
  readonly pyodide: PyodideInterface;
  readonly #files: PackageFiles;
  /** Null if no snapshot can be taken, or none is wanted. */
  readonly #linker: Linker | null;
  /** The numbers in Python's version. */
  readonly #version: string[];

  private constructor(pyodide: PyodideInterface, files: PackageFiles, linker: Linker | null, lock: LockFile) {
    this.pyodide = pyodide;
    this.#files = files;
    this.#linker = linker;
    this.#version = (lock.info.python as string).split(".");
  }

  /** Start an interpreter, without packages, and without the part of the standard library that comes later. */
  static async start(options: StartOptions): Promise<Interpreter> {
    const { boot, inbox, say } = options;
    const creation = new Creation(options);
    const pyodide = await withAssets(inbox, say, () => loadPyodide(loaderOptions(boot, creation.create)));
    const files = new PackageFiles(pyodide.FS as FileSystem, say);
    const linker = boot.snapshot ? new Linker(moduleOf(pyodide)) : await linkerToRecord(pyodide, options, creation);
    const interpreter = new Interpreter(pyodide, files, linker, boot.lock);
    // The loader has written an empty file: after a restore Python has imported what it needs for now.
    if (boot.snapshot) await interpreter.#replaceLibrary(await inbox.get("stdlib"));
    failAsInC(pyodide.FS as FileSystem, say);
    limitRecursion(pyodide, say);
    watchForFatalErrors(pyodide, options.onFatal, say);
    letInterrupt(pyodide, options);
    return interpreter;
  }

  /** Have the files of a package appear in the folder that its entry in the lock file names. */
  layOut(archive: PackageArchive, folder: LockedPackage["install_dir"] = "site"): Promise<void> {
    const path = folder === "dynlib" ? this.pyodide.runPython(LIBRARY_FOLDER) : `${this.#library}/site-packages`;
    return this.#files.layOut(path, archive);
  }

  /** Have a part of the standard library appear. Python looks there after the zip that it starts from. */
  layOutLibrary(archive: PackageArchive): Promise<void> {
    return this.#files.layOut(this.#library, archive);
  }

  get #library(): string {
    const [major, minor] = this.#version;
    return `/lib/python${major}.${minor}`;
  }

  #replaceLibrary(zip: Blob): Promise<void> {
    const [major, minor] = this.#version;
    return this.#files.replace(`/lib/python${major}${minor}.zip`, zip);
  }

  /**
   * Complete an interpreter that was started from a snapshot. No Python may run before.
   *
   * @param compiled is the code of its shared libraries, by their paths.
   */
  reinstate({ linker }: Pick<Snapshot, "linker">, compiled: Map<string, WebAssembly.Module>): void {
    this.#linker?.reinstate(JSON.parse(linker), compiled);
  }

  /** Whether `takeSnapshot` can be called: if a snapshot is wanted, and can be taken. */
  get takesSnapshots(): boolean {
    return this.#linker !== null;
  }

  /** Take a snapshot. */
  takeSnapshot(): Promise<Snapshot> {
    return takeSnapshot(this.pyodide, this.#linker as Linker);
  }
}

/** The function that the loader creates the interpreter with. */
class Creation {
  /** Null if the function of Pyodide's script was not found; the loader then uses its own. */
  readonly create: Create | null;
  #wasUsed = false;
  /** The loader's script, if a snapshot is wanted. */
  readonly #script: Promise<string> | null;

  constructor({ create, boot, inbox }: StartOptions) {
    this.#script = boot.takeSnapshot ? inbox.get("loader").then((script) => script.text()) : null;
    if (boot.snapshot && !create) throw new Error(OWN_WAY);
    const made = create && boot.snapshot ? restoring(create, boot.snapshot, inbox.get("memory")) : create;
    const watched: Create = (settings) => {
      this.#wasUsed = true;
      return (made as Create)(settings);
    };
    this.create = made && watched;
  }

  /** Whether a later start can restore a snapshot: the loader has used the function, and knows the option. */
  async canRestore(say: Say): Promise<boolean> {
    const script = await this.#script;
    return isUsable(say, "creating", NO_SNAPSHOTS, () => {
      if (!this.#wasUsed) throw new Error(OWN_WAY);
      if (!script?.includes(LOAD_SNAPSHOT)) throw new Error(`its loader knows no ${LOAD_SNAPSHOT}`);
    });
  }
}

const OWN_WAY = "its scripts have no function _createPyodideModule, or do not call it";

function loaderOptions({ lock, snapshot }: BootSettings, create: Create | null): object {
  return {
    indexURL: HERE,
    stdLibURL: STDLIB,
    lockFileContents: { info: lock.info, packages: {} },
    packageBaseUrl: HERE,
    fullStdLib: false,
    // The order of a set, and of what comes from one, is the same in every browser.
    env: { PYTHONHASHSEED: "0" },
    stdout: () => undefined,
    stderr: () => undefined,
    ...(snapshot && { [LOAD_SNAPSHOT]: snapshot.state }),
    ...offer(create),
  };
}

/** The linker of an interpreter of which a snapshot is wanted, and can be taken; else null. */
async function linkerToRecord(
  pyodide: PyodideInterface,
  { boot, say }: StartOptions,
  creation: Creation,
): Promise<Linker | null> {
  const canTake = boot.takeSnapshot && (await creation.canRestore(say)) && canTakeSnapshots(pyodide, say);
  return canTake ? findLinker(pyodide, say) : null;
}

function letInterrupt(pyodide: PyodideInterface, { interrupt, say }: StartOptions): void {
  isUsable(say, "interrupts", "a run that is stopped ends its worker", () => {
    present(pyodide, "setInterruptBuffer", "function");
    // Also where no memory is shared: Python calls JavaScript to read the buffer, and WebKit ends a worker only there.
    pyodide.setInterruptBuffer(interruptBuffer(interrupt ?? new Uint8Array(1)));
  });
}
