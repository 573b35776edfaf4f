/**
 * Snapshots: the memory of an interpreter that has imported Sidestage and the page's packages, taken once and put back at
 * each later start, so that nothing is imported again. Private to one version of Pyodide; whatever fails falls back to
 * the ordinary start.
 */
import type { PyodideInterface } from "pyodide";
import type { Snapshot } from "../engine/boot.js";
import { apiOf } from "./internals.js";
import type { Linker } from "./libraries.js";

/** A snapshot could not be put back; an ordinary start may well work. */
export class SnapshotError extends Error {
  override name = "SnapshotError";
}

/** WebAssembly's memory grows in pages of this size, in bytes. */
const MEMORY_PAGE = 65_536;

/**
 * Take a snapshot. Python must hold no reference to an object of JavaScript that it did not have at its start.
 *
 * Only the copy is made now; what the function returns does the rest, once there is time for it.
 */
export function takeSnapshot(pyodide: PyodideInterface, linker: Linker): () => Snapshot {
  const api = apiOf(pyodide);
  const record = linker.record();
  // Asked for only now: from the start it would have Python see all of JavaScript through a recording proxy.
  api.config._makeSnapshot = true;
  const whole = api.makeSnapshot();
  api.config._makeSnapshot = false;
  const padding = new Uint8Array(-whole.length & (MEMORY_PAGE - 1));
  const words = wordsOf(whole);
  return () => ({
    memory: new Blob([whole as Uint8Array<ArrayBuffer>, padding]),
    sum: sumOf(words, words.length + padding.length / 4),
    linker: record,
  });
}

/** The bytes to start from. Throws where they are not those that were taken. */
export async function readSnapshot({ memory, sum }: Snapshot): Promise<Uint8Array> {
  const bytes = new Uint8Array(await memory.arrayBuffer());
  const words = wordsOf(bytes);
  if (sumOf(words, words.length) !== sum) throw new SnapshotError("it is damaged");
  return bytes;
}

/**
 * A sum over all words, of which those that are missing at the end are zeros: it changes with any of them, and so tells
 * damage from what was taken, in milliseconds.
 */
function sumOf(words: Uint32Array, count: number): number {
  let sum = count;
  let mixed = 0;
  for (let index = 0; index < words.length; index++) {
    sum = (sum + (words[index] as number)) | 0;
    mixed = (mixed + sum) | 0;
  }
  // A word that is missing adds nothing to the first, and the first to the second.
  return (sum ^ Math.imul(mixed + Math.imul(sum, count - words.length), 31)) | 0;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}
