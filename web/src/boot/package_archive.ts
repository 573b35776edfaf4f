/**
 * Archives of packages: zips whose entries are stored, not deflated. So each file of a package is a slice of the
 * archive, and nothing has to be unpacked.
 */

import { contentOf, rangeOf, type ZipEntry, zipEntries } from "./zip_entries.js";

export class PackageArchive {
  readonly #blob: Blob;
  readonly #entries: Map<string, ZipEntry>;
  #bytes: Uint8Array | null = null;

  private constructor(blob: Blob, entries: Map<string, ZipEntry>) {
    this.#blob = blob;
    this.#entries = entries;
  }

  /** Read the list of entries. Throws if it is no archive of a package. */
  static async open(blob: Blob): Promise<PackageArchive> {
    const entries = await zipEntries(blob);
    if (entries.some(({ isStored }) => !isStored)) {
      throw new Error("it is no archive of a package: its files are not stored as they are");
    }
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
    const entry = this.#entries.get(name) as ZipEntry;
    return contentOf(entry, new Uint8Array(await this.#blob.slice(...rangeOf(entry)).arrayBuffer()));
  }

  /** The paths of all its files. */
  get names(): string[] {
    return [...this.#entries.keys()].filter((name) => !name.endsWith("/"));
  }

  sizeOf(name: string): number {
    return (this.#entries.get(name) as ZipEntry).size;
  }

  /** The content of a file, without waiting. Unless `readWhole` was called, this works only in a worker. */
  readNow(name: string): Uint8Array {
    const entry = this.#entries.get(name) as ZipEntry;
    return contentOf(entry, this.#bytes?.subarray(...rangeOf(entry)) ?? readNow(this.#blob.slice(...rangeOf(entry))));
  }
}

/** The bytes of a blob, without waiting. Works only in a worker. */
export function readNow(blob: Blob): Uint8Array {
  return new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob));
}

/** Exists in workers only; the types for pages lack it. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
