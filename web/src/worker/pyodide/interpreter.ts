/**
 * An interpreter of Pyodide's, started from what has come: all that the rest of the worker has of Pyodide's insides. What
 * Pyodide promises is in `pyodide`.
 */
import type { PyodideInterface } from "pyodide";
import type { PackageArchive } from "../../boot/package_archive.js";
import type { BootSettings, LockedPackage, LockFile, Snapshot } from "../../boot/types.js";
import type { AssetInbox } from "../inbox.js";
import { failAsInC } from "./chosen_files.js";
import { watchForFatalErrors } from "./fatal.js";
import { type Create, type FileSystem, isUsable, moduleOf, NO_SNAPSHOTS, present, type Say } from "./internals.js";
import { PackageFiles } from "./lazy_files.js";
import { findLinker, Linker } from "./linker.js";
import { HERE, offer, STDLIB, withAssets } from "./loader.js";
import { limitRecursion } from "./recursion.js";
import { canTakeSnapshots, LOAD_SNAPSHOT, restoring, takeSnapshot } from "./snapshot.js";

export { isFatal } from "./fatal.js";
export { loadScripts } from "./loader.js";
export { SnapshotError } from "./snapshot.js";

declare function loadPyodide(options: object): Promise<PyodideInterface>;

/** What an interpreter is started with. */
export interface StartOptions {
  boot: BootSettings;
  inbox: AssetInbox;
  /** What `loadScripts` returned. */
  create: Create | null;
  /** Memory that the page writes to when Python is to be interrupted, where it can be shared. */
  interrupt: Uint8Array | null;
  /** Called when the interpreter has broken for good. */
  onFatal(message: string): void;
  /** Tells the log of each group of names that cannot be relied on. */
  say: Say;
}

export class Interpreter {
  /** What Pyodide promises. */
  readonly pyodide: PyodideInterface;
  readonly #files: PackageFiles;
  /** Where there is none, no snapshot can be taken. */
  readonly #linker: Linker | null;
  /** The numbers of Python's version. */
  readonly #version: string[];

  private constructor(pyodide: PyodideInterface, files: PackageFiles, linker: Linker | null, lock: LockFile) {
    this.pyodide = pyodide;
    this.#files = files;
    this.#linker = linker;
    this.#version = (lock.info.python as string).split(".");
  }

  /** Start one: Python with what its start needs of the standard library, and no packages. */
  static async start(options: StartOptions): Promise<Interpreter> {
    const { boot, inbox, say } = options;
    const creation = new Creation(options);
    const pyodide = await withAssets(inbox, say, () => loadPyodide(loaderOptions(boot, creation.create)));
    const files = new PackageFiles(pyodide.FS as FileSystem, say);
    const linker = boot.snapshot ? new Linker(moduleOf(pyodide)) : await linkerToRecord(pyodide, options, creation);
    const interpreter = new Interpreter(pyodide, files, linker, boot.lock);
    // One that was restored has imported what it needs of this for now.
    if (boot.snapshot) await interpreter.#replaceLibrary(await inbox.get("stdlib"));
    failAsInC(pyodide.FS as FileSystem, say);
    limitRecursion(pyodide, say);
    watchForFatalErrors(pyodide, options.onFatal, say);
    letInterrupt(pyodide, options);
    return interpreter;
  }

  /** Have the files of a package appear where its lock file says. */
  layOut(archive: PackageArchive, folder: LockedPackage["install_dir"] = "site"): Promise<void> {
    const { pyodide } = this;
    // Where the system looks for shared libraries; Pyodide says so as others do.
    const libraries = () => pyodide.runPython("__import__('os').environ['LD_LIBRARY_PATH'].split(':')[0]");
    const path = folder === "dynlib" ? libraries() : `${this.#library}/site-packages`;
    return this.#files.layOut(path, archive);
  }

  /** Have a part of the standard library appear: Python looks there after the zip with the other part. */
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

  /** Complete one that was started from a snapshot: its files are there, and `compiled` is the code of its libraries. */
  reinstate({ linker }: Pick<Snapshot, "linker">, compiled: Map<string, WebAssembly.Module>): void {
    this.#linker?.reinstate(JSON.parse(linker), compiled);
  }

  /** Whether a snapshot can be taken, if one was to be. */
  get takesSnapshots(): boolean {
    return this.#linker !== null;
  }

  /** Take a snapshot; see there. */
  takeSnapshot(): () => Snapshot {
    return takeSnapshot(this.pyodide, this.#linker as Linker);
  }
}

/** How Pyodide's loader makes an interpreter, as far as it lets us have a say. */
class Creation {
  /** Null where it does not. */
  readonly create: Create | null;
  #wasUsed = false;
  /** The loader's script, where a snapshot is to be taken. */
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

  /** Whether a snapshot can be put back into an interpreter that is made this way. */
  async canRestore(say: Say): Promise<boolean> {
    const script = await this.#script;
    return isUsable(say, "creating", NO_SNAPSHOTS, () => {
      if (!this.#wasUsed) throw new Error(OWN_WAY);
      if (!script?.includes(LOAD_SNAPSHOT)) throw new Error(`its loader knows no ${LOAD_SNAPSHOT}`);
    });
  }
}

const OWN_WAY = "it makes its interpreters in a way of its own";

function loaderOptions({ lock, snapshot }: BootSettings, create: Create | null): object {
  return {
    indexURL: HERE,
    stdLibURL: STDLIB,
    lockFileContents: { info: lock.info, packages: {} },
    packageBaseUrl: HERE,
    fullStdLib: false,
    stdout: () => undefined,
    stderr: () => undefined,
    ...(snapshot && { [LOAD_SNAPSHOT]: snapshot.state }),
    ...offer(create),
  };
}

/** The linker of an interpreter that a snapshot is to be taken of, if that is possible. */
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
    // Also where no memory is shared: to look there Python calls JavaScript, and only there can WebKit end a loop.
    pyodide.setInterruptBuffer(interrupt ?? new Uint8Array(1));
  });
}
