/**
 * Shared libraries in a snapshot. A snapshot holds only the interpreter's memory. The code of shared libraries (numpy
 * has some), their places in the table of functions, and the addresses that modules import from each other are kept by
 * the linker, in JavaScript. So they are recorded when the snapshot is taken, and restored to the same places.
 */
import type { PyodideInterface } from "pyodide";
import {
  isUsable,
  type Linked,
  type LoadedLibrary,
  type Module,
  moduleOf,
  NO_SNAPSHOTS,
  present,
  type Say,
} from "./internals.js";

/** One library: the path that it was loaded from, and its places in memory and in the table of functions. */
export interface LibraryRecord {
  name: string;
  handle: number | null;
  global: boolean;
  /** Null stands for Infinity, which JSON cannot hold. */
  refcount: number | null;
  memoryBase: number;
  memorySize: number;
  tableBase: number;
  tableSize: number;
}

export interface LinkerRecord {
  libraries: LibraryRecord[];
  tableLength: number;
  /** Slots of the table outside the libraries' own ranges, each with the library and the symbol of its function. */
  slots: [index: number, library: string, symbol: string][];
  free: number[];
  /**
   * The address of each symbol in the GOT; empty without libraries, because each start resolves the interpreter's own.
   */
  symbols: Record<string, number>;
}

/** The name under which the linker keeps the interpreter itself. */
const MAIN = "__main__";
/** Members of the module that the linker needs: objects, and functions. */
const TABLES = ["HEAPU8", "HEAPU32", "LDSO", "GOT", "GOTHandler", "wasmTable", "freeTableIndexes"] as const;
const STEPS = [
  "newDSO",
  "relocateExports",
  "mergeLibSymbols",
  "updateTableMap",
  "addFunction",
  "setWasmTableEntry",
  "getFunctionAddress",
] as const;
/** Offsets in a library's handle, in bytes; see the struct `dso` of Emscripten's C library. */
const MEMORY_BASE = 12;
const MEMORY_SIZE = 16;
const TABLE_BASE = 20;
const TABLE_SIZE = 24;

/** The linker of an interpreter that has just started; null, with a line in the log, where members are missing. */
export function findLinker(pyodide: PyodideInterface, say: Say): Linker | null {
  let found: Linker | null = null;
  isUsable(say, "linker", NO_SNAPSHOTS, () => {
    found = new Linker(moduleOf(pyodide));
  });
  return found;
}

/** The linker of an interpreter. Make one right after the start: `record` tells what was loaded since then. */
export class Linker {
  readonly #module: Module;
  readonly #tableLength: number;

  /** Throws where the module lacks something. */
  constructor(module: Module) {
    for (const name of TABLES) present(module, name, "object");
    for (const name of STEPS) present(module, name, "function");
    present(module.LDSO.loadedLibsByName, MAIN, "object");
    present(module.LDSO, "loadedLibsByHandle", "object");
    this.#module = module;
    this.#tableLength = module.wasmTable.length;
  }

  /** Describe all that was loaded since the start. Throws where something of it could not be restored. */
  record(): LinkerRecord {
    const { LDSO, GOT, wasmTable, freeTableIndexes } = this.#module;
    const handles = new Map(Object.entries(LDSO.loadedLibsByHandle).map(([handle, library]) => [library, +handle]));
    const loaded = Object.values(LDSO.loadedLibsByName).filter(({ name }) => name !== MAIN);
    const libraries = loaded.map((library) => this.#describe(library, handles.get(library)));
    const known = libraries.length > 0 ? Object.entries(GOT) : [];
    return {
      libraries,
      tableLength: wasmTable.length,
      slots: this.#slots(libraries),
      free: [...freeTableIndexes],
      symbols: Object.fromEntries(known.map(([symbol, { value }]) => [symbol, value])),
    };
  }

  #describe(library: LoadedLibrary, handle: number | undefined): LibraryRecord {
    if (handle === undefined) throw new Error(`the library ${library.name} was loaded without a handle`);
    const special = Object.keys(library.exports).find((symbol) => /^__(em_js__|start_em_(asm|js)$)/.test(symbol));
    if (special) throw new Error(`the library ${library.name} brings JavaScript of its own (${special})`);
    const word = (offset: number) => this.#module.HEAPU32[(handle + offset) >>> 2] as number;
    return {
      name: library.name,
      handle,
      global: library.global,
      refcount: library.refcount === Infinity ? null : library.refcount,
      memoryBase: word(MEMORY_BASE),
      memorySize: word(MEMORY_SIZE),
      tableBase: word(TABLE_BASE),
      tableSize: word(TABLE_SIZE),
    };
  }

