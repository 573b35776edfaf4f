/** What a worker starts from, as the page posts it there. Types only: the page and the worker share them. */

import type { LinkerRecord } from "../worker/libraries.js";

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

/** The memory of an interpreter that has started, in whole pages, and what goes with it. */
export interface Snapshot {
  memory: Blob;
  /** Tells whether the bytes are those that were taken. */
  sum: number;
  linker: LinkerRecord;
}

/** All that a worker starts from. */
export interface Boot {
  /** Pyodide's loader and its interpreter: two scripts, and the code in WebAssembly. */
  loader: Blob;
  asm: Blob;
  /** Whether the interpreter's script is a module, as from Pyodide 314 on. */
  asmIsModule: boolean;
  wasm: Blob;
  stdlib: Blob;
  /** Sidestage's own Python. */
  python: Blob;
  lock: LockFile;
  /** Images of the packages to begin with, dependencies first. */
  images: [name: string, image: Blob][];
  /** Modules to import before anything else, so that they are in the snapshot. */
  imports: string[];
  snapshot: Snapshot | null;
  /** Whether to make a snapshot where none was given. */
  takeSnapshot: boolean;
  /** The memory through which a run can be interrupted, where the page may share memory. */
  interrupt: SharedArrayBuffer | null;
}
