/** Makes the browser's files readable from Python where they lie: each read slices the browser's File. */

import type { PyodideInterface } from "pyodide";

export class Files {
  readonly #fs: PyodideInterface["FS"];
  #mounted = 0;

  constructor({ FS }: PyodideInterface) {
    this.#fs = FS;
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
