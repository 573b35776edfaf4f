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
 * Only the copy is made now; what the function returns does the rest, once there is time for it. Code of the page's may
 * have run by then, so it touches nothing that such code could have put something else in the place of.
 */
export function takeSnapshot(pyodide: PyodideInterface, linker: Linker): () => Snapshot {
  const api = apiOf(pyodide);
  const record = linker.record();
  // Asked for only now: from the start it would have Python see all of JavaScript through a recording proxy.
  api.config._makeSnapshot = true;
  const whole = api.makeSnapshot();
  api.config._makeSnapshot = false;
  const { Blob } = globalThis;
  const { length } = whole;
  const memory = whole.subarray(0, usedLength(whole)) as Uint8Array<ArrayBuffer>;
  const words = wordsOf(memory);
  return () => ({ memory: new Blob([memory]), length, sum: sumOf(words), linker: record });
}

/** The bytes to start from. Throws where they are not those that were taken. */
export async function readSnapshot({ memory, length, sum }: Snapshot): Promise<Uint8Array> {
  const bytes = new Uint8Array(await memory.arrayBuffer());
  if (bytes.length > length || sumOf(wordsOf(bytes)) !== sum) throw new SnapshotError("it is damaged");
  const whole = new Uint8Array(Math.ceil(length / MEMORY_PAGE) * MEMORY_PAGE);
  whole.set(bytes);
  return whole;
}

/** The length without the zeros at the end, in whole words. */
function usedLength(bytes: Uint8Array): number {
  const words = wordsOf(bytes);
  let used = words.length;
  while (used > 0 && words[used - 1] === 0) used--;
  return used * 4;
}

/** A sum over all words that changes with any of them: tells damage from what was taken, in milliseconds. */
function sumOf(words: Uint32Array): number {
  let sum = words.length;
  for (let index = 0; index < words.length; index++) sum = (Math.imul(sum, 31) + (words[index] as number)) | 0;
  return sum;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}
