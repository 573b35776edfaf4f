/**
 * Snapshots: the memory of an interpreter that has imported Sidestage and the page's packages. It is taken once and
 * restored at each later start, which then imports nothing. A snapshot fits only the version of Pyodide that made it.
 */
import type { PyodideInterface } from "pyodide";
import { condense, hashOf, partsOf, putBack } from "../../boot/snapshot_memory.js";
import type { Snapshot } from "../../boot/types.js";
import { apiOf, type Create, isUsable, moduleOf, NO_SNAPSHOTS, present, type Say } from "./internals.js";
import type { Linker } from "./linker.js";

/** A snapshot could not be restored. The page then starts Python the ordinary way. */
export class SnapshotError extends Error {
  override name = "SnapshotError";
}

/** The option of the loader for a snapshot to start from. */
export const LOAD_SNAPSHOT = "_loadSnapshot";

/** Whether a snapshot of this interpreter can be taken. */
export function canTakeSnapshots(pyodide: PyodideInterface, say: Say): boolean {
  return isUsable(say, "memory", NO_SNAPSHOTS, () => {
    present(moduleOf(pyodide), "HEAPU8", "object");
    present(moduleOf(pyodide), "growMemory", "function");
    present(apiOf(pyodide), "makeSnapshot", "function");
    present(apiOf(pyodide), "config", "object");
  });
}

/**
 * Take a snapshot. Python must hold no reference to a JavaScript object that it did not have at its start.
 */
export async function takeSnapshot(pyodide: PyodideInterface, linker: Linker): Promise<Snapshot> {
  const api = apiOf(pyodide);
  const record = linker.record();
  const { length: size } = moduleOf(pyodide).HEAPU8;
  // Set only now: if it is set when Pyodide starts, Python gets all of JavaScript through a recording proxy.
  api.config._makeSnapshot = true;
  const whole = api.makeSnapshot() as Uint8Array<ArrayBuffer>;
  api.config._makeSnapshot = false;
  const memory = whole.subarray(-size);
  const parts = partsOf(memory);
  const kept = condense(memory, parts);
  return {
    memory: new Blob([kept]),
    parts,
    size,
    hash: await hashOf(kept),
    libraries: record.libraries.map(({ name }) => name),
    state: whole.slice(0, -size),
    linker: JSON.stringify(record),
  };
}

/**
 * Have interpreters created with the memory of a snapshot. Pyodide itself restores a memory only from one whole array.
 * So it is given the snapshot's head without the memory, and the memory is written here, part by part.
 *
 * @param supplied are the bytes of the parts.
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
    // Pyodide 314 ignores the initial size.
    if (module.HEAPU8.length < size) module.growMemory(size);
    putBack(module.HEAPU8, memory, parts);
    return module;
  };
}
