/** The memory in a snapshot: taken to pieces and summed up when it is kept, read and compared when it is put back. */
import type { Part, Snapshot } from "./types.js";

/** What is all zeros is left out in pieces of this size: the size of WebAssembly's own pages, in bytes. */
const PAGE = 65_536;
/** How much is summed up at a time, in bytes: the browser makes quick code of what is called again. */
const PIECE = 2 ** 18;

/** The parts of a memory that are not all zeros: about half of it. */
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

/** Move the parts of a memory together, to its beginning; returns that. */
export function condense(memory: Uint8Array<ArrayBuffer>, parts: Part[]): Uint8Array<ArrayBuffer> {
  let place = 0;
  for (const [start, end] of parts) {
    memory.copyWithin(place, start, end);
    place += end - start;
  }
  return memory.subarray(0, place);
}

/** Tells damage from what was taken, in milliseconds: it changes with any byte, and with the order of them. */
export function sumOf(bytes: Uint8Array): number {
  const sums: number[] = [];
  for (let start = 0; start < bytes.length; start += PIECE) {
    sums.push(...sumsOfWords(wordsOf(bytes.subarray(start, start + PIECE))));
  }
  const [sum, mixed] = sumsOfWords(Uint32Array.from(sums));
  // As much of both as a number holds.
  return (sum >>> 0) * 2 ** 21 + (mixed >>> 11);
}

/**
 * The bytes of a snapshot's memory, part after part.
 *
 * @throws where they cannot be read, or are not those that were taken.
 */
export async function readMemory({ memory, sum }: Snapshot): Promise<Uint8Array<ArrayBuffer>> {
  const read = new Uint8Array(await memory.arrayBuffer());
  if (sumOf(read) !== sum) throw new Error("it is damaged");
  return read;
}

/** Put the parts back where they belong; all the rest of the memory becomes zeros. */
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

/** Two sums, the second of which also tells the order. Whichever word is changed, the first one changes. */
function sumsOfWords(words: Uint32Array): [sum: number, mixed: number] {
  // In four lanes, which a processor adds up side by side.
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
