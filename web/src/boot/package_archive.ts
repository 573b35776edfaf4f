/**
 * Archives of packages: zips whose entries are stored, not deflated. So each file of a package is a slice of the
 * archive, and nothing has to be unpacked.
 */

interface Entry {
  name: string;
  /** Where the entry's local header begins. */
  start: number;
  size: number;
}

const END = 0x06054b50;
const END_SIZE = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;
const STORED = 0;
/** Bytes that a local header may have after the name. */
const EXTRA = 64;

export class PackageArchive {
  readonly #blob: Blob;
  readonly #entries: Map<string, Entry>;
  #bytes: Uint8Array | null = null;

  private constructor(blob: Blob, entries: Map<string, Entry>) {
    this.#blob = blob;
    this.#entries = entries;
  }

  /** Read the list of entries. Throws if it is no archive of a package. */
  static async open(blob: Blob): Promise<PackageArchive> {
    const entries = await directory(blob);
    return new PackageArchive(blob, new Map(entries.map((entry) => [entry.name, entry])));
  }

  /** Read the whole archive now. For a package that will be imported, which reads most of its files. */
  async readWhole(): Promise<void> {
    this.#bytes = new Uint8Array(await this.#blob.arrayBuffer());
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The content of a file. */
  async read(name: string): Promise<Uint8Array> {
    const entry = this.#entries.get(name) as Entry;
    return contentOf(entry, new Uint8Array(await this.#blob.slice(...range(entry)).arrayBuffer()));
  }

  /** The paths of all its files. */
  get names(): string[] {
    return [...this.#entries.keys()].filter((name) => !name.endsWith("/"));
  }

  sizeOf(name: string): number {
    return (this.#entries.get(name) as Entry).size;
  }

  /** The content of a file, without waiting. Unless `readWhole` was called, this works only in a worker. */
  readNow(name: string): Uint8Array {
    const entry = this.#entries.get(name) as Entry;
    return contentOf(entry, this.#bytes?.subarray(...range(entry)) ?? readNow(this.#blob.slice(...range(entry))));
  }
}

/** The bytes of a blob, without waiting. Works only in a worker. */
export function readNow(blob: Blob): Uint8Array {
  return new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob));
}

function range(entry: Entry): [start: number, end: number] {
  // In UTF-8 a character takes at most three bytes for each of its places in JavaScript.
  return [entry.start, entry.start + LOCAL_SIZE + entry.name.length * 3 + EXTRA + entry.size];
}

/** The content of an entry in the bytes from its local header on. */
function contentOf(entry: Entry, piece: Uint8Array): Uint8Array {
  const view = new DataView(piece.buffer, piece.byteOffset);
  const start = LOCAL_SIZE + view.getUint16(26, true) + view.getUint16(28, true);
  return piece.subarray(start, start + entry.size);
}

async function directory(archive: Blob): Promise<Entry[]> {
  const tail = new DataView(await archive.slice(-END_SIZE).arrayBuffer());
  if (tail.byteLength < END_SIZE || tail.getUint32(0, true) !== END) throw new Error("it is no archive of a package");
  const count = tail.getUint16(10, true);
  const start = tail.getUint32(16, true);
  const table = await archive.slice(start, start + tail.getUint32(12, true)).arrayBuffer();
  const view = new DataView(table);
  const text = new TextDecoder();
  const entries: Entry[] = [];
  for (let place = 0, found = 0; found < count; found++) {
    if (view.getUint32(place, true) !== CENTRAL || view.getUint16(place + 10, true) !== STORED) {
      throw new Error("it is no archive of a package: its files are not stored as they are");
    }
    const length = view.getUint16(place + 28, true);
    entries.push({
      name: text.decode(new Uint8Array(table, place + CENTRAL_SIZE, length)),
      start: view.getUint32(place + 42, true),
      size: view.getUint32(place + 24, true),
    });
    place += CENTRAL_SIZE + length + view.getUint16(place + 30, true) + view.getUint16(place + 32, true);
  }
  return entries;
}

/** Exists in workers only; the types for pages lack it. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
