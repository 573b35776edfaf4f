/**
 * What Sidestage uses of Pyodide's insides. None of it is promised to stay: this is the one place that says what it is,
 * and whatever fails here must fall back to the ordinary start.
 */
import type { PyodideInterface } from "pyodide";

/** A shared library that was loaded, as the linker in JavaScript keeps it. */
export interface LoadedLibrary {
  name: string;
  refcount: number;
  global: boolean;
  exports: Record<string, unknown>;
}

/** A function that JavaScript gives to WebAssembly; `sig` are its types. */
export type Linked = ((...given: unknown[]) => unknown) & { sig?: string };

/** The memory and the linker of Emscripten. */
export interface Module {
  HEAP8: Int8Array;
  HEAPU8: Uint8Array;
  HEAPU32: Uint32Array;
  LDSO: { loadedLibsByName: Record<string, LoadedLibrary>; loadedLibsByHandle: Record<number, LoadedLibrary> };
  /** Where each symbol lies that one module takes the address of: in memory, or in the table of functions. */
  GOT: Record<string, WebAssembly.Global>;
  GOTHandler: ProxyHandler<object>;
  wasmTable: WebAssembly.Table;
  freeTableIndexes: number[];
  /** Have the memory at least this large, in bytes. */
  growMemory(size: number): void;
  newDSO(name: string, handle: number | undefined, exports: unknown): LoadedLibrary;
  /** The exports of a library whose data lies at `memoryBase`. */
  relocateExports(exports: WebAssembly.Exports, memoryBase: number): Record<string, unknown>;
  mergeLibSymbols(exports: object, name: string): void;
  updateTableMap(start: number, count: number): void;
  addFunction(linked: Linked, signature?: string): number;
  setWasmTableEntry(index: number, linked: Linked): void;
  /** Where Python keeps the state of its thread. */
  _PyThreadState_Get?(): number;
  /** How deep a function in Python may call itself. */
  _Py_GetRecursionLimit?(): number;
  /** Where a function lies in the table; 0 if nowhere. */
  getFunctionAddress(linked: unknown): number;
}

export interface Api {
  config: { _makeSnapshot?: boolean; BUILD_ID: string };
  on_fatal?: (error: Error) => void;
  pyVersionTuple: [major: number, minor: number, patch: number];
  sitepackages: string;
  dsodir: string;
  makeSnapshot(): Uint8Array;
}

export function moduleOf(pyodide: PyodideInterface): Module {
  return (pyodide as unknown as { _module: Module })._module;
}

export function apiOf(pyodide: PyodideInterface): Api {
  return (pyodide as unknown as { _api: Api })._api;
}

/** A file or folder of the file system in memory; `contents` are a file's bytes or a folder's nodes by name. */
export interface FileNode {
  contents: unknown;
  usedBytes: number;
  node_ops: { mknod(parent: FileNode, name: string, mode: number, device: number): FileNode };
}

/** The file system, with what its public type does not tell. */
export type FileSystem = PyodideInterface["FS"] & {
  /** A file or folder in a folder. Throws where there is none. */
  lookupNode(parent: FileNode, name: string): FileNode;
};