  /** The function in each slot that belongs neither to the interpreter nor to a library's own range. */
  #slots(libraries: LibraryRecord[]): LinkerRecord["slots"] {
    const { wasmTable, LDSO, freeTableIndexes } = this.#module;
    const wanted = new Set<number>();
    for (let index = this.#tableLength; index < wasmTable.length; index++) wanted.add(index);
    for (const { tableBase, tableSize } of libraries) {
      for (let index = tableBase; index < tableBase + tableSize; index++) wanted.delete(index);
    }
    for (const index of freeTableIndexes) wanted.delete(index);
    // The search below is slow: for an index, the linker first reads the whole table.
    if (wanted.size === 0) return [];
    const slots: LinkerRecord["slots"] = [];
    for (const { name, exports } of Object.values(LDSO.loadedLibsByName)) {
      for (const [symbol, value] of Object.entries(exports)) {
        if (typeof value !== "function") continue;
        const index = this.#module.getFunctionAddress(value);
        if (wanted.delete(index)) slots.push([index, name, symbol]);
      }
    }
    if (wanted.size > 0) throw new Error(`${wanted.size} functions in the table have no name`);
    return slots.sort(([one], [other]) => one - other);
  }

  /**
   * Restore what was recorded. The memory must hold the snapshot already.
   *
   * @param compiled is the code of each library, by its path.
   */
  reinstate(record: LinkerRecord, compiled: Map<string, WebAssembly.Module>): void {
    const { wasmTable, GOT, freeTableIndexes, HEAPU8 } = this.#module;
    if (wasmTable.length !== this.#tableLength || wasmTable.length > record.tableLength) {
      throw new Error("the table of functions is not as it was");
    }
    wasmTable.grow(record.tableLength - wasmTable.length);
    for (const [symbol, value] of Object.entries(record.symbols)) {
      GOT[symbol] ??= new WebAssembly.Global({ value: "i32", mutable: true });
      (GOT[symbol] as WebAssembly.Global).value = value;
    }
    for (const library of record.libraries) {
      const code = compiled.get(library.name);
      if (!code) throw new Error(`the library ${library.name} is missing`);
      // Instantiating overwrites the library's data with its initial values; the snapshot's are written back.
      const data = HEAPU8.slice(library.memoryBase, library.memoryBase + library.memorySize);
      this.#load(library, code);
      HEAPU8.set(data, library.memoryBase);
    }
    for (const slot of record.slots) this.#fill(...slot);
    freeTableIndexes.splice(0, freeTableIndexes.length, ...record.free);
  }

  #load(record: LibraryRecord, code: WebAssembly.Module): void {
    const { name, memoryBase, tableBase, tableSize, global, refcount, handle } = record;
    const own: Record<string, unknown> = {};
    const imports = this.#imports(own, memoryBase, tableBase);
    const instance = new WebAssembly.Instance(code, imports);
    this.#module.updateTableMap(tableBase, tableSize);
    Object.assign(own, this.#module.relocateExports(instance.exports, memoryBase));
    const library = this.#module.newDSO(name, handle ?? undefined, own);
    library.global = global;
    library.refcount = refcount ?? Infinity;
    if (global) this.#module.mergeLibSymbols(own, name);
  }

  /** What a library imports: its base addresses, the GOT, and functions, which are resolved at their first call. */
  #imports(own: Record<string, unknown>, memoryBase: number, tableBase: number): WebAssembly.Imports {
    const { LDSO, GOTHandler } = this.#module;
    const known = (LDSO.loadedLibsByName[MAIN] as LoadedLibrary).exports as Record<string, Linked & { stub?: boolean }>;
    const find = (symbol: string): Linked => {
      const shared = known[symbol];
      const found = shared && !shared.stub ? shared : (own[symbol] ?? this.#elsewhere(symbol));
      if (!found) throw new Error(`cannot resolve the symbol ${symbol}`);
      return found as Linked;
    };
    const functions = new Proxy({} as Record<string, unknown>, {
      get: (stubs, symbol: string) => {
        if (symbol === "__memory_base") return memoryBase;
        if (symbol === "__table_base") return tableBase;
        if (symbol in known && !known[symbol]?.stub) return known[symbol];
        let found: Linked | undefined;
        stubs[symbol] ??= (...given: unknown[]) => {
          found ??= find(symbol);
          return found(...given);
        };
        return stubs[symbol];
      },
    });
    // The handler looks up in the set which symbols are weak; none has to be, since all are resolved.
    const addresses = () => new Proxy(new Set(), GOTHandler);
    return {
      env: functions,
      wasi_snapshot_preview1: functions,
      "GOT.mem": addresses(),
      "GOT.func": addresses(),
    } as unknown as WebAssembly.Imports;
  }

  /** A symbol of a library that is not global: it was loaded because another one needs it. */
  #elsewhere(symbol: string): unknown {
    for (const { exports } of Object.values(this.#module.LDSO.loadedLibsByName)) {
      if (Object.hasOwn(exports, symbol)) return exports[symbol];
    }
    return undefined;
  }

  #fill(index: number, library: string, symbol: string): void {
    const { LDSO, freeTableIndexes } = this.#module;
    const linked = LDSO.loadedLibsByName[library]?.exports[symbol] as Linked | undefined;
    if (!linked) throw new Error(`${library} has no ${symbol}`);
    freeTableIndexes.push(index);
    if (this.#module.addFunction(linked, linked.sig) === index) return;
    freeTableIndexes.pop();
    this.#module.setWasmTableEntry(index, linked);
  }
}
