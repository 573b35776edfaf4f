/**
 * Everything that Sidestage uses of Pyodide and that Pyodide does not promise: names of its own, and of Emscripten, which
 * it was built with. Another version may lack a name, or mean something else by it. So the names are listed here, once;
 * only this folder may use them; and at each start every group of them is tried before it is relied on. Where one fails,
 * the log says which and why, and Python starts without it:
 *
 * | group | what it is for | tried in | without it |
 * |---|---|---|---|
 * | creating | an interpreter begins with the memory of a snapshot | `loader.ts` | no snapshots |
 * | compiled code | the interpreter's code, compiled by the host | `loader.ts` | Pyodide compiles it again |
 * | lazy files | packages are read where they lie, file by file | `lazy_files.ts` | they are written into the memory |
 * | memory | a snapshot of the memory is taken, and put back | `snapshot.ts` | no snapshots |
 * | linker | shared libraries come back with a snapshot | `linker.ts` | no snapshots |
 * | chosen files | a file that has changed or gone is an OSError | `chosen_files.ts` | it ends Python |
 * | recursion | code that goes too deep is a RecursionError | `recursion.ts` | it ends Python |
 * | fatal errors | an interpreter that broke is replaced at once | `fatal.ts` | when it is next asked for something |
 * | interrupts | a run is stopped, and Python goes on | `interpreter.ts` | the worker is ended |
 *
 * The last one is promised by Pyodide, and tried all the same.
 */
import type { PyodideInterface } from "pyodide";

/** The file system, with what its public type does not tell. */
export type FileSystem = PyodideInterface["FS"] & {
  /** lazy files: a file or folder in a folder. Throws where there is none. */
  lookupNode(parent: FileNode, name: string): FileNode;
};

/** A file or folder of the file system in memory. */
export interface FileNode {
  /** lazy files: a file's bytes, or a folder's nodes by name. */
  contents: unknown;
  /** lazy files: the size of a file. */
  usedBytes: number;
  /** lazy files: what a folder is asked; `mknod` makes a file in it. */
  node_ops: { mknod(parent: FileNode, name: string, mode: number, device: number): FileNode };
}

/** The files of the browser's that are mounted. */
export interface MountedFiles {
  /** chosen files: what is done with one that was opened. */
  stream_ops: { read(...given: unknown[]): number };
}

/** What Pyodide is given to make an interpreter, and gives to Emscripten. */
export interface CreateSettings {
  /** memory: how much there is of it at first, in bytes. */
  INITIAL_MEMORY?: number;
  /** memory: whether Python is not started, because it comes from a snapshot. */
  noInitialRun?: boolean;
}

/** Makes an interpreter; Pyodide's script offers it. */
export type Create = (settings: CreateSettings) => Promise<Module>;

/** What Pyodide 0.29 finds in the worker. */
export interface Globals {
  /** creating: later versions are given it as an option. */
  _createPyodideModule?: Create;
}

/** Pyodide's own object. */
export interface Interior {
  _module?: Module;
  _api?: Api;
}

/** What Pyodide's scripts share. */
export interface Api {
  /** memory: without `_makeSnapshot` none is taken. */
  config: { _makeSnapshot?: boolean };
  /** memory: takes the snapshot, with a head before the memory itself. The option `_loadSnapshot` of `loadPyodide` reads that. */
  makeSnapshot(): Uint8Array;
  /** fatal errors: called with each; it calls `on_fatal`, and marks the error with `pyodide_fatal_error`. */
  fatal_error(error: unknown): never;
  on_fatal?: (error: Error) => void;
}

/** What Pyodide marks an error with that broke the interpreter. */
export interface FatalError extends Error {
  pyodide_fatal_error?: boolean;
}

/** The memory and the linker of Emscripten. */
export interface Module {
  /** memory */
  HEAPU8: Uint8Array;
  /** linker, recursion */
  HEAPU32: Uint32Array;
  /** memory: have it at least this large, in bytes. */
  growMemory(size: number): void;
  /** linker: the libraries that were loaded; the interpreter itself is the one named `__main__`. */
  LDSO: { loadedLibsByName: Record<string, LoadedLibrary>; loadedLibsByHandle: Record<number, LoadedLibrary> };
  /** linker: where each symbol lies that one module takes the address of: in memory, or in the table of functions. */
  GOT: Record<string, WebAssembly.Global>;
  GOTHandler: ProxyHandler<object>;
  /** linker: the table of functions, and which of its places are free. */
  wasmTable: WebAssembly.Table;
  freeTableIndexes: number[];
  /** linker: enter a library. */
  newDSO(name: string, handle: number | undefined, exports: unknown): LoadedLibrary;
  /** linker: the exports of a library whose data lies at `memoryBase`. */
  relocateExports(exports: WebAssembly.Exports, memoryBase: number): Record<string, unknown>;
  /** linker: have all libraries find what this one exports. */
  mergeLibSymbols(exports: object, name: string): void;
  /** linker: what the table holds there has changed. */
  updateTableMap(start: number, count: number): void;
  /** linker: put a function into the table. */
  addFunction(linked: Linked, signature?: string): number;
  setWasmTableEntry(index: number, linked: Linked): void;
  /** linker: where a function lies in the table; 0 if nowhere. */
  getFunctionAddress(linked: unknown): number;
  /** recursion: where Python keeps the state of its thread. */
  _PyThreadState_Get(): number;
  /** recursion: how deep a function in Python may call itself. */
  _Py_GetRecursionLimit(): number;
}

/** A shared library that was loaded, as the linker in JavaScript keeps it. */
export interface LoadedLibrary {
  name: string;
  refcount: number;
  global: boolean;
  exports: Record<string, unknown>;
}

/** A function that JavaScript gives to WebAssembly; `sig` are its types. */
export type Linked = ((...given: unknown[]) => unknown) & { sig?: string };

/** Throws where an interpreter has none. */
export function moduleOf(pyodide: PyodideInterface): Module {
  return present(pyodide as unknown as Interior, "_module", "object");
}

/** Throws where an interpreter has none. */
export function apiOf(pyodide: PyodideInterface): Api {
  return present(pyodide as unknown as Interior, "_api", "object");
}

/** What something holds under a name. Throws a sentence where that is not of the type that is known of it. */
export function present<Holder extends object, Name extends string & keyof Holder>(
  holder: Holder,
  name: Name,
  type: "function" | "object" | "number",
): NonNullable<Holder[Name]> {
  const found = holder?.[name];
  if (typeof found !== type || found === null) throw new Error(`there is no ${name} of the kind that is known`);
  return found as NonNullable<Holder[Name]>;
}

/** What follows where a group fails that snapshots need. */
export const NO_SNAPSHOTS = "no snapshot is made, so each start takes as long as this one";

/** Takes a sentence for the log. */
export type Say = (sentence: string) => void;

/**
 * Whether a group of names can be relied on; if not, the log is told.
 *
 * @param without is what follows, as the end of a sentence.
 * @param probe throws where something is not as it is known.
 */
export function isUsable(say: Say, group: string, without: string, probe: () => void): boolean {
  try {
    probe();
    return true;
  } catch (error) {
    say(`This Pyodide is not as Sidestage knows it (${group}: ${reasonOf(error)}): ${without}.`);
    return false;
  }
}

/** Errors of the file system have a number and no message. */
function reasonOf(error: unknown): string {
  const { message, name, errno } = error as Error & { errno?: number };
  return message || `${name} ${errno}`;
}
