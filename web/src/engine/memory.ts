/** The memory in a snapshot: taken to pieces and summed up when it is kept, read and compared when it is put back. */
import type { Snapshot } from "./boot.js";

/** A part of the memory, in bytes. */
export type Part = [start: number, end: number];

/** What is all zeros is left out in pieces of this size: the size of WebAssembly's own pages, in bytes. */
const PAGE = 65_536;
/** How much is read and summed up at a time, in bytes: milliseconds of the page's thread, where that has to do it. */
const PIECE = 2 ** 22;

/** The parts of a memory that are not all zeros: about half of it. None is longer than a piece. */
export function partsOf(memory: Uint8Array): Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < memory.length; start += PAGE) {
    const end = Math.min(start + PAGE, memory.length);
    if (wordsOf(memory.subarray(start, end)).every((word) => word === 0)) continue;
    const last = parts.at(-1);
    if (last && last[1] === start && end - last[0] <= PIECE) last[1] = end;
    else parts.push([start, end]);
  }
  return parts;
}

/** Tells damage from what was taken, in milliseconds: it changes with any byte, and with the order of them. */
export function sumOf(parts: Uint8Array[]): number {
  const [sum, mixed] = sumsOfWords(Uint32Array.from(parts.flatMap((part) => sumsOfWords(wordsOf(part)))));
  // As much of both as a number holds.
  return (sum >>> 0) * 2 ** 21 + (mixed >>> 11);
}

/**
 * The bytes of each part of a snapshot's memory.
 *
 * @throws where they cannot be read, or are not those that were taken.
 */
export async function readMemory({ memory, parts, sum }: Snapshot): Promise<Uint8Array<ArrayBuffer>[]> {
  let place = 0;
  const pieces = parts.map(([start, end]) => {
    const piece = memory.slice(place, place + end - start);
    place += piece.size;
    return piece.arrayBuffer();
  });
  const read = (await Promise.all(pieces)).map((buffer) => new Uint8Array(buffer));
  if (sumOf(read) !== sum) throw new Error("it is damaged");
  return read;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}

/** Two sums, the second of which also tells the order. Whichever word is changed, the first one changes. */
function sumsOfWords(words: Uint32Array): [sum: number, mixed: number] {
  let sum = words.length;
  let mixed = 0;
  for (let index = 0; index < words.length; index++) {
    sum = (sum + (words[index] as number)) | 0;
    mixed = (mixed + sum) | 0;
  }
  return [sum, mixed];
}
