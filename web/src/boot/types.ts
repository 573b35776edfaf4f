/** What the page posts to a worker, so that it can start. The page and the worker share these types. */

/** A package that the server has, as its lock file describes it. */
export interface LockedPackage {
  name: string;
  version: string;
  depends: string[];
  /** The modules in it. */
  imports: string[];
  /** Where its files go: beside the other packages, or among the shared libraries. */
  install_dir: "site" | "dynlib" | "stdlib";
  archive: { file_name: string; sha256: string; size: number };
}

/** Pyodide's lock file, with the packages that the server has. */
export interface LockFile {
  info: Record<string, string>;
  packages: Record<string, LockedPackage>;
}

/** A part of the memory, in bytes. */
export type Part = [start: number, end: number];

/** Files by their addresses, relative to `/sidestage/`. */
export type FilesByAddress = Map<string, Blob>;

/** An interpreter after its start, without its files and the code of its libraries. */
export interface Snapshot {
  /** Its memory without the parts that hold only zeros: the other parts, one after another. */
  memory: Blob;
  /** The place of each part, and the size of the whole memory, in bytes. */
  parts: Part[];
  size: number;
  /** The hash of the memory. */
  hash: string;
  /** The paths of the shared libraries that are loaded. */
  libraries: string[];
  /** The head of Pyodide's own form of a snapshot. */
  state: Uint8Array<ArrayBuffer>;
  /**
   * The record of the linker, as JSON text. It names some ten thousand symbols; posting an object with so many keys
   * takes longer than posting all the rest.
   */
  linker: string;
}

/** The settings of a start, which come before the files. */
export interface BootSettings {
  /** Whether the interpreter's script is a module, as from Pyodide 314 on. */
  asmIsModule: boolean;
  lock: LockFile;
  /** The packages to begin with, dependencies first. */
  packages: string[];
  /** Requests that will come: what answers them is imported, too. */
  requests: string[];
  /** Modules to import before the snapshot is taken. */
  imports: string[];
  /** The snapshot to start from, if there is one. Its memory comes separately. */
  snapshot: Omit<Snapshot, "memory"> | null;
  /** Whether to make a snapshot. */
  takeSnapshot: boolean;
}

/** What the page posts. Each asset is posted as soon as it is there, in any order. */
export interface BootAssets {
  boot: BootSettings;
  /** Pyodide's loader, and its interpreter: a script, and code in WebAssembly. */
  loader: Blob;
  asm: Blob;
  wasm: Blob;
  /** The standard library; if it is divided, the part that a start imports, and the rest. */
  stdlib: Blob;
  later: Blob | null;
  /** Sidestage's own Python. */
  python: Blob;
  /** Archives of packages by their names. They may come one by one. */
  packageArchives: Record<string, Blob>;
  snapshot: Snapshot;
}

/** Stands for an asset that cannot be used, and says why. */
export interface Unfit {
  unfit: string;
}

/** What the worker gets: the same, but the host has compiled the code, and read the memory of the snapshot. */
export interface PreparedAssets extends Omit<BootAssets, "snapshot"> {
  /** Shared memory through which Python is interrupted; null where the page cannot share memory. */
  interrupt: SharedArrayBuffer | null;
  /** The interpreter's code, compiled; and that of the shared libraries in the snapshot, by their paths. */
  code: WebAssembly.Module;
  libraries: Map<string, WebAssembly.Module>;
  /** The bytes of the snapshot's memory, checked. */
  memory: Uint8Array;
}
