/** Fetches the files of a start one after another, without a pause between them. */
import type { FilesByAddress } from "./types.js";

/** The address of a file to fetch, and a function that is called with the file. */
export type WantedFile = [address: string, provide: (file: Blob) => void];

/** Fetches a file; `onBytes` is called with the number of bytes that have come each time. */
export type GetFile = (address: string, onBytes: (bytes: number) => void) => Promise<Blob>;

/** The share of its bytes after which a file counts as nearly here. */
const NEARLY = 0.9;

export class OrderedFetch {
  readonly #get: GetFile;
  readonly #sizeOf: (address: string) => number;
  readonly #files: FilesByAddress = new Map();
  readonly #begun: Promise<void>[] = [];

  constructor(get: GetFile, sizeOf: (address: string) => number) {
    this.#get = get;
    this.#sizeOf = sizeOf;
  }

  /**
   * Begin to fetch some files, together. Resolves when they are nearly here. If the caller then begins with the next
   * files, there is no pause between them.
   */
  async begin(wanted: WantedFile[]): Promise<void> {
    await Promise.all(wanted.map((each) => this.#beginOne(each)));
  }

  /** Resolves with all files when they are here. */
  async whole(): Promise<FilesByAddress> {
    await Promise.all(this.#begun);
    return this.#files;
  }

  #beginOne([address, provide]: WantedFile): Promise<void> {
    return new Promise((resolve, reject) => {
      let left = NEARLY * this.#sizeOf(address);
      const come = this.#get(address, (bytes) => {
        left -= bytes;
        if (left <= 0) resolve();
      }).then((file) => {
        this.#files.set(address, file);
        provide(file);
      });
      this.#begun.push(come);
      come.then(resolve, reject);
    });
  }
}
