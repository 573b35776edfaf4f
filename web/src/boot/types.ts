/** What a worker starts from, as the page posts it there. Types only: the page and the worker share them. */

/** A package that the server has, as its lock file describes it. */
export interface LockedPackage {
  name: string;
  version: string;
  depends: string[];
  /** The modules that it brings. */
  imports: string[];
  /** Where its files go: beside the other packages, or among the shared libraries. */
  install_dir: "site" | "dynlib" | "stdlib";
  image: { file_name: string; sha256: string; size: number };
}

/** Pyodide's lock file, of just what the server has. */
export interface LockFile {
  info: Record<string, string>;
  packages: Record<string, LockedPackage>;
}

/** A part of the memory, in bytes. */
export type Part = [start: number, end: number];

/** Files by their addresses, relative to `/sidestage/`. */
export type FilesByAddress = Map<string, Blob>;

/** An interpreter that has started, taken down; without its files and the code of its libraries. */
export interface Snapshot {
  /** Its memory, but for what is all zeros: one part after another. */
  memory: Blob;
  /** Where each part belongs, in bytes; and how many the whole memory has. */
  parts: Part[];
  size: number;
  /** Tells whether the memory is that which was taken. */
  sum: number;
  /** The paths of the shared libraries that were loaded. */
  libraries: string[];
  /** What Pyodide itself has to know of it. */
  state: Uint8Array<ArrayBuffer>;
  /**
   * What the linker knew, as JSON text: it names some ten thousand symbols, and as an object it takes longer to hand from
   * one thread to the next than everything else together.
   */
  linker: string;
}

/** What a start is made of, before any of it has come. */
export interface BootSettings {
  /** Whether the interpreter's script is a module, as from Pyodide 314 on. */
  asmIsModule: boolean;
  lock: LockFile;
  /** The packages to begin with, dependencies first. */
  packages: string[];
  /** Requests that will come: what answers them is imported, too. */
  requests: string[];
  /** Modules to import before anything else, so that they are in the snapshot. */
  imports: string[];
  /** What to start from instead of importing all that; its memory comes by itself. */
  snapshot: Omit<Snapshot, "memory"> | null;
  /** Whether to make a snapshot where none was given. */
  takeSnapshot: boolean;
}

/** What the page hands over, each as soon as it is there, and in any order. */
export interface BootAssets {
  boot: BootSettings;
  /** Pyodide's loader, and its interpreter: a script, and code in WebAssembly. */
  loader: Blob;
  asm: Blob;
  wasm: Blob;
  /** What a start imports of the standard library, and the rest of it, if it comes apart. */
  stdlib: Blob;
  later: Blob | null;
  /** Sidestage's own Python. */
  python: Blob;
  /** Images of packages by their names; not all of them come together. */
  images: Record<string, Blob>;
  snapshot: Snapshot;
}

/** What is wrong with something that should have come. */
export interface Unfit {
  unfit: string;
}

/** What the worker gets of it: the same, but what takes its time was made ready by its host. */
export interface PreparedAssets extends Omit<BootAssets, "snapshot"> {
  /** The memory through which a run can be interrupted, where the page may share memory. */
  interrupt: SharedArrayBuffer | null;
  /** The interpreter's code, compiled; and that of the shared libraries in the snapshot, by their paths. */
  code: WebAssembly.Module;
  libraries: Map<string, WebAssembly.Module>;
  /** The snapshot's memory, part after part, read and found sound. */
  memory: Uint8Array;
}
