/**
 * The memory in a snapshot: divided into parts with a checksum when it is kept, checked and restored at the next start.
 */
import type { Part, Snapshot } from "./types.js";

/** Pieces of this size that hold only zeros are left out. It is the size of WebAssembly's pages, in bytes. */
const PAGE = 65_536;
/** Bytes that are summed in one call: with several calls, the browser soon optimizes the loop. */
const PIECE = 2 ** 18;

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

/** A checksum. It depends on every byte and on their order, and takes milliseconds. */
export function sumOf(bytes: Uint8Array): number {
  const sums: number[] = [];
  for (let start = 0; start < bytes.length; start += PIECE) {
    sums.push(...sumsOfWords(wordsOf(bytes.subarray(start, start + PIECE))));
  }
  const [sum, mixed] = sumsOfWords(Uint32Array.from(sums));
  // A number holds 53 bits: all of the one, and most of the other.
  return (sum >>> 0) * 2 ** 21 + (mixed >>> 11);
}

/**
 * Read the bytes of a snapshot's memory, one part after another.
 *
 * @throws if they cannot be read, or differ from those that were kept.
 */
export async function readMemory({ memory, sum }: Snapshot): Promise<Uint8Array<ArrayBuffer>> {
  const read = new Uint8Array(await memory.arrayBuffer());
  if (sumOf(read) !== sum) throw new Error("it is damaged");
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

/** Two sums: the first changes if any one word changes, the second also depends on the order of the words. */
function sumsOfWords(words: Uint32Array): [sum: number, mixed: number] {
  // Four sums, which a processor can add in parallel.
  let [one, two, three, four] = [words.length, 0, 0, 0];
  let mixed = 0;
  const whole = words.length & ~3;
  for (let index = 0; index < whole; index += 4) {
    one = (one + (words[index] as number)) | 0;
    two = (two + (words[index + 1] as number)) | 0;
    three = (three + (words[index + 2] as number)) | 0;
    four = (four + (words[index + 3] as number)) | 0;
    mixed = (mixed + one + Math.imul(two, 3) + Math.imul(three, 5) + Math.imul(four, 7)) | 0;
  }
  for (let index = whole; index < words.length; index++) {
    one = (one + (words[index] as number)) | 0;
    mixed = (mixed + one) | 0;
  }
  return [one ^ two ^ three ^ four, mixed];
}
