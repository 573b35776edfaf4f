/** Fetching the files of a start one after another, with the line never idle. */
import type { FilesByAddress } from "./types.js";

/** A file to fetch, by its address, and who gets it. */
export type WantedFile = [address: string, provide: (file: Blob) => void];

/** Gets a file; `onBytes` hears how many more of its bytes have come. */
export type GetFile = (address: string, onBytes: (bytes: number) => void) => Promise<Blob>;

/** The part of its bytes that has come when a file is nearly here. */
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
   * Begin with some files, together. Resolves when they are nearly here: who then asks for what is needed next does not
   * leave the line idle until that begins to come.
   */
  async begin(wanted: WantedFile[]): Promise<void> {
    await Promise.all(wanted.map((each) => this.#beginOne(each)));
  }

  /** Resolves when all that was begun is here. */
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
