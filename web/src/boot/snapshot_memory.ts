/** The memory in a snapshot: divided into parts with a hash when it is kept, checked and restored at the next start. */
import { createXXHash64 } from "hash-wasm";
import type { Part, Snapshot } from "./types.js";

/** Pieces of this size that hold only zeros are left out. It is the size of WebAssembly's pages, in bytes. */
const PAGE = 65_536;

/** The parts of a memory that hold more than zeros: about half of it. */
export function partsOf(memory: Uint8Array): Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < memory.length; start += PAGE) {
    const end = Math.min(start + PAGE, memory.length);
    if (wordsOf(memory.subarray(start, end)).every((word) => word === 0)) continue;
    const last = parts.at(-1);
    if (last && last[1] === start) last[1] = end;
    else parts.push([start, end]);
  }
  return parts;
}

/** Move the parts of a memory to its beginning, one after another; returns these bytes. */
export function condense(memory: Uint8Array<ArrayBuffer>, parts: Part[]): Uint8Array<ArrayBuffer> {
  let place = 0;
  for (const [start, end] of parts) {
    memory.copyWithin(place, start, end);
    place += end - start;
  }
  return memory.subarray(0, place);
}

/** A quick hash that shows damage. It does not protect against people. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  return (await createXXHash64()).update(bytes).digest();
}

/**
 * Read the bytes of a snapshot's memory, one part after another.
 *
 * @throws if they cannot be read, or differ from those that were kept.
 */
export async function readMemory({ memory, hash }: Snapshot): Promise<Uint8Array<ArrayBuffer>> {
  const read = new Uint8Array(await memory.arrayBuffer());
  if ((await hashOf(read)) !== hash) throw new Error("it is damaged");
  return read;
}

/** Write the parts to their places in a memory, and zeros between them. */
export function putBack(memory: Uint8Array, bytes: Uint8Array, parts: Part[]): void {
  let place = 0;
  let taken = 0;
  for (const [start, end] of parts) {
    const size = end - start;
    memory.fill(0, place, start).set(bytes.subarray(taken, taken + size), start);
    taken += size;
    place = end;
  }
  memory.fill(0, place);
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}
