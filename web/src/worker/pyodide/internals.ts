/**
 * The private names of Pyodide, and of Emscripten in it, that Sidestage uses. Another version may lack a name, or use
 * it for something else. So all of them are listed here, with what each is for, and only this folder may use them. At
 * each start every group of names is tried before it is used. Where that fails, the log says which and why, and Python
 * starts without it:
 *
 * | group | what it is for | tried in | without it |
 * |---|---|---|---|
 * | creating | an interpreter is created with the memory of a snapshot | `interpreter.ts` | no snapshots |
 * | compiled code | the host compiles the interpreter's code for all workers | `loader.ts` | each worker compiles it |
 * | lazy files | a file of a package is read when it is opened | `lazy_files.ts` | all are written into the memory |
 * | memory | the memory is copied for a snapshot, and restored | `snapshot.ts` | no snapshots |
 * | linker | shared libraries are restored with a snapshot | `linker.ts` | no snapshots |
 * | chosen files | a file that has changed or gone raises OSError | `chosen_files.ts` | it ends Python |
 * | recursion | code that recurses too deeply raises RecursionError | `recursion.ts` | it ends Python |
 * | fatal errors | an interpreter that broke is replaced at once | `fatal.ts` | it is replaced at the next request |
 * | interrupts | a run is stopped without ending its worker | `interpreter.ts` | the worker is ended |
 *
 * `setInterruptBuffer` is public; it is tried all the same.
 */
import type { PyodideInterface } from "pyodide";

/** The file system, with members that its public type lacks. */
export type FileSystem = PyodideInterface["FS"] & {
  /** lazy files: finds an entry of a folder. Throws where there is none. */
  lookupNode(parent: FileNode, name: string): FileNode;
};

/** A file or folder of the file system in memory. */
export interface FileNode {
  /** lazy files: the bytes of a file, or the nodes in a folder by their names. */
  contents: unknown;
  /** lazy files: the size of a file. */
  usedBytes: number;
  /** lazy files: the operations on a folder; `mknod` creates a file in it. */
  node_ops: { mknod(parent: FileNode, name: string, mode: number, device: number): FileNode };
}

/** The file system WORKERFS, which reads the browser's files. */
export interface MountedFiles {
  /** chosen files: the operations on an open file. */
  stream_ops: { read(...given: unknown[]): number };
}

/** The settings that the loader creates an interpreter with. */
interface CreateSettings {
  /** memory: its initial size, in bytes. */
  INITIAL_MEMORY?: number;
  /** memory: true if Python comes from a snapshot, and need not be initialized. */
  noInitialRun?: boolean;
}

/** Creates an interpreter: a function of Pyodide's script. */
export type Create = (settings: CreateSettings) => Promise<Module>;

/** Global names. */
export interface Globals {
  /** creating: Pyodide 0.29 calls the function of this name; later versions take it as an option. */
  _createPyodideModule?: Create;
}

/** What `loadPyodide` returns has these members, too. */
interface Interior {
  _module?: Module;
  _api?: Api;
}

/** The object that the parts of Pyodide share. */
export interface Api {
  /** memory: `makeSnapshot` works only while `_makeSnapshot` is true. */
  config: { _makeSnapshot?: boolean };
  /** memory: a head, and the whole memory after it. The loader's option `_loadSnapshot` takes the same. */
  makeSnapshot(): Uint8Array;
  /** fatal errors: called with each. It marks the error with `pyodide_fatal_error`, and calls `on_fatal`. */
  fatal_error(error: unknown): never;
  on_fatal?: (error: Error) => void;
}

/** An error; it is marked if it broke the interpreter. */
export interface FatalError extends Error {
  pyodide_fatal_error?: boolean;
}

/** The module of Emscripten: its memory and its linker. */
export interface Module {
  /** memory: as bytes. */
  HEAPU8: Uint8Array;
  /** linker, recursion: the memory as words of 4 bytes. */
  HEAPU32: Uint32Array;
  /** memory: make it at least this large, in bytes. */
  growMemory(size: number): void;
  /** linker: the libraries that are loaded; the interpreter itself is the one named `__main__`. */
  LDSO: { loadedLibsByName: Record<string, LoadedLibrary>; loadedLibsByHandle: Record<number, LoadedLibrary> };
  /** linker: the address of each symbol whose address a module takes: in memory, or in the table of functions. */
  GOT: Record<string, WebAssembly.Global>;
  GOTHandler: ProxyHandler<object>;
  /** linker: the table of functions, and its free slots. */
  wasmTable: WebAssembly.Table;
  freeTableIndexes: number[];
  /** linker: register a library. */
  newDSO(name: string, handle: number | undefined, exports: unknown): LoadedLibrary;
  /** linker: the exports of a library whose data lies at `memoryBase`. */
  relocateExports(exports: WebAssembly.Exports, memoryBase: number): Record<string, unknown>;
  /** linker: make the exports of a library visible to all others. */
  mergeLibSymbols(exports: object, name: string): void;
  /** linker: note that these slots of the table have changed. */
  updateTableMap(start: number, count: number): void;
  /** linker: put a function into a free slot of the table; returns the slot. The other one takes a slot. */
  addFunction(linked: Linked, signature?: string): number;
  setWasmTableEntry(index: number, linked: Linked): void;
  /** linker: the slot of a function in the table; 0 if it has none. */
  getFunctionAddress(linked: unknown): number;
  /** recursion: the address of the state of Python's thread. */
  _PyThreadState_Get(): number;
  /** recursion: the limit for recursion in Python. */
  _Py_GetRecursionLimit(): number;
}

/** linker: a shared library that is loaded. */
export interface LoadedLibrary {
  name: string;
  refcount: number;
  global: boolean;
  exports: Record<string, unknown>;
}

/** linker: a function that WebAssembly can call; `sig` are its types, as letters. */
export type Linked = ((...given: unknown[]) => unknown) & { sig?: string };

/** Throws where an interpreter has none. */
export function moduleOf(pyodide: PyodideInterface): Module {
  return present(pyodide as unknown as Interior, "_module", "object");
}

/** Throws where an interpreter has none. */
export function apiOf(pyodide: PyodideInterface): Api {
  return present(pyodide as unknown as Interior, "_api", "object");
}

/** A member of an object. Throws if it is missing or of another type. */
export function present<Holder extends object, Name extends string & keyof Holder>(
  holder: Holder,
  name: Name,
  type: "function" | "object" | "number",
): NonNullable<Holder[Name]> {
  const found = holder?.[name];
  if (typeof found !== type || found === null) throw new Error(`there is no ${type} named ${name}`);
  return found as NonNullable<Holder[Name]>;
}

/** What the log says where a group fails that snapshots need. */
export const NO_SNAPSHOTS = "no snapshot is made, so each start takes as long as this one";

/** Takes a sentence for the log. */
export type Say = (sentence: string) => void;

/**
 * Whether a group of names can be used. If not, a line in the log says so.
 *
 * @param without says what happens without it.
 * @param probe uses the names, or looks at them; it throws where one is missing or does something else.
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

/** The message of an error; errors of the file system may have only a number. */
function reasonOf(error: unknown): string {
  const { message, name, errno } = error as Error & { errno?: number };
  return message || `${name} ${errno}`;
}
