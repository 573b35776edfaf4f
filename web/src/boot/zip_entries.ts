/** The list of files in a zip, and where the bytes of each lie. */

/** A file in a zip. */
export interface ZipEntry {
  name: string;
  /** Where the entry's local header begins. */
  start: number;
  /** Bytes that it takes in the zip. */
  size: number;
  /** Whether these are the file's own; else they are deflated. */
  isStored: boolean;
}

const END = 0x06054b50;
const END_SIZE = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;
const STORED = 0;
/** Bytes that a local header may have after the name. */
const EXTRA = 64;

/** Read the list of a zip that has no comment, as ours. Throws if it is no such zip. */
export async function zipEntries(archive: Blob): Promise<ZipEntry[]> {
  const tail = new DataView(await archive.slice(-END_SIZE).arrayBuffer());
  if (tail.byteLength < END_SIZE || tail.getUint32(0, true) !== END) throw new Error("it is no archive");
  const count = tail.getUint16(10, true);
  const start = tail.getUint32(16, true);
  const table = await archive.slice(start, start + tail.getUint32(12, true)).arrayBuffer();
  const view = new DataView(table);
  const text = new TextDecoder();
  const entries: ZipEntry[] = [];
  for (let place = 0, found = 0; found < count; found++) {
    if (view.getUint32(place, true) !== CENTRAL) throw new Error("it is no archive");
    const length = view.getUint16(place + 28, true);
    entries.push({
      name: text.decode(new Uint8Array(table, place + CENTRAL_SIZE, length)),
      start: view.getUint32(place + 42, true),
      size: view.getUint32(place + 20, true),
      isStored: view.getUint16(place + 10, true) === STORED,
    });
    place += CENTRAL_SIZE + length + view.getUint16(place + 30, true) + view.getUint16(place + 32, true);
  }
  return entries;
}

/** From where to where an entry lies, with its local header. */
export function rangeOf(entry: ZipEntry): [start: number, end: number] {
  // In UTF-8 a character takes at most three bytes for each of its places in JavaScript.
  return [entry.start, entry.start + LOCAL_SIZE + entry.name.length * 3 + EXTRA + entry.size];
}

/** The bytes of an entry in those from its local header on. */
export function contentOf(entry: ZipEntry, piece: Uint8Array): Uint8Array {
  const view = new DataView(piece.buffer, piece.byteOffset);
  const start = LOCAL_SIZE + view.getUint16(26, true) + view.getUint16(28, true);
  return piece.subarray(start, start + entry.size);
}
