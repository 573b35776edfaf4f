/** Makes the browser's files readable from Python where they lie: each read slices the browser's File. */

import type { PyodideInterface } from "pyodide";

type FileSystem = PyodideInterface["FS"];
type Read = (...given: unknown[]) => number;

/** EIO, as Pyodide's C library counts. */
const INPUT_OUTPUT_ERROR = 29;

export class Files {
  readonly #fs: FileSystem;
  #mounted = 0;

  constructor(fs: FileSystem) {
    this.#fs = fs;
    const operations = fs.filesystems.WORKERFS.stream_ops;
    operations.read = failingAsC(operations.read, fs.ErrnoError);
  }

  /** Give a file a path, in a folder of its own. */
  mount(file: File): { path: string; name: string; size: number } {
    this.#mounted += 1;
    const folder = `/files/${this.#mounted}`;
    const name = file.name.replaceAll("/", "_") || "file";
    this.#fs.mkdirTree(folder);
    this.#fs.mount(this.#fs.filesystems.WORKERFS, { blobs: [{ name, data: file }] }, folder);
    return { path: `${folder}/${name}`, name: file.name, size: file.size };
  }
}

/**
 * A read that fails as C expects it. The browser refuses to read a file that has changed or gone since it was chosen;
 * its exception would go right through Python and break the interpreter, where this is an OSError in the script.
 */
function failingAsC(read: Read, ErrnoError: new (number: number) => Error): Read {
  return (...given) => {
    try {
      return read(...given);
    } catch {
      throw new ErrnoError(INPUT_OUTPUT_ERROR);
    }
  };
}
