/**
 * Snapshots: the memory of an interpreter that has imported Sidestage and the page's packages, taken once and put back at
 * each later start, so that nothing is imported again. Private to one version of Pyodide; whatever fails falls back to
 * the ordinary start.
 */
import type { PyodideInterface } from "pyodide";
import { condense, partsOf, putBack, sumOf } from "../../boot/snapshot_memory.js";
import type { Snapshot } from "../../boot/types.js";
import { apiOf, type Create, isUsable, moduleOf, NO_SNAPSHOTS, present, type Say } from "./internals.js";
import type { Linker } from "./linker.js";

/** A snapshot could not be put back; an ordinary start may well work. */
export class SnapshotError extends Error {
  override name = "SnapshotError";
}

/** The option of the loader that has it start from a snapshot. */
export const LOAD_SNAPSHOT = "_loadSnapshot";

/** Whether snapshots can be taken. */
export function canTakeSnapshots(pyodide: PyodideInterface, say: Say): boolean {
  return isUsable(say, "memory", NO_SNAPSHOTS, () => {
    present(moduleOf(pyodide), "HEAPU8", "object");
    present(moduleOf(pyodide), "growMemory", "function");
    present(apiOf(pyodide), "makeSnapshot", "function");
    present(apiOf(pyodide), "config", "object");
  });
}

/**
 * Take a snapshot. Python must hold no reference to an object of JavaScript that it did not have at its start.
 *
 * Only the copy is made now; what the function returns does the rest, once there is time for it.
 */
export function takeSnapshot(pyodide: PyodideInterface, linker: Linker): () => Snapshot {
  const api = apiOf(pyodide);
  const record = linker.record();
  const { length: size } = moduleOf(pyodide).HEAPU8;
  // Asked for only now: from the start it would have Python see all of JavaScript through a recording proxy.
  api.config._makeSnapshot = true;
  const whole = api.makeSnapshot() as Uint8Array<ArrayBuffer>;
  api.config._makeSnapshot = false;
  return () => {
    const memory = whole.subarray(-size);
    const parts = partsOf(memory);
    const kept = condense(memory, parts);
    return {
      memory: new Blob([kept]),
      parts,
      size,
      sum: sumOf(kept),
      libraries: record.libraries.map(({ name }) => name),
      state: whole.slice(0, -size),
      linker: JSON.stringify(record),
    };
  };
}

/**
 * Has each interpreter start with the memory of a snapshot. Pyodide would take that whole, from an array beside it; so it
 * is given the state alone, after which it looks for no memory.
 */
export function restoring(
  create: Create,
  { parts, size }: Omit<Snapshot, "memory">,
  supplied: Promise<Uint8Array>,
): Create {
  return async (settings) => {
    if (!settings.noInitialRun) throw new Error("the loader starts Python anew");
    settings.INITIAL_MEMORY = size;
    const module = await create(settings);
    const memory = await supplied;
    // Pyodide 314 is not told beforehand.
    if (module.HEAPU8.length < size) module.growMemory(size);
    putBack(module.HEAPU8, memory, parts);
    return module;
  };
}
